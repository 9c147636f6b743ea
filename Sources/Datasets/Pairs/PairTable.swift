import Foundation

/// Where a table of pairs says what; letter case and white space of the names don't matter.
package struct PairColumns: Sendable, Equatable {
  /// The image's path below the folder of images, with or without extension.
  package var image: String
  /// The report.
  package var report: String
  /// The patient; nil where no column says.
  package var group: String?
  /// `train`, `validation` or `test`; nil where no column says.
  package var split: String?

  /// Names columns.
  ///
  /// - Parameters:
  ///   - image: the image's path.
  ///   - report: the report.
  ///   - group: the patient.
  ///   - split: the split.
  package init(
    image: String = "image",
    report: String = "report",
    group: String? = nil,
    split: String? = nil
  ) {
    self.image = image
    self.report = report
    self.group = group
    self.split = split
  }
}

/// The rows of a CSV table or of a file with one JSON object in each line.
struct PairTable {
  /// One row.
  struct Row: Sendable {
    /// Its first line in the file, counted from 1.
    let line: Int
    let image: String
    let report: String
    /// Nil where no column says or the cell is empty.
    let group: String?
    let split: String?

    /// Whether both say the same.
    func says(theSameAs other: Row) -> Bool {
      (report, group, split) == (other.report, other.group, other.split)
    }
  }

  let rows: [Row]

  /// Reads a table; its name says which kind it is.
  ///
  /// - Parameters:
  ///   - file: `….csv`, or `….jsonl` or `….ndjson`.
  ///   - columns: where it says what.
  /// - Throws: `DatasetsError` with file and line where the file is missing, of another kind or
  ///   malformed, or lacks a column.
  init(_ file: URL, columns: PairColumns) throws {
    switch file.pathExtension.lowercased() {
    case "csv": rows = try Self.commaSeparated(file, columns)
    case "jsonl", "ndjson": rows = try Self.jsonLines(file, columns)
    default:
      throw DatasetsError(
        .unreadable(detail: "expected a table whose name ends with .csv or .jsonl"),
        path: file.shortPath
      )
    }
  }

  private static func commaSeparated(_ file: URL, _ columns: PairColumns) throws -> [Row] {
    let table = try Table(readText(file), path: file.shortPath)
    let image = try table.column(columns.image)
    let report = try table.column(columns.report)
    let group = try columns.group.map(table.column)
    let split = try columns.split.map(table.column)
    return table.rows.map { row in
      Row(
        line: row.line,
        image: row.cells[image],
        report: row.cells[report],
        group: group.flatMap { row.cells[$0].nonempty },
        split: split.flatMap { row.cells[$0].nonempty }
      )
    }
  }

  private static func jsonLines(_ file: URL, _ columns: PairColumns) throws -> [Row] {
    let decoder = JSONDecoder()
    var rows: [Row] = []
    let lines = try readText(file).split(
      omittingEmptySubsequences: false,
      whereSeparator: \.isNewline
    )
    for (index, text) in lines.enumerated() where !text.allSatisfy(\.isWhitespace) {
      guard let cells = try? decoder.decode([String: JSONCell].self, from: Data(text.utf8)) else {
        throw DatasetsError(
          .malformedTable(detail: "the line is no JSON object, expected one in each line"),
          path: file.shortPath,
          line: index + 1
        )
      }
      let object = JSONLine(cells: cells, path: file.shortPath, line: index + 1)
      rows.append(
        Row(
          line: index + 1,
          image: try object.text(columns.image),
          report: try object.text(columns.report),
          group: try columns.group.flatMap { try object.text($0).nonempty },
          split: try columns.split.flatMap { try object.text($0).nonempty }
        )
      )
    }
    return rows
  }
}

/// An object of a JSON lines file.
private struct JSONLine {
  let cells: [String: JSONCell]
  let path: String
  let line: Int

  /// The text under a key, without white space at its ends; empty for null.
  func text(_ key: String) throws -> String {
    let wanted = normalized(key)
    let matches = cells.filter { normalized($0.key) == wanted }
    guard let (name, cell) = matches.first else {
      let found = cells.keys.sorted()
      throw DatasetsError(.missingColumn(column: key, found: found), path: path, line: line)
    }
    guard matches.count == 1 else {
      throw DatasetsError(.duplicateColumn(column: key), path: path, line: line)
    }
    guard let text = cell.text else {
      throw DatasetsError(
        .malformedTable(detail: "‘\(name)’ is neither a text nor a number"),
        path: path,
        line: line
      )
    }
    return text.trimmed
  }
}

/// A value of a JSON object: its text; nil for what is neither a text nor a number.
private struct JSONCell: Decodable {
  let text: String?

  init(from decoder: any Decoder) throws {
    guard let value = try? decoder.singleValueContainer() else {
      text = nil
      return
    }
    if value.decodeNil() {
      text = ""
    } else if let string = try? value.decode(String.self) {
      text = string
    } else if (try? value.decode(Bool.self)) != nil {
      text = nil
    } else if let integer = try? value.decode(Int.self) {
      text = String(integer)
    } else {
      text = (try? value.decode(Double.self)).map { "\($0)" }
    }
  }
}

extension String {
  /// The text, nil where it is empty.
  fileprivate var nonempty: String? { isEmpty ? nil : self }
}
