import Foundation
import Reporting
import Results
import Testing

/// Figures from elsewhere beside runs.
@Suite("Figures from elsewhere") struct PublishedTests {
  /// A run on 20 samples: an area of 0.98154, a Dice of 0.8279 and a metric that nobody published.
  private static let run = masks("r1", model: "wnet", auc: 0.98154, dice: 0.8279)

  private static let published = PublishedResult(
    model: "W-Net",
    origin: .releasedWeights,
    dataset: "drive",
    task: "vessels",
    split: "test",
    count: 20,
    protocolName: "segmentation",
    preset: "wnet-drive",
    figures: [
      PublishedFigure(identifier: "auc-pooled", value: 0.9811),
      PublishedFigure(identifier: "dice-pooled", value: 0.8288),
      PublishedFigure(identifier: "accuracy-pooled", value: 0.956),
    ],
    source: PublishedSource(title: "Galdran | 2020", doi: "10.1/x", arxiv: "2009.01907"),
    notes: "threshold 0.431"
  )

  private static func masks(
    _ id: String,
    model: String,
    auc: Double,
    dice: Double,
    preset: String = "wnet-drive"
  ) -> RunResult {
    var result = ReportSamples.run(
      id,
      model: model,
      protocolName: "segmentation",
      preset: preset,
      metrics: [
        ReportSamples.metric("auc-pooled", "AUC (pooled)", auc, auc - 0.001, auc + 0.001),
        ReportSamples.metric("dice-pooled", "Dice (pooled)", dice, 0.81, 0.84),
        ReportSamples.metric("hd95-per-image", "HD95", 4, 3, 5, averaging: .samples),
      ]
    )
    result.dataset = DatasetRecord(
      name: "drive",
      version: 1,
      task: "vessels",
      taskKind: "segmentation",
      evaluatedSplit: "test",
      evaluatedCount: 20
    )
    return result
  }

  /// The cells of the lines of a Markdown table that begin with a text.
  private func cells(_ text: String, _ start: String) -> [[String]] {
    text.split(separator: "\n").filter { $0.hasPrefix("| \(start)") }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
  }

  @Test(arguments: ReportFormat.allCases)
  func looksAsCommitted(_ format: ReportFormat) throws {
    let second = Self.masks("r2", model: "unet", auc: 0.97, dice: 0.8, preset: "mask-finetune")
    let text = format.text(
      of: [Self.run, second],
      published: [Self.published],
      style: TerminalStyle(width: 110)
    )
    try expectSnapshot(text, "published.\(format.fileExtension)")
  }

  @Test func oneRunAloneHasThemInColumns() throws {
    let text = terminalReport([Self.run], published: [Self.published])
    try expectSnapshot(text, "published-single.txt")
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let dice = try #require(lines.first { $0.first == "Dice" })
    #expect(Array(dice.suffix(2)) == ["0.829", "-0.001"])
    let distance = try #require(lines.first { $0.first == "HD95" })
    #expect(Array(distance.suffix(2)) == ["–", "–"])
  }

