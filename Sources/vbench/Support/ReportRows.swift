import Foundation

/// A report and where it stands.
struct ReportRow {
  /// What it is called: the column's value, else its number among the reports.
  var id: String
  /// Its text, perhaps empty.
  var report: String
  /// Its first line in the file, counted from 1.
  var line: Int
}

/// The reports of a file, read as they are asked for: but for their ids, a million of them need no more
/// memory than one.
final class ReportRows {
  /// How a file holds reports.
  enum Format: String, CaseIterable {
    /// A table with a header.
    case csv
    /// A JSON object per line.
    case jsonl
    /// A report per line.
    case text

    /// What a file's name says.
    init(path: String) {
      switch URL(filePath: path).pathExtension.lowercased() {
      case "csv": self = .csv
      case "jsonl", "ndjson": self = .jsonl
      default: self = .text
      }
    }
  }

  private let lines: FileLines
  private let format: Format
  private let column: String
  private let idColumn: String?
  private var header: (report: Int, id: Int?, count: Int)?
  private var number = 0
  /// The line of each id that the file gives.
  private var idLines: [String: Int] = [:]
  /// How many reports have the id of an earlier one, and the first of them.
  private var repeated: (count: Int, id: String, line: Int, earlier: Int)?

  /// How many reports so far have the id of an earlier one.
  var repeatedCount: Int { repeated?.count ?? 0 }

  /// What to say of ids that come twice; nil where each report has its own.
  var repetition: String? {
    guard let repeated else { return nil }
    return "\(lines.place(repeated.line)): the id ‘\(repeated.id.printable)’ is also that of line "
      + "\(repeated.earlier.grouped); \(repeated.count.of("report")) in all with the id of an "
      + "earlier one, kept as they are"
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file; `-` for standard input.
  ///   - format: how it holds reports.
  ///   - column: the column or key of reports.
  ///   - idColumn: the column or key of identifiers; nil for `id` where there is one.
  /// - Throws: `CommandError` where it can't be read.
  init(_ path: String, _ format: Format, column: String, idColumn: String?) throws {
    lines = try FileLines(path)
    self.format = format
    self.column = column
    self.idColumn = idColumn
  }

  /// The next report.
  ///
  /// - Returns: nil at the end.
  /// - Throws: `CommandError` with file and line for what can't be read.
  func next() throws -> ReportRow? {
    switch format {
    case .text: try nextLine()
    case .jsonl: try nextObject()
    case .csv: try nextRecord()
    }
  }

  private func nextLine() throws -> ReportRow? {
    guard let line = try lines.next() else { return nil }
    number += 1
    return ReportRow(id: "\(number)", report: line.text, line: line.number)
  }

  private func nextObject() throws -> ReportRow? {
    while let line = try lines.next() {
      if line.text.allSatisfy(\.isWhitespace) { continue }
      guard
        let value = try? JSONSerialization.jsonObject(with: Data(line.text.utf8)),
        let object = value as? [String: Any]
      else { throw lines.failure("it is no JSON object", at: line.number) }
      guard let report = object[column] as? String else {
        let reason =
          object[column] == nil
          ? "no key ‘\(column)’; the object has \(shortened(object.keys.sorted(), limit: 12)); "
            + "name one with --column"
          : "‘\(column)’ is no text"
        throw lines.failure(reason, at: line.number)
      }
      number += 1
      let id = try id(of: object, at: line.number)
      note(id, at: line.number)
      return ReportRow(id: id, report: report, line: line.number)
    }
    return nil
  }

  private func id(of object: [String: Any], at line: Int) throws -> String {
    guard let value = object[idColumn ?? "id"] else {
      guard let idColumn else { return "\(number)" }
      let keys = shortened(object.keys.sorted(), limit: 12)
      throw lines.failure("no key ‘\(idColumn)’; the object has \(keys)", at: line)
    }
    return "\(value)"
  }

  /// Remembers an id, and that it was there before.
  private func note(_ id: String, at line: Int) {
    guard let earlier = idLines[id] else {
      idLines[id] = line
      return
    }
    if repeated == nil { repeated = (0, id, line, earlier) }
    repeated?.count += 1
  }

  private func nextRecord() throws -> ReportRow? {
    if header == nil { try readHeader() }
    while let (cells, line) = try record() {
      guard let header, !cells.allSatisfy(\.isEmpty) else { continue }
      guard cells.count <= header.count else {
        throw lines.failure(
          "the row has \(cells.count) cells, the header \(header.count)",
          at: line
        )
      }
      number += 1
      let id = header.id.map { $0 < cells.count ? cells[$0] : "" }
      if let id { note(id, at: line) }
      return ReportRow(
        id: id ?? "\(number)",
        report: header.report < cells.count ? cells[header.report] : "",
        line: line
      )
    }
    return nil
  }

  private func readHeader() throws {
    guard let (cells, line) = try record() else {
      throw lines.failure("it is empty, expected a header", at: nil)
    }
    let names = cells.map { $0.trimmingCharacters(in: .whitespaces) }
    func place(_ name: String, option: String) throws -> Int {
      let places = names.indices.filter { names[$0].lowercased() == name.lowercased() }
      guard let place = places.first, places.count == 1 else {
        let found = shortened(names.filter { !$0.isEmpty }.map { "‘\($0)’" }, limit: 12)
        let problem = places.isEmpty ? "no column ‘\(name)’" : "the column ‘\(name)’ occurs twice"
        throw lines.failure("\(problem); the table has \(found); name one with \(option)", at: line)
      }
      return place
    }
    let id = try idColumn.map { try place($0, option: "--id-column") } ?? names.firstIndex(of: "id")
    header = (try place(column, option: "--column"), id, names.count)
  }

  /// The next record's cells and its first line; a quoted cell may hold line breaks.
  private func record() throws -> (cells: [String], line: Int)? {
    guard let first = try lines.next() else { return nil }
    var text = first.text
    while !text.utf8.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) {
      guard let next = try lines.next() else {
        throw lines.failure("a quotation mark (\") is not closed", at: first.number)
      }
      text += "\n" + next.text
    }
    return (try cells(text, at: first.number), first.number)
  }

