import Reporting
import Results
import Testing

/// The curves of trainings.
@Suite struct TrainingPlotTests {
  private func record(seed: UInt64, losses: [Double], scores: [Double?]) -> TrainingRecord {
    TrainingRecord(
      seed: seed,
      ending: "finished",
      validationName: "macro AUC",
      epochs: zip(losses, scores).enumerated().map { index, epoch in
        EpochRecord(
          epoch: index + 1,
          trainingLoss: epoch.0,
          validation: epoch.1,
          isBest: index == 1
        )
      }
    )
  }

  @Test func eachRepeatHasALineInBothPanels() {
    let records = [
      record(seed: 3, losses: [1.5, 0.5, 0.25], scores: [0.5, 0.75, 0.625]),
      record(seed: 8, losses: [2, 1, 0.5], scores: [0.25, 0.5, nil]),
    ]
    let svg = trainingPlot(records)
    let lines = svg.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("<path") } == 4)
    #expect(lines.count { $0.hasPrefix("<circle") } == 4, "the kept epoch, in each panel")
    #expect(svg.contains(">seed 3</text>") && svg.contains(">seed 8</text>"))
    #expect(svg.contains("Validation: macro AUC"))
  }

  /// Losses 0…2 at steps of 0.5: 2 lies at the panel's top, 0 at its bottom.
  @Test func theAxisHasRoundEnds() throws {
    let svg = trainingPlot([record(seed: 0, losses: [2, 0, 1], scores: [0.5, 0.5, 0.5])])
    let path = try #require(svg.split(separator: "\n").first { $0.hasPrefix("<path") })
    #expect(path.contains("d=\"M56 34L186 254L316 144\""))
  }

  @Test func oneEpochWithoutValidationCanBeDrawn() {
    let svg = trainingPlot([record(seed: 0, losses: [1], scores: [nil])])
    #expect(svg.contains("<path d=\"M186 "))
    #expect(!svg.contains("nan"))
  }

  @Test func nothingToDrawIsNoDrawing() {
    #expect(trainingPlot([]).isEmpty)
    #expect(trainingPlot([record(seed: 0, losses: [], scores: [])]).isEmpty)
  }
}
