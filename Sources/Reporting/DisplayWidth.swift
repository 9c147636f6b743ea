/// How many columns of a terminal a text takes.
extension StringProtocol {
  /// The sum of the characters' widths: 2 for Chinese, Japanese and Korean ones and emoji, 0 for
  /// combining marks on their own, 1 for the rest.
  var displayWidth: Int {
    reduce(0) { $0 + $1.displayWidth }
  }

  /// The text with spaces after it, or before it, up to a width; longer texts stay as they are.
  func padded(to width: Int, alignment: ReportColumn.Alignment) -> String {
    let space = String(repeating: " ", count: Swift.max(0, width - displayWidth))
    return alignment == .leading ? self + space : space + self
  }

  /// The text, or its beginning and `…` where it is wider than `width`.
  func truncated(toDisplayWidth width: Int) -> String {
    guard displayWidth > width else { return String(self) }
    var (text, used) = ("", 1)
    for character in self {
      used += character.displayWidth
      guard used <= width else { break }
      text.append(character)
    }
    return text + "…"
  }
}

extension Character {
  /// The width of the character's widest scalar; an emoji presentation selector makes it 2.
  fileprivate var displayWidth: Int {
    unicodeScalars.reduce(0) { width, scalar in
      scalar.value == 0xfe0f && width > 0 ? 2 : Swift.max(width, scalar.displayWidth)
    }
  }
}

extension Unicode.Scalar {
  /// The ranges of the East Asian Width property's values W and F (Unicode Standard Annex 11), in
  /// ascending order, joined where nothing but unassigned scalars lies between.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x2614...0x2615,
    0x2648...0x2653, 0x26a1...0x26a1, 0x2705...0x2705, 0x274c...0x274c, 0x2753...0x2755,
    0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97f,
    0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6f, 0xff01...0xff60,
    0xffe0...0xffe6, 0x16fe0...0x18cff, 0x1aff0...0x1b2fb, 0x1f18e...0x1f19a, 0x1f200...0x1f320,
    0x1f32d...0x1f3fa, 0x1f3fb...0x1f64f, 0x1f680...0x1f6ff, 0x1f7e0...0x1f7eb, 0x1f900...0x1faff,
    0x20000...0x3fffd,
  ]

  /// 0, 1 or 2 columns.
  fileprivate var displayWidth: Int {
    guard value >= 0x300 else { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return Self.wideRanges.contains { $0.contains(value) } ? 2 : 1
    }
  }
}
