import Foundation
import ReportLabels

/// What is written of one report.
struct LabelRow: Encodable {
  /// A finding's mention.
  struct Mention: Encodable {
    var finding: String
    var state: String
    var eye: String
    var degree: String?
    /// The place in the report in Unicode scalars from 0, the end exclusive.
    var start: Int
    var end: Int
    var text: String
    /// The words that decide the state.
    var cue: String?
  }

  var id: String
  /// A 0 or 1 per finding of the table.
  var labels: [Int]
  /// The names of the positive ones: of the whole report and of each eye.
  var findings: [String]
  var right: [String]
  var left: [String]
  var evidence: [Mention]

  /// Sums up what was read.
  ///
  /// - Parameters:
  ///   - id: the report's name.
  ///   - reading: what it says.
  ///   - extractor: what has read it.
  init(_ id: String, _ reading: ReportReading, _ extractor: LabelExtractor) {
    let table = extractor.table.findings
    func names(_ labels: [Bool]) -> [String] {
      labels.indices.filter { labels[$0] }.map { table[$0].name }
    }
    self.id = id
    labels = reading.labels.map { $0 ? 1 : 0 }
    findings = names(reading.labels)
    right = names(extractor.labels(from: reading.evidence, of: .right))
    left = names(extractor.labels(from: reading.evidence, of: .left))
    evidence = reading.evidence.map { item in
      Mention(
        finding: table[item.finding].name,
        state: item.state.rawValue,
        eye: item.eye.rawValue,
        degree: item.degree?.rawValue,
        start: item.span.offsets.lowerBound,
        end: item.span.offsets.upperBound,
        text: item.span.text,
        cue: item.cue?.text
      )
    }
  }

  /// The row of a CSV file: id, a column per finding, and `finding:state:eye:start-end:text` with
  /// semicolons between.
  var csv: String {
    let evidence = evidence.map { item in
      "\(item.finding):\(item.state):\(item.eye):\(item.start)-\(item.end):\(item.text)"
    }
    let cells = [Self.quoted(id)] + labels.map(String.init)
    return (cells + [Self.quoted(evidence.joined(separator: "; "))]).joined(separator: ",")
  }

  /// The reading for people.
  ///
  /// - Parameter report: the report's text.
  /// - Returns: lines.
  func explanation(_ report: String) -> [String] {
    let rows = evidence.map { item in
      [
        item.finding, item.state, item.eye == "unstated" ? "" : item.eye, item.degree ?? "",
        "\(item.start)–\(item.end)", "‘\(item.text.printable)’",
        item.cue.map { "by ‘\($0.printable)’" } ?? "",
      ]
    }
    let labels = findings.isEmpty ? "no label" : findings.joined(separator: ", ")
    return ["\(id.printable): \(report.printable)"] + aligned(rows, indent: "  ") + [
      "  → \(labels)"
    ]
  }

  /// A CSV cell (RFC 4180).
  static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

/// A file of labels that appears when it is complete.
final class LabelFile {
  private let url: URL
  private let unfinished: URL
  private let handle: FileHandle
  private let encoder: JSONEncoder
  private let isCSV: Bool
  private var pending = Data()

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: its name; `.csv` for a table, else a JSON object per line.
  ///   - findings: the table's names.
  /// - Throws: `CommandError` where it can't be written.
  init(_ path: String, findings: [String]) throws {
    url = URL(filePath: path)
    isCSV = Self.isCSV(path)
    unfinished = url.deletingLastPathComponent()
      .appending(path: ".\(url.lastPathComponent).\(UUID().uuidString).partial")
    encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      try Data().write(to: unfinished)
      handle = try FileHandle(forWritingTo: unfinished)
    } catch {
      throw CommandError(
        "\(path): it can't be written: \(error.localizedDescription)",
        exitCode: .someFailed
      )
    }
    if isCSV {
      pending += Data((["id"] + findings + ["evidence"]).joined(separator: ",").utf8 + [10])
    }
  }

  /// Whether a file's name asks for a table.
  static func isCSV(_ path: String) -> Bool {
    URL(filePath: path).pathExtension.lowercased() == "csv"
  }

  /// Adds a report.
  func append(_ row: LabelRow) throws {
    pending += isCSV ? Data(row.csv.utf8) : try encoder.encode(row)
    pending.append(10)
    if pending.count > 1 << 20 { try flush() }
  }

  /// Gives the file its name.
  func finish() throws {
    try flush()
    try handle.synchronize()
    try handle.close()
    if FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) {
      try FileManager.default.removeItem(at: url)
    }
    try FileManager.default.moveItem(at: unfinished, to: url)
  }

  /// Removes what was begun.
  func abandon() { try? FileManager.default.removeItem(at: unfinished) }

  private func flush() throws {
    try handle.write(contentsOf: pending)
    pending.removeAll(keepingCapacity: true)
  }
}
