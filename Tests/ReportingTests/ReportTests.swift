import Foundation
import FoundationXML
import Reporting
import Results
import TestSupport
import Testing

@Suite struct ReportTests {
  @Test(arguments: ReportFormat.allCases)
  func looksAsCommitted(_ format: ReportFormat) throws {
    let text = format.text(of: ReportSamples.all, style: TerminalStyle(width: 110))
    try expectSnapshot(text, "report.\(format.fileExtension)")
  }

  @Test func oneRunAloneHasAMetricPerLine() throws {
    try expectSnapshot(terminalReport([ReportSamples.probe]), "single.txt")
  }

  @Test(arguments: ReportFormat.allCases)
  func theSameResultsAreTheSameText(_ format: ReportFormat) {
    #expect(format.text(of: ReportSamples.all) == format.text(of: ReportSamples.all))
  }

  /// Every format that shows tables names what is undefined, failed, mistrusted or left out.
  @Test(arguments: ReportFormat.allCases)
  func nothingIsDroppedSilently(_ format: ReportFormat) {
    let text = format.text(of: ReportSamples.all)
    let reasons = [
      "no positive sample", "all predictions are one class", "one class was predicted",
      "lacks visual",
    ]
    for reason in reasons { #expect(text.contains(reason), "\(format) lacks \(reason)") }
    guard format != .csv else { return }
    #expect(text.contains("JPEG data ends after 12 bytes"))
    #expect(text.contains("n/a"))
  }

  @Test(arguments: ReportFormat.allCases)
  func noRunsAreNoError(_ format: ReportFormat) {
    let text = format.text(of: [])
    #expect(!text.contains("n/a"))
    #expect(text.isEmpty == (format == .terminal))
  }
}

@Suite struct PictureTests {
  @Test func aRunsPicturesAreInsideThePage() {
    var result = ReportSamples.run("r", model: "x", metrics: [])
    result.pictures = [
      PictureRecord(name: "sheet.png", caption: "Rows: <best> & worst."),
      PictureRecord(name: "gone.png", caption: "Lost."),
    ]
    var asked: [String] = []
    let page = htmlReport([result]) { run, picture in
      asked.append("\(run.run.id) \(picture.name)")
      return picture.name == "sheet.png" ? Data([1, 2, 3]) : nil
    }
    #expect(asked == ["r sheet.png", "r gone.png"])
    #expect(
      page.contains(
        "<figure><img alt=\"Rows: &lt;best&gt; &amp; worst.\" src=\"data:image/png;base64,AQID\">"
          + "<figcaption>Rows: &lt;best&gt; &amp; worst.</figcaption></figure>"
      )
    )
    #expect(!page.contains("Lost.") && page.contains("img-src data:"))
    #expect(!htmlReport([result]).contains("<img"))
  }
}

@Suite struct LegendTests {
  private func binary(_ averaging: Averaging, curves: [String]) -> String {
    var result = ReportSamples.run(
      "r",
      model: "x",
      metrics: [ReportSamples.metric("auc", "AUC", 0.731, 0.6, 0.8, averaging: averaging)]
    )
    result.curves = curves.map {
      Curve(kind: .receiverOperating, name: $0, x: [0, 1], y: [0, 1])
    }
    return htmlReport([result])
  }

  @Test func theCurveOfABinaryTaskHasTheRunsArea() {
    #expect(binary(.none, curves: ["referable"]).contains(">referable 0.731</text>"))
  }

  @Test func anAverageIsNoCurvesArea() {
    #expect(binary(.macro, curves: ["referable"]).contains(">referable</text>"))
    #expect(binary(.none, curves: ["a", "b"]).contains(">a</text>"))
  }
}

@Suite struct BestValueTests {
  private func column(_ metrics: [MetricRecord]) -> [RunResult] {
    metrics.enumerated().map {
      ReportSamples.run("r\($0)", model: "model-\($0)", preset: nil, metrics: [$1])
    }
  }

  private func auc(_ value: Double, _ low: Double, _ high: Double) -> MetricRecord {
    ReportSamples.metric("auc", "AUC", value, low, high)
  }

  @Test func theBestIsBoldWhereIntervalsAreApart() {
    let text = markdownReport(column([auc(0.7, 0.65, 0.75), auc(0.9, 0.85, 0.95)]))
    #expect(text.contains("| **0.900** [0.850, 0.950] |"))
    #expect(text.contains("| 0.700 [0.650, 0.750] |"))
  }

  @Test func nothingIsBoldWhereIntervalsMeet() {
    let text = markdownReport(column([auc(0.7, 0.65, 0.8), auc(0.9, 0.8, 0.95)]))
    #expect(!text.contains("**"))
  }

