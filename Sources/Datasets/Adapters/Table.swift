import Foundation
import SwiftCSV

/// A comma-separated table with a header, and where its rows stand in the file.
struct Table {
  /// One row.
  struct Row {
    /// The row's first line in the file, counted from 1.
    let line: Int
    /// The cells without white space at their ends; as many as the header has columns.
    let cells: [String]
  }

  /// The file's path, for errors and exclusions.
  let path: String
  /// The columns as written; those without a name are empty.
  let header: [String]
  /// The header's line, counted from 1.
  let headerLine: Int
  /// The rows that hold anything.
  let rows: [Row]

  /// Reads a table.
  ///
  /// Blank lines and lines of nothing but commas are passed over, as published tables have them at
  /// their ends; so are columns without a name. A row may be shorter than the header.
  ///
  /// - Parameters:
  ///   - text: the file's contents.
  ///   - path: the file's path, for errors.
  /// - Throws: `DatasetsError` where quotes are unbalanced, a row is longer than the header or the
  ///   file has no header.
  init(_ text: String, path: String) throws {
    self.path = path
    var records = try Self.records(text, path: path)[...]
    guard let first = records.first(where: { !$0.isBlank }) else {
      throw DatasetsError(.malformedTable(detail: "it is empty, expected a header"), path: path)
    }
    records = records[(first.position + 1)...]
    let header = first.cells
    self.header = header
    headerLine = first.line
    rows = try records.filter { !$0.isBlank }.map { record in
      let surplus = record.cells.dropFirst(header.count)
      guard surplus.allSatisfy(\.isEmpty) else {
        let detail = "the row has \(record.cells.count) cells, the header \(header.count)"
        throw DatasetsError(.malformedTable(detail: detail), path: path, line: record.line)
      }
      let missing = max(0, header.count - record.cells.count)
      return Row(
        line: record.line,
        cells: record.cells.prefix(header.count) + Array(repeating: "", count: missing)
      )
    }
  }

  /// The index of a column; letter case and white space don't matter.
  ///
  /// - Parameter name: the column's name.
  /// - Returns: an index in `header` and in each row's cells.
  /// - Throws: `DatasetsError` where the header lacks it or has it twice.
  func column(_ name: String) throws -> Int {
    let wanted = normalized(name)
    let matches = header.indices.filter { normalized(header[$0]) == wanted }
    guard let index = matches.first else {
      let found = header.filter { !$0.isEmpty }
      throw DatasetsError(.missingColumn(column: name, found: found), path: path, line: headerLine)
    }
    guard matches.count == 1 else {
      throw DatasetsError(.duplicateColumn(column: name), path: path, line: headerLine)
    }
    return index
  }

  private struct Record {
    let position: Int
    let line: Int
    let cells: [String]
    var isBlank: Bool { cells.allSatisfy(\.isEmpty) }
  }

  /// The library's records, blank ones too, with their lines: a record spans as many lines more
  /// than one as its cells hold line breaks.
  private static func records(_ text: String, path: String) throws -> [Record] {
    var records: [Record] = []
    var line = 1
    do {
      let table = try CSV<Enumerated>(
        string: text,
        delimiter: .comma,
        loadColumns: false,
        rowLimit: 0
      )
      try table.enumerateAsArray(startAt: 0, rowLimit: nil) { cells in
        records.append(Record(position: records.count, line: line, cells: cells.map(\.trimmed)))
        line += 1 + cells.reduce(0) { $0 + $1.count(where: \.isNewline) }
      }
    } catch let error as CSVParseError {
      let detail =
        switch error {
        case .generic(let message), .quotation(let message): message
        }
      throw DatasetsError(.malformedTable(detail: detail), path: path, line: line)
    }
    guard text.utf8.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) else {
      throw DatasetsError(
        .malformedTable(detail: "a quotation mark (\") is not closed"),
        path: path,
        line: records.last?.line
      )
    }
    return records
  }
}
