import Foundation

/// Maps characters that mean the same to one: full to half width, capitals to small letters,
/// traditional to simplified, compatibility forms to common ones.
///
/// The mapping is NFKC's as far as that gives one character for one, and goes beyond it in dashes,
/// brackets, quotation marks (dropped), middle dots and the traditional characters of the table.
/// Characters beyond the basic plane become U+FFFD.
package struct CharacterFolding: Sendable {
  /// What dropped characters map to.
  static let dropped: UInt16 = 0
  /// A space, of whatever width.
  static let space: UInt16 = 0x20

  /// The folded character for each one of the basic plane; 65,536 entries.
  private var table: [UInt16]

  /// Makes the mapping.
  ///
  /// - Parameter traditional: pairs of a traditional and its simplified character.
  package init(traditional: [(UInt16, UInt16)]) {
    table = (0..<0x10000).map { UInt16($0) }
    for range in [
      0x2E80...0x2FDF, 0x3300...0x33FF, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFFEF,
    ] {
      for code in range { table[code] = Self.compatible(code) }
    }
    // Pairs first: what follows folds their results no further.
    for (from, to) in traditional { table[Int(from)] = to }
    for code in 0x41...0x5A { table[code] = UInt16(code + 0x20) }
    for code in 0xFF21...0xFF3A { table[code] = UInt16(code - 0xFF21 + 0x61) }
    for code in [0x09, 0x0B, 0x0C, 0xA0, 0x3000] + Array(0x2000...0x200A) {
      table[code] = Self.space
    }
    for code in [0x0D, 0x85, 0x2028, 0x2029] { table[code] = 0x0A }
    for code in [0xAD, 0xFEFF, 0x22, 0xFF02] + Array(0x200B...0x200F) + Array(0x2060...0x2064)
      + Array(0xFE00...0xFE0F) + Array(0x2018...0x201F) + Array(0x300C...0x300F)
    {
      table[code] = Self.dropped
    }
    for code in [0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFF0D, 0xFE63] { table[code] = 0x2D }
    for code in [0xB7, 0x2022, 0x30FB, 0xFF65] { table[code] = 0x3001 }
    for code in [0x3010, 0x5B, 0xFF3B, 0x3014] { table[code] = 0x28 }
    for code in [0x3011, 0x5D, 0xFF3D, 0x3015] { table[code] = 0x29 }
    table[0x2236] = 0x3A
  }

  /// The folded character.
  subscript(_ scalar: Unicode.Scalar) -> UInt16 {
    scalar.value < 0x10000 ? table[Int(scalar.value)] : 0xFFFD
  }

  /// A text of the table, folded as reports are.
  ///
  /// - Parameter text: a term or a cue.
  /// - Returns: its characters; spaces stay between letters or digits only.
  package func folded(_ text: String) -> [UInt16] {
    var result: [UInt16] = []
    var hasSpace = false
    for scalar in text.unicodeScalars {
      let code = self[scalar]
      if code == Self.dropped { continue }
      if code == Self.space {
        hasSpace = true
        continue
      }
      if hasSpace, let last = result.last, last.isWordCharacter, code.isWordCharacter {
        result.append(Self.space)
      }
      hasSpace = false
      result.append(code)
    }
    return result
  }

  /// The one character that a compatibility form stands for, or itself.
  private static func compatible(_ code: Int) -> UInt16 {
    guard let scalar = Unicode.Scalar(UInt32(code)) else { return UInt16(code) }
    let forms = String(scalar).precomposedStringWithCompatibilityMapping.unicodeScalars
    guard forms.count == 1, let form = forms.first, form.value < 0x10000 else {
      return UInt16(code)
    }
    return UInt16(form.value)
  }
}

extension UInt16 {
  /// Whether it is a small letter of ASCII; folded texts have no capitals.
  var isLetter: Bool { (0x61...0x7A).contains(self) }
  /// Whether it is a decimal digit.
  var isDigit: Bool { (0x30...0x39).contains(self) }
  /// Whether it is a letter or a digit of ASCII.
  var isWordCharacter: Bool { isLetter || isDigit }
}
