/// How a report looks on a terminal.
package struct TerminalStyle: Equatable, Sendable {
  /// How many columns the terminal has.
  package var width: Int
  /// Whether escape sequences may be written; false where `NO_COLOR` is set or the output is no
  /// terminal.
  package var usesColor: Bool

  /// A terminal's style.
  ///
  /// - Parameters:
  ///   - width: how many columns it has, at least 1.
  ///   - usesColor: whether escape sequences may be written.
  package init(width: Int = 100, usesColor: Bool = false) {
    self.width = max(1, width)
    self.usesColor = usesColor
  }

  /// The text in bold.
  func bold(_ text: String) -> String { usesColor ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

  /// The text in a fainter colour.
  func faint(_ text: String) -> String { usesColor ? "\u{1b}[2m\(text)\u{1b}[0m" : text }
}

/// Where the details of cells stand.
private enum DetailPlace {
  case besideText, belowText
}

extension ReportTable {
  /// The table's lines, columns aligned.
  ///
  /// Where the table is wider than the terminal, details go below their values; where that is not
  /// enough, the table is cut into parts, each with the label columns and at least one more.
  ///
  /// - Parameter style: the terminal.
  /// - Returns: lines without line breaks; none ends with a space.
  func terminalLines(_ style: TerminalStyle) -> [String] {
    let widths = widths(.besideText)
    let isNarrow = widths.reduce(-2) { $0 + $1 + 2 } <= style.width
    guard !isNarrow else { return lines(of: Array(columns.indices), widths, .besideText, style) }
    let narrowWidths = self.widths(.belowText)
    let parts = parts(narrowWidths, width: style.width)
    return Array(
      parts.map { lines(of: $0, narrowWidths, .belowText, style) }.joined(separator: [""])
    )
  }

  private func widths(_ place: DetailPlace) -> [Int] {
    columns.indices.map { index in
      rows.flatMap { $0[index].lines(place) }.map(\.displayWidth)
        .reduce(columns[index].title.terminalText.displayWidth, max)
    }
  }

  /// The columns of each part.
  private func parts(_ widths: [Int], width: Int) -> [[Int]] {
    let labels = Array(columns.indices.prefix(labelCount))
    var (parts, part) = ([[Int]](), labels)
    for column in columns.indices.dropFirst(labelCount) {
      let used = (part + [column]).reduce(-2) { $0 + widths[$1] + 2 }
      if used > width, part.count > labels.count {
        parts.append(part)
        part = labels
      }
      part.append(column)
    }
    return parts + [part]
  }

  private func lines(
    of part: [Int],
    _ widths: [Int],
    _ place: DetailPlace,
    _ style: TerminalStyle
  ) -> [String] {
    let head = part.map { padded(columns[$0].title.terminalText, column: $0, widths) }
    let rule = part.map { String(repeating: "─", count: widths[$0]) }
    let body = rows.flatMap { row in
      let cells = part.map { row[$0].lines(place) }
      let height = cells.map(\.count).max() ?? 1
      return (0..<height).map { line in
        joined(
          zip(part, cells).map { column, lines in
            let text = line < lines.count ? lines[line] : ""
            let filled = padded(text, column: column, widths)
            let isBold = row[column].isBest && line == 0
            return isBold ? filled.replacing(text, with: style.bold(text)) : filled
          }
        )
      }
    }
    return [joined(head), style.faint(joined(rule))] + body
  }

  private func padded(_ text: String, column: Int, _ widths: [Int]) -> String {
    text.padded(to: widths[column], alignment: columns[column].alignment)
  }

  private func joined(_ cells: [String]) -> String {
    var line = cells.joined(separator: "  ")
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}

extension ReportCell {
  /// The text with its marks, an asterisk for the best of a column, and the detail.
  fileprivate func lines(_ place: DetailPlace) -> [String] {
    let marks = (isBest ? "*" : "") + Footnotes.superscripts(footnotes)
    let words = [text.terminalText + marks, detail?.terminalText].compactMap(\.self)
    return place == .belowText ? words : [words.joined(separator: " ")]
  }
}
