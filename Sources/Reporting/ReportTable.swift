/// A table before it has a format: what every renderer draws in its own way.
struct ReportTable: Equatable, Sendable {
  /// The columns.
  var columns: [ReportColumn]
  /// The rows, each with as many cells as there are columns.
  var rows: [[ReportCell]]
  /// How many columns name the row; they are repeated where a wide table is cut into parts.
  var labelCount = 1
  /// The rows, by index, that are no runs: figures from elsewhere and differences from them.
  var referenceRows: Set<Int> = []
}

/// A column's head and side.
struct ReportColumn: Equatable, Sendable {
  /// The side that texts stand at.
  enum Alignment: Sendable {
    case leading, trailing
  }

  /// The head.
  var title: String
  /// The side: trailing for numbers.
  var alignment: Alignment

  /// A column.
  init(_ title: String, _ alignment: Alignment = .leading) {
    self.title = title
    self.alignment = alignment
  }
}

/// A cell: not escaped yet, marks apart.
struct ReportCell: Equatable, Sendable {
  /// The text, such as `0.731` or a name.
  var text: String
  /// What follows the text and may be shown smaller, such as `[0.602, 0.845]`.
  var detail: String?
  /// The numbers of the footnotes that the cell refers to, from 1 on.
  var footnotes: [Int]
  /// Whether the value is the best of its column beyond its interval.
  var isBest = false

  /// A cell.
  init(_ text: String, detail: String? = nil, footnotes: [Int] = []) {
    self.text = text
    self.detail = detail
    self.footnotes = footnotes
  }
}

/// The footnotes of a section, numbered from 1; equal texts share a number.
struct Footnotes: Equatable, Sendable {
  private(set) var texts: [String] = []

  /// The number of a footnote, new or not.
  mutating func number(of text: String) -> Int {
    if let index = texts.firstIndex(of: text) { return index + 1 }
    texts.append(text)
    return texts.count
  }

  /// A footnote's number in raised digits, such as `¹²`.
  static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(String(number).compactMap { $0.wholeNumberValue.map { digits[$0] } })
  }

  /// The raised numbers of a cell's footnotes, with commas between, such as `¹,²`.
  static func superscripts(_ numbers: [Int]) -> String {
    numbers.map(superscript).joined(separator: ",")
  }
}
