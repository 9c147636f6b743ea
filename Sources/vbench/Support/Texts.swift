extension String {
  /// The text on one line with its control characters made visible.
  ///
  /// Names come from files of strangers: they must not move a terminal's cursor or turn the direction
  /// of writing.
  var printable: String {
    unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format:
        text += scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Int {
  /// The number with a comma between groups of three digits, such as `22,056,576`.
  var grouped: String {
    let digits = Array(String(magnitude))
    let text = digits.indices.reduce(into: "") { text, index in
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digits[index])
    }
    return self < 0 ? "-" + text : text
  }

  /// The number with a noun, such as `1 tensor`, `1,204 tensors`.
  ///
  /// - Parameter noun: in the singular; the plural takes an s.
  /// - Returns: the text.
  func of(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}

/// Lines of columns, each as wide as its widest cell.
///
/// - Parameters:
///   - rows: the cells; a row may be shorter than others.
///   - indent: what each line begins with.
/// - Returns: a line per row, two spaces between columns; none ends with a space.
func aligned(_ rows: [[String]], indent: String = "") -> [String] {
  let count = rows.map(\.count).max() ?? 0
  let widths = (0..<count).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      cell + String(repeating: " ", count: widths[column] - cell.count)
    }
    var line = indent + cells.joined(separator: "  ")
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}

/// The first names of a list in one line, and how many there are beyond.
///
/// - Parameters:
///   - names: the list.
///   - limit: how many are shown.
/// - Returns: such as `a, b, c and 12 more`; empty for an empty list.
func shortened(_ names: [String], limit: Int = 6) -> String {
  let shown = names.prefix(limit).joined(separator: ", ").printable
  return names.count > limit ? "\(shown) and \((names.count - limit).grouped) more" : shown
}