  @Test func differencesAreSignedAndTakenBeforeRounding() throws {
    let text = markdownReport([Self.run], published: [Self.published])
    #expect(
      cells(text, "W-Net¹ (released weights)").map { $0.suffix(4) } == [
        ["20", "0.981", "0.829", "–"]
      ]
    )
    // 0.98154 is shown as 0.982 and lies 0.00044 from 0.9811; 0.8279 lies 0.0009 below 0.8288.
    #expect(cells(text, "wnet − W-Net |").map { $0.suffix(3) } == [["0.000", #"\-0.001"#, "–"]])
    let better = Self.masks("r", model: "wnet", auc: 0.9911, dice: 0.5)
    let row = cells(markdownReport([better], published: [Self.published]), "wnet − W-Net")
    #expect(row.map { $0.suffix(3) } == [[#"\+0.010"#, #"\-0.329"#, "–"]])
  }

  @Test(arguments: ReportFormat.allCases)
  func theSourceIsNamedWithItsOrigin(_ format: ReportFormat) {
    var published = Self.published
    let measured = format.text(of: [Self.run], published: [published])
    for words in [
      "measured with the released weights", "doi:10.1/x", "arXiv:2009.01907", "threshold 0.431",
    ] {
      #expect(measured.contains(words), "\(format) lacks \(words)")
    }
    published.origin = .published
    published.source.place = "Table 2"
    let printed = format.text(of: [Self.run], published: [published])
    #expect(printed.contains("Table 2") && !printed.contains("released weights"), "\(format)")
  }

  /// Other data, tasks, splits, protocols and metrics are no comparison.
  @Test(arguments: 0..<6)
  func whatIsNotComparableStandsNowhere(_ change: Int) {
    var published = Self.published
    switch change {
    case 0: published.dataset = "stare"
    case 1: published.task = "lesions"
    case 2: published.split = "train"
    case 3: published.protocolName = "finetune"
    case 4: published.figures = [PublishedFigure(identifier: "iou-pooled", value: 0.5)]
    default:
      published.figures = [
        PublishedFigure(identifier: "auc-pooled", averaging: .macro, value: 0.5)
      ]
    }
    for format in ReportFormat.allCases {
      #expect(
        format.text(of: [Self.run], published: [published]) == format.text(of: [Self.run]),
        "\(format)"
      )
    }
  }

  @Test func whatIsOtherThanInTheSourceIsSaid() {
    var run = Self.masks("r", model: "unet", auc: 0.9, dice: 0.8, preset: "mask-decoder")
    run.dataset.evaluatedCount = 4
    run.dataset.subset = "5 per class, seed 1"
    let text = terminalReport([run], published: [Self.published])
    #expect(text.contains("Difference²"))
    #expect(
      text.contains(
        "² not the source's conditions: n 4 instead of 20, preset mask-decoder instead of "
          + "wnet-drive, 5 per class, seed 1 instead of all"
      )
    )
    #expect(!terminalReport([Self.run], published: [Self.published]).contains("conditions"))
    var anyPreset = Self.published
    anyPreset.preset = nil
    #expect(!terminalReport([run], published: [anyPreset]).contains("preset mask-decoder"))
  }

  /// A figure above both runs is not the best, and doesn't keep the better run from being it.
  @Test func theyAreNeverTheBest() {
    let worse = Self.masks("r2", model: "unet", auc: 0.9, dice: 0.8)
    var published = Self.published
    published.figures = [PublishedFigure(identifier: "auc-pooled", value: 0.999)]
    let text = markdownReport([worse, Self.run], published: [published])
    #expect(text.components(separatedBy: "**0.982**").count == 2)
    #expect(!text.contains("**0.999**") && text.contains("0.999"))
  }

  @Test func csvHasExactFiguresAndDifferences() throws {
    let rows = CSVReportTests.parse(csvReport([Self.run], published: [Self.published]))
    let records = rows.dropFirst().map { row in
      Dictionary(zip(rows[0], row), uniquingKeysWith: { first, _ in first })
    }
    #expect(Set(rows.map(\.count)) == [30])
    let figures = records.filter { $0["level"] == "released-weights" }
    #expect(figures.map { $0["value"] } == ["0.9811", "0.8288", "0.956"])
    #expect(figures.allSatisfy { $0["run_id"] == "" && $0["model"] == "W-Net" && $0["n"] == "20" })
    let differences = records.filter { $0["level"] == "difference" }
    #expect(differences.map { $0["metric"] } == ["auc-pooled", "dice-pooled"])
    #expect(differences.allSatisfy { $0["run_id"] == "r1" && $0["source"]?.isEmpty == false })
    let difference = try #require(differences[1]["value"].flatMap { Double($0) })
    #expect(difference == 0.8279 - 0.8288)
  }

  @Test func runsOfOneNameAreToldApart() {
    let again = Self.masks("r2", model: "wnet", auc: 0.97, dice: 0.8)
    let text = terminalReport(
      [Self.run, again],
      published: [Self.published],
      style: TerminalStyle(width: 200)
    )
    #expect(text.contains("wnet (r1) − W-Net") && text.contains("wnet (r2) − W-Net"))
  }
}
