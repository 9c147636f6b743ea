import Reporting
import Results
import Testing

@Suite struct TerminalReportTests {
  /// The width of a text as a table of the widths of the characters used here would have it.
  private func width(_ line: Substring) -> Int {
    line.reduce(0) {
      $0 + ($1.unicodeScalars.contains { (0x4e00...0x9fff).contains($0.value) } ? 2 : 1)
    }
  }

  @Test func chineseNamesKeepColumnsAligned() {
    let first = ReportSamples.run(
      "r1",
      model: "视网膜模型",
      metrics: [ReportSamples.metric("auc", "AUC", 0.5, 0.4, 0.6)]
    )
    let second = ReportSamples.run(
      "r2",
      model: "short",
      metrics: [ReportSamples.metric("auc", "AUC", 0.51, 0.41, 0.61)]
    )
    let lines = terminalReport([first, second]).split(separator: "\n")
    let table = lines.filter { $0.contains("linear-probe") || $0.contains("───") }
    #expect(table.count == 3)
    #expect(Set(table.map(width)).count == 1, "\(table)")
  }

  /// How many parts a table of two labels, n and three metrics has in terminals of some widths.
  @Test(arguments: [(20, 3), (90, 3), (91, 2), (106, 2), (107, 1), (200, 1)])
  func wideTablesAreCutIntoParts(_ columns: Int, _ parts: Int) {
    let style = TerminalStyle(width: columns)
    let text = terminalReport([ReportSamples.probe, ReportSamples.baseline], style: style)
    let rules = text.split(separator: "\n").filter { $0.contains("───") }
    #expect(rules.count == parts, "\(text)")
    for head in ["AUC (macro)", "F1 (macro)", "κ"] { #expect(text.contains(head)) }
    for detail in ["[0.610, 0.781]", "[0.680, 0.785]"] { #expect(text.contains(detail)) }
    // Labels and one metric are the least that a part holds.
    let least = rules.map(width).min() ?? 0
    #expect(rules.allSatisfy { width($0) <= max(columns, least) }, "\(text)")
  }

  @Test func detailsStandBesideTheirValuesWhereThereIsRoom() {
    let runs = [ReportSamples.probe, ReportSamples.baseline]
    let wide = terminalReport(runs, style: TerminalStyle(width: 200))
    #expect(wide.contains("0.702 [0.610, 0.781]"))
    let narrow = terminalReport(runs, style: TerminalStyle(width: 100))
    let lines = narrow.split(separator: "\n").map(String.init)
    let value = lines.firstIndex { $0.hasSuffix("0.702") } ?? 0
    #expect(lines[value + 1].hasSuffix("[0.610, 0.781]"))
  }

  @Test func escapeSequencesAreWrittenOnlyWhereAllowed() {
    let runs = [ReportSamples.probe, ReportSamples.baseline]
    let plain = terminalReport(runs, style: TerminalStyle(width: 200))
    let colored = terminalReport(runs, style: TerminalStyle(width: 200, usesColor: true))
    #expect(!plain.contains("\u{1b}"))
    #expect(colored.contains("\u{1b}[1m0.831"))
    #expect(colored.replacing(/\u{1b}\[[0-9]+m/, with: "") == plain)
  }

  @Test func noLineEndsWithASpace() {
    let lines = terminalReport(ReportSamples.all).split(separator: "\n")
    #expect(!lines.contains { $0.hasSuffix(" ") })
  }

  @Test func manyExclusionsAreCountedAndBegun() {
    let text = terminalReport([ReportSamples.multilabel])
    #expect(text.contains("Left out: 12 samples"))
    #expect(text.contains("图像_10.png: has 3 channels of 16 bits"))
    #expect(!text.contains("图像_11.png"))
    #expect(text.contains("… and 2 more, listed in result.json"))
  }

  @Test func equalRowsAreToldApartByTheirRuns() {
    var again = ReportSamples.baseline
    again.run.id = "another-run"
    let text = terminalReport([ReportSamples.baseline, again])
    #expect(text.contains("(another-run)") && text.contains("(\(ReportSamples.baseline.run.id))"))
  }

  @Test func numbersHaveThreeDecimals() {
    let values: [(Double, String)] = [
      (0.73149, "0.731"), (0.73151, "0.732"), (1, "1.000"), (-0.0001, "0.000"), (-0.25, "-0.250"),
    ]
    for (value, text) in values {
      let metric = MetricRecord(identifier: "m", displayName: "M", value: .value(value))
      let report = terminalReport([ReportSamples.run("r", model: "x", metrics: [metric])])
      #expect(report.contains("M       \(text)\n"), "\(report)")
    }
  }
}
