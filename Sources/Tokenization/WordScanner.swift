/// BERT's basic tokenizer: reads the words of a text one after the other.
///
/// The text is lower-cased as a whole first, as the released CLIP code does, so that a capital
/// sigma sees its neighbours in the raw text. Nothing is read beyond the words that are asked for,
/// except by a sigma.
struct WordScanner {
  /// The scalars of the word that ``advance()`` found.
  private(set) var word: [UInt32] = []

  private let table = ScalarTable.shared
  private let text: String.UnicodeScalarView
  private var position: String.UnicodeScalarView.Index
  /// The units of an expansion, to be read before the text goes on.
  private var pending: [ScalarUnit] = []
  private var pendingPosition = 0
  /// A word of one scalar that ended the word before.
  private var held: UInt32?

  /// A scanner at the start of a text.
  init(_ text: String) {
    self.text = text.unicodeScalars
    position = self.text.startIndex
  }

  /// Reads the next word into ``word``.
  ///
  /// - Returns: false at the end of the text.
  mutating func advance() -> Bool {
    word.removeAll(keepingCapacity: true)
    if let scalar = held {
      held = nil
      word.append(scalar)
      return true
    }
    readWord()
    return !word.isEmpty
  }

  /// Reads units into ``word`` until one ends it.
  @inline(__always)
  private mutating func readWord() {
    // Where the run of marks begins whose canonical order isn't settled yet.
    var firstMark = 0
    while let unit = nextUnit() {
      switch unit.kind {
      case .letter:
        orderMarks(from: firstMark)
        word.append(unit.value)
        firstMark = word.count
      case .isolated:
        orderMarks(from: firstMark)
        guard word.isEmpty else {
          held = unit.value
          return
        }
        word.append(unit.value)
        return
      case .space where !word.isEmpty:
        orderMarks(from: firstMark)
        return
      case .barrier:
        orderMarks(from: firstMark)
        firstMark = word.count
      case .mark: word.append(unit.value)
      case .space, .gone, .capitalSigma, .expansion, .computed: break
      }
    }
    orderMarks(from: firstMark)
  }

  /// The next unit that is no expansion and no capital sigma, or nil at the end of the text.
  @inline(__always)
  private mutating func nextUnit() -> ScalarUnit? {
    while true {
      if pendingPosition < pending.count {
        pendingPosition += 1
        return pending[pendingPosition - 1]
      }
      guard position < text.endIndex else { return nil }
      let start = position
      let scalar = text[position]
      text.formIndex(after: &position)
      let unit = table.unit(of: scalar)
      switch unit.kind {
      case .expansion, .computed:
        pending = table.expansion(of: unit, for: scalar)
        pendingPosition = 0
      case .capitalSigma:
        return ScalarUnit(.letter, isFinal(sigmaAt: start) ? 0x3C2 : 0x3C3)
      default:
        return unit
      }
    }
  }

  /// Whether the capital sigma at `index` ends a word: a cased letter comes before and none after,
  /// case-ignorable scalars aside.
  ///
  /// Source: The Unicode Standard, section 3.13, table 3-17, `Final_Sigma`.
  private func isFinal(sigmaAt index: String.UnicodeScalarView.Index) -> Bool {
    let isDecisive = { (scalar: Unicode.Scalar) in !scalar.properties.isCaseIgnorable }
    guard let before = text[..<index].last(where: isDecisive), before.properties.isCased else {
      return false
    }
    let after = text[text.index(after: index)...].first(where: isDecisive)
    return after?.properties.isCased != true
  }

  /// Sorts the marks at the word's end by combining class; those of one class keep their order.
  ///
  /// Source: The Unicode Standard, section 3.11, D109, the canonical ordering algorithm.
  @inline(__always)
  private mutating func orderMarks(from firstMark: Int) {
    guard word.count > firstMark + 1 else { return }
    let marks = word[firstMark...].enumerated().map { (position, mark) in
      (mark: mark, rank: Int(Self.combiningClass(of: mark)) << 32 | position)
    }
    word.replaceSubrange(firstMark..., with: marks.sorted { $0.rank < $1.rank }.map(\.mark))
  }

  private static func combiningClass(of scalar: UInt32) -> UInt8 {
    Unicode.Scalar(scalar)?.properties.canonicalCombiningClass.rawValue ?? 0
  }
}
