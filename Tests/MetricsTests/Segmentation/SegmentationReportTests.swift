import Metrics
import Results
import TestSupport
import Testing

@Suite("Reports of masks")
struct SegmentationReportTests {
  /// 6 pixels of background, disc and cup; the cup is nowhere in the second image.
  private func maps() throws -> LabelMapSegmentation {
    var maps = try LabelMapSegmentation(classNames: ["background", "disc", "cup"])
    try maps.add(
      name: "first",
      predicted: [0, 0, 1, 1, 2, 0],
      truth: [0, 0, 1, 1, 2, 2],
      fieldOfView: nil
    )
    try maps.add(
      name: "second",
      predicted: [0, 1, 1, 1, 0, 0],
      truth: [0, 0, 1, 1, 255, 0],
      fieldOfView: nil
    )
    return maps
  }

  private func value(_ report: SegmentationReport, _ identifier: String) throws -> Double {
    let record = try #require(report.metrics.first { $0.identifier == identifier })
    return try #require(record.value.number)
  }

  @Test("Means over classes follow the policy, and both scopes are named")
  func policies() throws {
    let classes = try maps().counts
    // Pooled Dice: background 8/10, disc 8/9, cup 2/3; per image: (4/5 + 4/5)/2, (1 + 4/5)/2, 2/3.
    let plain = SegmentationReport(classes, hasBackground: true, policy: SegmentationPolicy())
    #expect(abs(try value(plain, "dice-pooled") - (8.0 / 9 + 2.0 / 3) / 2) < 1e-15)
    #expect(abs(try value(plain, "dice-per-image") - (0.9 + 2.0 / 3) / 2) < 1e-15)
    let whole = SegmentationReport(
      classes,
      hasBackground: true,
      policy: SegmentationPolicy(meanHasBackground: true)
    )
    #expect(abs(try value(whole, "dice-pooled") - (0.8 + 8.0 / 9 + 2.0 / 3) / 3) < 1e-15)
    let generous = SegmentationReport(
      classes,
      hasBackground: true,
      policy: SegmentationPolicy(emptyMasks: .one)
    )
    #expect(abs(try value(generous, "dice-per-image") - (0.9 + (2.0 / 3 + 1) / 2) / 2) < 1e-15)
    let strict = SegmentationReport(
      classes,
      hasBackground: true,
      policy: SegmentationPolicy(emptyMasks: .zero)
    )
    #expect(abs(try value(strict, "dice-per-image") - (0.9 + 1.0 / 3) / 2) < 1e-15)
    #expect(
      plain.policy.names.map { "\($0.name)=\($0.value)" }
        == ["empty-masks=left-out", "background-in-mean=no"]
    )
    #expect(plain.classMetrics.map(\.name) == ["background", "disc", "cup"])
    #expect(plain.classMetrics.map(\.count) == [2, 2, 1])
    #expect(plain.metrics.count == 12 && plain.metrics.allSatisfy { $0.averaging == .macro })
    #expect(plain.metrics[0].classesIncluded == 2)
  }

  @Test("Images left out of a mean are counted and the first is named")
  func notes() throws {
    let report = SegmentationReport(
      try maps().counts,
      hasBackground: true,
      policy: SegmentationPolicy()
    )
    #expect(
      report.notes.contains(
        "class \"cup\": dice-per-image: 1 of 2 images left out, the first second: class \"cup\" is "
          + "empty in truth and prediction"
      )
    )
    #expect(!report.notes.contains { $0.contains("pooled") })
  }

  @Test("A class that is nowhere has no pooled Dice and is left out by name")
  func absent() throws {
    var maps = try LabelMapSegmentation(classNames: ["background", "disc", "cup"])
    try maps.add(name: "a", predicted: [0, 1, 1], truth: [0, 1, 0], fieldOfView: nil)
    let report = SegmentationReport(
      maps.counts,
      hasBackground: true,
      policy: SegmentationPolicy()
    )
    let dice = try #require(report.metrics.first { $0.identifier == "dice-pooled" })
    #expect(dice.classesIncluded == 1 && dice.classesExcluded.map(\.name) == ["cup"])
    #expect(abs(try value(report, "dice-pooled") - 2.0 / 3) < 1e-15)
  }

  @Test("A single class is reported as itself, with its areas")
  func single() throws {
    let example = try #require(BinarySegmentationCase.all.first)
    let grid = ThresholdGrid.atLeast(0.5)
    for pooling in [ScorePooling.exact, .levels] {
      let segmentation = try example.segmentation(grid, pooling)
      let report = SegmentationReport(
        [segmentation.counts(at: 0)],
        areas: [segmentation],
        hasBackground: false,
        policy: SegmentationPolicy()
      )
      #expect(report.metrics.count == 16)
      #expect(report.metrics == report.classMetrics[0].metrics)
      let auc = try #require(example.expected.pooled.auc)
      #expect(abs(try value(report, "auc-pooled") - auc) < (pooling == .exact ? 1e-9 : 1e-3))
      let isNamed = report.notes.contains { $0.contains("auc-pooled: 516097-levels, exact to") }
      #expect(isNamed == (pooling == .levels))
      #expect(report.metrics.map(\.identifier).contains("ap-per-image"))
      #expect(report.metrics.last?.averaging == .samples)
    }
  }

  @Test("A summary's numbers are those of its defined values")
  func summary() {
    let summary = ImageSummary(
      names: ["a", "b", "c", "d"],
      values: [.value(3), .undefined(reason: "empty"), .value(1), .value(2.5)]
    )
    #expect(summary.mean.number == 6.5 / 3 && summary.imageCount == 3)
    #expect(summary.quantiles?.median == 2.5 && summary.quantiles?.lowerQuartile == 1.75)
    #expect(summary.quantiles?.minimum == 1 && summary.quantiles?.maximum == 3)
    #expect(summary.quantiles?.upperQuartile == 2.75)
    // √(((5/6)² + (7/6)² + (1/3)²) / 2)
    #expect(abs((summary.standardDeviation ?? 0) - (13.0 / 12).squareRoot()) < 1e-15)
    #expect(summary.leftOut == [Exclusion(name: "b", reason: "empty")])
    let none = ImageSummary(names: ["a"], values: [.undefined(reason: "empty")])
    #expect(none.mean == .undefined(reason: "no image has a value: empty"))
    #expect(none.quantiles == nil && none.standardDeviation == nil)
  }
}
