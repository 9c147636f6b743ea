extension ReportScan {
  /// A ratio's value as a report states it.
  struct Value {
    /// The ratio; where it has changed (0.3→0.8) the last.
    var ratio: Double
    /// The eye that is named beside it; nil where none is.
    var eye: Eye?
    /// The place of the value among the folded characters, its eye included.
    var range: Range<Int>
  }

  /// The values behind a ratio's name: one, or one for each eye as in `C/D：右0.8左0.3`.
  ///
  /// - Parameter end: where the name ends.
  /// - Returns: the values in their order; empty where no number stands there.
  func values(after end: Int) -> [Value] {
    guard let first = value(skip(Self.fillers, end, atMost: 4)) else { return [] }
    var values = [first]
    while let last = values.last {
      let start = skip(Self.separators, last.range.upperBound, atMost: 2)
      guard values.count < 4, let next = value(start), next.eye != nil else { break }
      values.append(next)
    }
    return values
  }

  /// What may stand before a number: 约 为 均 由 从 = < > ≈ ≥ : / and a space.
  private static let fillers: [UInt16] = [
    0x7EA6, 0x4E3A, 0x5747, 0x7531, 0x4ECE, 0x3D, 0x3C, 0x3E, 0x2248, 0x2265, 0x3A, 0x2F, 0x20,
  ]
  /// What may stand between the eyes' values: , 、 ; / and a space.
  private static let separators: [UInt16] = [0x2C, 0x3001, 0x3B, 0x2F, 0x20]

  /// The eyes' names, long ones first.
  private static let eyes: [(text: [UInt16], eye: Eye)] = {
    let names: [(Eye, [String])] = [
      (.right, ["右眼", "右", "od", "r"]), (.left, ["左眼", "左", "os", "l"]),
      (.both, ["双眼", "双", "ou"]),
    ]
    return names.flatMap { eye, texts in texts.map { (Array($0.utf16), eye) } }
  }()

  /// What says that the ratio before it is past and the one behind it the present one.
  private static let changes: [[UInt16]] = [
    "→", "⇒", "->", "=>", "增至", "升至", "变为", "增加至", "增加到", "增大至", "增大到", "扩大至", "扩大到", "进展至",
    "进展到", "减至", "降至",
  ].map { Array($0.utf16) }

  /// A number at a place, with the eye before it or in brackets behind it.
  private func value(_ start: Int) -> Value? {
    var position = start
    var eye: Eye?
    if let (named, end) = self.eye(start) {
      eye = named
      position = skip(Self.fillers, end, atMost: 3)
    } else if character(start) == 0x28 {
      position = skip(Self.fillers, start + 1, atMost: 3)
    }
    guard var (ratio, end) = number(position) else { return nil }
    while let change = Self.changes.first(where: { has($0, at: end) }),
      let (latest, latestEnd) = number(skip(Self.fillers, end + change.count, atMost: 2))
    {
      (ratio, end) = (latest, latestEnd)
    }
    if eye == nil, let (named, bracketEnd) = self.eye(end), character(end) == 0x28 {
      (eye, end) = (named, bracketEnd)
    }
    return Value(ratio: ratio, eye: eye, range: start..<end)
  }

  /// An eye's name at a place, perhaps in brackets, and its end.
  private func eye(_ start: Int) -> (Eye, Int)? {
    let hasBracket = character(start) == 0x28
    let position = hasBracket ? start + 1 : start
    guard let name = Self.eyes.first(where: { has($0.text, at: position) }) else { return nil }
    let end = position + name.text.count
    let isLatin = name.text[0].isLetter
    guard !isLatin || !character(end).isLetter else { return nil }
    if hasBracket { return character(end) == 0x29 ? (name.eye, end + 1) : nil }
    return (name.eye, end)
  }

  /// The number from 0 to 1 at a place and its end: 0.8, .8 or 8/10.
  private func number(_ start: Int) -> (Double, Int)? {
    let whole = digits(start, atMost: 2)
    if character(whole.end) == 0x2F {
      let parts = digits(whole.end + 1, atMost: 2)
      let isDate = character(parts.end) == 0x2F || character(parts.end).isDigit
      guard whole.end > start, (2...10).contains(parts.value), whole.value <= parts.value, !isDate
      else { return nil }
      return (rounded(Double(whole.value) / Double(parts.value)), parts.end)
    }
    guard whole.end - start <= 1, whole.value <= 1, character(whole.end) == 0x2E else { return nil }
    let tenths = digits(whole.end + 1, atMost: 6)
    guard tenths.end > whole.end + 1 else { return nil }
    var unit = 1.0
    for _ in whole.end + 1..<tenths.end { unit *= 10 }
    return (rounded(Double(whole.value) + Double(tenths.value) / unit), tenths.end)
  }

  /// Tenths in binary are inexact: 0.6 must reach a threshold of 0.6.
  private func rounded(_ ratio: Double) -> Double { (ratio * 1000).rounded() / 1000 }

  /// The decimal digits at a place as a number, and their end.
  private func digits(_ start: Int, atMost count: Int) -> (value: Int, end: Int) {
    var value = 0
    var end = start
    while end < start + count, character(end).isDigit {
      value = value * 10 + Int(character(end) - 0x30)
      end += 1
    }
    return (value, end)
  }

  /// The first place from `start` on that holds none of some characters.
  private func skip(_ skipped: [UInt16], _ start: Int, atMost count: Int) -> Int {
    var position = start
    while position < start + count, skipped.contains(character(position)) { position += 1 }
    return position
  }

  /// Whether a text stands at a place.
  private func has(_ text: [UInt16], at start: Int) -> Bool {
    text.indices.allSatisfy { character(start + $0) == text[$0] }
  }

  /// The folded character at a place; 0 beyond the end.
  private func character(_ position: Int) -> UInt16 {
    position < count ? characters[position] : CharacterFolding.dropped
  }
}