  /// The cells of a record (RFC 4180).
  private func cells(_ text: String, at line: Int) throws -> [String] {
    enum State { case open, quoted, closed }
    var cells: [String] = []
    var cell = String.UnicodeScalarView()
    var state = State.open
    for scalar in text.unicodeScalars {
      switch (state, scalar) {
      case (.open, "\"") where cell.isEmpty: state = .quoted
      case (.quoted, "\""): state = .closed
      case (.closed, "\""):
        cell.append(scalar)
        state = .quoted
      case (.open, ","), (.closed, ","):
        cells.append(String(cell))
        cell = String.UnicodeScalarView()
        state = .open
      case (.closed, _):
        throw lines.failure("text follows a closing quotation mark (\")", at: line)
      default: cell.append(scalar)
      }
    }
    return cells + [String(cell)]
  }
}

/// The lines of a UTF-8 file, read in pieces; LF, CR LF and CR end them.
final class FileLines {
  private let handle: FileHandle
  private let name: String
  private var buffer: [UInt8] = []
  private var position = 0
  private var number = 0
  private var isAtEnd = false

  /// Opens a file.
  ///
  /// - Parameter path: the file; `-` for standard input.
  /// - Throws: `CommandError` where it can't be read.
  init(_ path: String) throws {
    if path == "-" {
      handle = .standardInput
      name = "standard input"
      return
    }
    let place = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
    let type = try? FileManager.default.attributesOfItem(atPath: place)[.type] as? FileAttributeType
    guard let type, type != .typeDirectory, let handle = FileHandle(forReadingAtPath: path)
    else {
      throw CommandError(
        "\(path): it is no file that can be read; check the path",
        exitCode: .missingInput
      )
    }
    self.handle = handle
    name = path
  }

  /// The next line, without its break; a byte order mark is dropped.
  ///
  /// - Returns: nil at the end.
  /// - Throws: `CommandError` for bytes that are no UTF-8.
  func next() throws -> (text: String, number: Int)? {
    var end = lineEnd(from: position)
    // A CR that ends the piece may be the first half of CR LF.
    while !isAtEnd, end.map({ buffer[$0] == 0x0D && $0 + 1 == buffer.count }) ?? true {
      let searched = (end ?? buffer.count) - position
      buffer.removeFirst(position)
      position = 0
      guard let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty else {
        isAtEnd = true
        break
      }
      buffer += piece
      end = lineEnd(from: searched)
    }
    if isAtEnd { end = lineEnd(from: position) }
    guard end != nil || position < buffer.count else { return nil }
    var bytes = buffer[position..<(end ?? buffer.count)]
    position = end.map { $0 + (buffer[$0...].starts(with: [0x0D, 0x0A]) ? 2 : 1) } ?? buffer.count
    number += 1
    if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure("it is not UTF-8; save it in that encoding", at: number)
    }
    return (text, number)
  }

  /// The first CR or LF from a place on; nil where there is none.
  private func lineEnd(from start: Int) -> Int? {
    buffer[start...].firstIndex { $0 == 0x0A || $0 == 0x0D }
  }

  /// A line of this file as messages name it.
  func place(_ line: Int) -> String { "\(name):\(line)" }

  /// An error in this file.
  ///
  /// - Parameters:
  ///   - reason: what is wrong and what to do.
  ///   - line: where; nil for the whole.
  /// - Returns: the error, for data that can't be used.
  func failure(_ reason: String, at line: Int?) -> CommandError {
    CommandError((line.map(place) ?? name) + ": \(reason)", exitCode: .badData)
  }
}