  @Test func theSecondBestDecidesNotTheLast() {
    let text = markdownReport(
      column([auc(0.5, 0.45, 0.55), auc(0.9, 0.85, 0.95), auc(0.88, 0.8, 0.93)])
    )
    #expect(!text.contains("**"))
  }

  @Test func lowerIsBetterWhereTheMetricSaysSo() {
    var (high, low) = (auc(0.7, 0.65, 0.75), auc(0.2, 0.15, 0.25))
    high.higherIsBetter = false
    low.higherIsBetter = false
    #expect(markdownReport(column([high, low])).contains("**0.200**"))
    high.higherIsBetter = nil
    low.higherIsBetter = nil
    #expect(!markdownReport(column([high, low])).contains("**"))
  }

  @Test func oneNumberOrNoIntervalIsNoContest() {
    var bare = auc(0.2, 0.1, 0.3)
    bare.confidenceInterval = nil
    #expect(!markdownReport(column([auc(0.9, 0.85, 0.95), bare])).contains("**"))
    bare.value = .undefined(reason: "no sample")
    #expect(!markdownReport(column([auc(0.9, 0.85, 0.95), bare])).contains("**"))
  }
}

@Suite struct EscapingTests {
  /// A name with what each format gives a meaning to.
  private static let hostile = ##"a|b*c_d<script>&"e"'f'\g{h}$i^2#j~k%`l`"##

  private var result: RunResult {
    var result = ReportSamples.run(
      "r",
      model: Self.hostile + "\u{1b}[2J\nnext",
      status: .failed(reason: Self.hostile),
      metrics: [ReportSamples.metric("auc", Self.hostile, 0.5, 0.4, 0.6)]
    )
    result.classMetrics = [ClassRecord(name: Self.hostile, count: 1, metrics: result.metrics)]
    result.confusionMatrix = ConfusionMatrix(classes: [Self.hostile], counts: [[1]])
    result.curves = [Curve(kind: .receiverOperating, name: Self.hostile, x: [0, 1], y: [0, 1])]
    return result
  }

  @Test func aNameCannotMoveTheCursor() {
    for format in ReportFormat.allCases where format != .csv {
      let text = format.text(of: [result, ReportSamples.probe])
      #expect(!text.contains("\u{1b}"), "\(format)")
      #expect(text.contains("\u{fffd}"), "\(format)")
    }
  }

  @Test func htmlIsWellFormedAndHarmless() throws {
    let html = htmlReport([result] + ReportSamples.all, title: Self.hostile)
    #expect(!html.contains("<script"))
    #expect(!html.contains("'f'"))
    // As XML, whose parser accepts nothing that is not closed, nested and escaped.
    let xml = html.replacing("<!DOCTYPE html>\n", with: "")
      .replacing("<br>", with: "<br/>")
      .replacing(/<meta [^>]*>/, with: "")
      .replacing("<details open>", with: "<details>")
    let parser = XMLParser(data: Data(xml.utf8))
    #expect(parser.parse(), "line \(parser.lineNumber): \(String(describing: parser.parserError))")
  }

  @Test func drawingsAreWellFormed() {
    let matrix = ConfusionMatrix(classes: [Self.hostile, "b"], counts: [[1, 2], [0, 0]])
    for svg in [curvePlot(result.curves), confusionPlot(matrix)] {
      #expect(XMLParser(data: Data(svg.utf8)).parse())
      #expect(svg.contains("&lt;script&gt;"))
    }
  }

  @Test func latexKnowsNoCommandOfAName() {
    let latex = latexReport([result])
    #expect(
      latex.contains(##"\textbackslash{}g\{h\}\$i\textasciicircum{}2\#j\textasciitilde{}k\%"##)
    )
    #expect(latex.contains(#"c\_d\textless{}script\textgreater{}\&''e''"#))
    #expect(latex.filter { $0 == "{" }.count == latex.filter { $0 == "}" }.count)
  }

  @Test(arguments: ["[2cm] model", "*starred"])
  func aRowsFirstCellIsNoArgumentOfTheRowAbove(_ name: String) {
    let latex = latexReport([ReportSamples.probe, ReportSamples.run("r", model: name, metrics: [])])
    let rows = latex.split(separator: "\n").filter { $0.contains("linear-probe") }
    #expect(rows.count == 2 && rows.allSatisfy { $0.hasSuffix(#" \\"#) })
    #expect(rows.last?.contains("    {\(name.prefix(1))}\(name.dropFirst()) & ") == true)
  }

  @Test func aMarkdownCellStaysACell() {
    let row = markdownReport([result]).split(separator: "\n").first { $0.contains("failed") }
    let unescaped = (row ?? "").replacing("\\|", with: "").filter { $0 == "|" }.count
    #expect(unescaped == 6)
    #expect(row?.contains(#"a\|b\*c\_d&lt;script&gt;&amp;"#) == true)
  }
}
