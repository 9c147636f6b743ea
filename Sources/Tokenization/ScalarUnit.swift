import Foundation

/// What one scalar of a text becomes when BERT's basic tokenizer has cleaned, lower-cased,
/// decomposed and stripped it.
///
/// One scalar gives any number of units. Every rule here looks at one scalar alone; the two that
/// look further, the final sigma and the canonical order of marks, are ``WordScanner``'s.
struct ScalarUnit: Equatable, Sendable {
  /// What a unit does to the word in hand.
  enum Kind: UInt8, Sendable {
    /// Joins the word.
    case letter
    /// Ends the word in hand and is a word of its own: punctuation, or an ideograph.
    case isolated
    /// Ends the word.
    case space
    /// Leaves no trace: a control character, or an accent.
    case gone
    /// A stripped mark of combining class 0: it is gone too, but marks are never reordered across
    /// it.
    case barrier
    /// Joins the word at its place in the canonical order: a spacing mark of combining class above
    /// 0.
    case mark
    /// U+03A3, which becomes σ or ς, as its neighbours say.
    case capitalSigma
    /// More than one unit: ``ScalarUnit/value`` is an index into the table's expansions.
    case expansion
    /// Not in the table: to be computed.
    case computed
  }

  /// The scalar that is left, or an index into the expansions.
  var value: UInt32
  /// What the unit does.
  var kind: Kind

  /// The unit of a scalar.
  init(_ kind: Kind, _ value: UInt32 = 0) {
    self.kind = kind
    self.value = value
  }
}

extension ScalarUnit {
  /// The units of one scalar.
  ///
  /// Lower case (all of a scalar's special casing except the final sigma), then: U+0000, U+FFFD and
  /// categories Cc and Cf vanish; tab, line feed, carriage return and categories Zs, Zl and Zp are
  /// spaces; ideographs are words; the rest is decomposed canonically (NFD), loses its marks of
  /// category Mn, and punctuation (category P and the ASCII symbols) is isolated.
  ///
  /// Source: Google's `tokenization.py` of BERT (2018), `BasicTokenizer`. Zl and Zp aren't in its
  /// list of white space, but Python's `str.split()`, which ends the work, splits at them.
  static func units(of scalar: Unicode.Scalar) -> [ScalarUnit] {
    if scalar == "Σ" { return [ScalarUnit(.capitalSigma)] }
    if isUnifiedIdeograph(scalar.value) { return [ScalarUnit(.isolated, scalar.value)] }
    return scalar.properties.lowercaseMapping.unicodeScalars.flatMap(units(ofLowerCase:))
  }

  private static func units(ofLowerCase scalar: Unicode.Scalar) -> [ScalarUnit] {
    switch scalar {
    case "\t", "\n", "\r": return [ScalarUnit(.space)]
    case "\0", "\u{FFFD}": return [ScalarUnit(.gone)]
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format: return [ScalarUnit(.gone)]
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: return [ScalarUnit(.space)]
    default: break
    }
    let decomposed = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
    guard !isIdeograph(scalar.value) else {
      return decomposed.map { ScalarUnit(.isolated, $0.value) }
    }
    return decomposed.map(unit(ofDecomposed:))
  }

  private static func unit(ofDecomposed scalar: Unicode.Scalar) -> ScalarUnit {
    let isStarter = scalar.properties.canonicalCombiningClass == .notReordered
    if scalar.properties.generalCategory == .nonspacingMark {
      return ScalarUnit(isStarter ? .barrier : .gone)
    }
    if isPunctuation(scalar) { return ScalarUnit(.isolated, scalar.value) }
    return ScalarUnit(isStarter ? .letter : .mark, scalar.value)
  }

  /// Whether BERT calls the scalar punctuation: category P, or an ASCII character that is no
  /// letter, digit, space or control, such as `$` and `^`.
  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 33...47, 58...64, 91...96, 123...126: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  /// Whether BERT calls the scalar Chinese: the ideographs known in 2018, no kana, no Hangul.
  private static func isIdeograph(_ value: UInt32) -> Bool {
    switch value {
    case 0xF900...0xFAFF, 0x2F800...0x2FA1F: true
    default: isUnifiedIdeograph(value)
    }
  }

  /// Whether the scalar is one of BERT's ideographs that stay as they are in every normal form.
  ///
  /// The ranges end where the published code ends them: U+2A6E0–2A6FF, extension F's U+2CEB0 and
  /// all later extensions aren't in.
  private static func isUnifiedIdeograph(_ value: UInt32) -> Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
      0x2B740...0x2B81F, 0x2B820...0x2CEAF:
      true
    default: false
    }
  }
}
