import ArgumentParser
import Foundation
import ReportLabels

/// Reads findings out of reports.
struct LabelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "labels",
    abstract: "Read the findings out of Chinese reports on fundus photographs.",
    discussion: """
      Each report gives a 0 or 1 per finding, for the whole and for each eye, and the words that say \
      so: what is denied (未见, 阴性), suspected (可疑, 待排), past (术后) or only named is told apart from what \
      is there. The output's name decides its form: .csv, or .jsonl with all evidence. The findings \
      and the rules are this project's own, and no diagnosis.

      Examples:
        vbench labels reports.csv --column report --output labels.csv
        vbench labels reports.jsonl --output labels.jsonl --policy uncertain
        echo "左眼未见出血，可疑青光眼" | vbench labels --explain
      """
  )

  /// Which states make a label positive.
  enum Policy: String, CaseIterable, ExpressibleByArgument {
    case present
    case uncertain
    case history
    case any

    /// The policy of the module.
    var policy: LabelPolicy {
      LabelPolicy(
        countsUncertain: self == .uncertain || self == .any,
        countsHistory: self == .history || self == .any
      )
    }
  }

  @Argument(help: "A CSV, JSONL or text file (a report per line); - for standard input.")
  var input: String = "-"

  @Option(help: "The file to write: .csv or .jsonl.")
  var output: String?

  @Option(help: "The column or key that holds the reports.")
  var column: String = "report"

  @Option(
    help: "The column or key that names them. (default: ‘id’ where there is one, else numbers)"
  )
  var idColumn: String?

  @Option(help: "How the input holds reports: csv, jsonl or text. (default: as its name says)")
  var format: ReportRows.Format?

  @Option(
    help: ArgumentHelp(
      "A table of findings of your own, in YAML. (default: 32 findings)",
      valueName: "file"
    ),
    completion: .file(extensions: ["yaml", "yml"])
  )
  var findings: String?

  @Option(help: "What counts beside what is present: present (nothing), uncertain, history, any.")
  var policy: Policy = .present

  @Flag(help: "Show the reading of each report; with --json as a JSON object per line.")
  var explain = false

  @Flag(help: "Replace the output where it exists.")
  var force = false

  @OptionGroup var reporting: OutputOptions

  /// What was done.
  private struct Summary: Encodable {
    var output: String?
    var policy: String
    var reports = 0
    /// Reports that name no finding at all.
    var silent = 0
    /// Reports whose id is that of an earlier one.
    var repeatedIDs = 0
    /// The number of positive reports by finding.
    var positive: [String: Int] = [:]
  }

  func validate() throws {
    guard output != nil || explain else {
      throw ValidationError("Give --output FILE, or --explain to see the reading.")
    }
    if let output {
      let type = URL(filePath: output).pathExtension.lowercased()
      guard ["csv", "jsonl", "ndjson"].contains(type) else {
        throw ValidationError(
          "--output is ‘\(output)’, expected a name that ends in .csv or .jsonl."
        )
      }
    }
  }

  func run() throws {
    try runReporting {
      let inputs = (input == "-" ? [] : [input]) + [findings].compactMap(\.self)
      if let output { try OutputFile.check(output, inputs: inputs, force) }
      let table = try findings.map(Self.readTable) ?? FindingTable.standard()
      let extractor = LabelExtractor(table, policy: policy.policy)
      let rows = try ReportRows(
        input,
        format ?? ReportRows.Format(path: input),
        column: column,
        idColumn: idColumn
      )
      let summary =
        try output.map { path in
          try Interruption.shared.whileWriting(path) {
            let file = try LabelFile(path, findings: table.findings.map(\.name))
            do {
              let summary = try read(rows, extractor, into: file)
              try file.finish()
              return summary
            } catch {
              file.abandon()
              throw error
            }
          }
        } ?? read(rows, extractor, into: nil)
      if let repetition = rows.repetition { reporting.remark(repetition) }
      try show(summary, table)
    }
  }

  private static func readTable(_ path: String) throws -> FindingTable {
    let lines = try FileLines(path)
    var text = ""
    while let line = try lines.next() { text += line.text + "\n" }
    return try FindingTable(yaml: text, source: path)
  }

  private func read(
    _ rows: ReportRows,
    _ extractor: LabelExtractor,
    into file: LabelFile?
  ) throws -> Summary {
    let progress = reporting.progress("Reading", unit: "reports", total: nil)
    defer { progress.finish() }
    var summary = Summary(output: output, policy: policy.rawValue)
    while let row = try rows.next() {
      let reading = extractor.labels(of: row.report)
      let labels = LabelRow(row.id, reading, extractor)
      try file?.append(labels)
      if explain { try explain(labels, row.report) }
      summary.reports += 1
      if reading.evidence.isEmpty { summary.silent += 1 }
      for name in labels.findings { summary.positive[name, default: 0] += 1 }
      if summary.reports.isMultiple(of: 1000) { progress.update(done: summary.reports) }
    }
    progress.update(done: summary.reports)
    summary.repeatedIDs = rows.repeatedCount
    guard summary.reports > 0 else {
      let name = input == "-" ? "standard input" : input
      throw CommandError("\(name): it holds no report", exitCode: .badData)
    }
    return summary
  }

  private func explain(_ row: LabelRow, _ report: String) throws {
    guard reporting.json else {
      for line in row.explanation(report) { print(line) }
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(row), as: UTF8.self))
  }

  private func show(_ summary: Summary, _ table: FindingTable) throws {
    // With --explain alone the readings are the output.
    guard let output else { return }
    if reporting.json {
      if !explain { try printJSON(summary) }
      return
    }
    print(
      "\(output.printable): \(summary.reports.of("report")), "
        + "\(summary.silent.grouped) of them without a known finding"
    )
    // Chinese characters are wider than Latin ones: they come last, where nothing is aligned.
    let rows = table.findings.compactMap { finding in
      summary.positive[finding.name].map { [finding.name, $0.grouped, finding.chinese.printable] }
    }
    for line in aligned(rows, indent: "  ") { print(line) }
  }
}

extension ReportRows.Format: ExpressibleByArgument {}

extension ReportLabelsError: ReportedError {
  var exitCode: ExitCode { .badData }
}
