import Metrics
import Results
import TestSupport
import Testing

@Suite("Distances and ratios in reports of masks")
struct SegmentationReportDistanceTests {
  private let names = ["first", "second"]

  /// Background, disc and cup of 5 × 3 pixels; the disc lies 2 columns beside, then on, the true one.
  private func counts() throws -> [SegmentationCounts] {
    var maps = try LabelMapSegmentation(classNames: ["background", "disc", "cup"])
    let truth: [UInt8] = [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0]
    try maps.add(
      name: names[0],
      predicted: [0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0],
      truth: truth,
      fieldOfView: nil
    )
    try maps.add(
      name: names[1],
      predicted: [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      truth: truth,
      fieldOfView: nil
    )
    return maps.counts
  }

  /// The disc's distances 2 and 0, the cup's 0 and none.
  private func distances() -> [ImageSummary] {
    func picture(_ text: String) -> BinaryMask { mask(text, width: 5, height: 3) }
    func distance(_ predicted: String, _ truth: String, _ name: String) -> MetricValue {
      hausdorffDistance95(picture(predicted), picture(truth), of: name)
    }
    let (disc, moved) = ("010000100000000", "000100001000000")
    let (cup, none) = ("000000000001000", "000000000000000")
    return [
      ImageSummary(
        names: names,
        values: [distance(moved, disc, "disc"), distance(disc, disc, "disc")]
      ),
      ImageSummary(names: names, values: [distance(cup, cup, "cup"), distance(none, cup, "cup")]),
    ]
  }

  private func report(_ policy: SegmentationPolicy) throws -> SegmentationReport {
    SegmentationReport(
      try counts(),
      distances: distances(),
      hasBackground: true,
      policy: policy
    )
  }

  @Test("Distances belong to the foreground; less is better", arguments: [false, true])
  func foreground(_ meanHasBackground: Bool) throws {
    let report = try report(SegmentationPolicy(meanHasBackground: meanHasBackground))
    let mean = try #require(report.record("mean", "hd95-per-image"))
    #expect(mean.value == .value(0.5) && mean.classesIncluded == 2)
    #expect(mean.displayName == "HD95 (per image)" && mean.unit == "px")
    #expect(mean.higherIsBetter == false && mean.averaging == .macro)
    #expect(report.record("background", "hd95-per-image") == nil)
    let disc = try #require(report.record("disc", "hd95-per-image"))
    #expect(disc.value == .value(1) && disc.averaging == .samples)
    #expect(disc.higherIsBetter == false && disc.unit == "px")
    #expect(report.record("cup", "hd95-per-image")?.value == .value(0))
    #expect(
      report.notes.contains(
        "class \"cup\": hd95-per-image: 1 of 2 images left out, the first second: class \"cup\" is "
          + "empty in prediction"
      )
    )
    #expect(!report.notes.contains { $0.hasPrefix("class \"disc\": hd95") })
    let accuracy = try #require(report.record("mean", "accuracy-pooled"))
    #expect(accuracy.classesIncluded == (meanHasBackground ? 3 : 2))
    #expect(accuracy.higherIsBetter == true && accuracy.unit == nil)
  }

  @Test("A class without any distance is left out of the mean by name")
  func leftOut() throws {
    let nothing = MetricValue.undefined(reason: "class \"cup\" is empty in truth")
    let report = SegmentationReport(
      try counts(),
      distances: [distances()[0], ImageSummary(names: names, values: [nothing, nothing])],
      hasBackground: true,
      policy: SegmentationPolicy(emptyMasks: .one),
      bootstrap: try BootstrapOptions(replicates: 30, seed: 4)
    )
    let mean = try #require(report.record("mean", "hd95-per-image"))
    #expect(mean.value == .value(1) && mean.classesExcluded.map(\.name) == ["cup"])
    #expect(
      mean.classesExcluded.map(\.reason)
        == ["no image has a value: class \"cup\" is empty in truth"]
    )
    // The class that the whole lacks makes no replicate undefined, and has no interval to miss.
    #expect(mean.confidenceInterval?.replicates == 30)
    #expect(report.record("cup", "hd95-per-image")?.confidenceInterval == nil)
    #expect(!report.intervalNotes.contains { $0.identifier == "hd95-per-image" })
  }

  @Test("A single class has its distance among the metrics")
  func single() throws {
    let report = SegmentationReport(
      [try counts()[1]],
      distances: [distances()[0]],
      hasBackground: false,
      policy: SegmentationPolicy()
    )
    #expect(report.metrics == report.classMetrics[0].metrics)
    #expect(report.metrics.last?.identifier == "hd95-per-image")
    #expect(report.metrics.last?.value == .value(1))
  }

  @Test("Errors of cup-to-disc ratios stand for no class")
  func ratios() throws {
    var errors = CupToDiscErrors()
    errors.add(name: names[0], predicted: .value(0.5), truth: .value(0.75))
    errors.add(
      name: names[1],
      predicted: .undefined(reason: "there is no disc"),
      truth: .value(0.5)
    )
    let report = SegmentationReport(
      try counts(),
      cupToDisc: errors,
      hasBackground: true,
      policy: SegmentationPolicy()
    )
    let bias = try #require(report.record("none", "cdr-error-mean"))
    #expect(bias.value == .value(-0.25) && bias.higherIsBetter == nil)
    let absolute = try #require(report.record("none", "cdr-error-absolute"))
    #expect(absolute.value == .value(0.25) && absolute.higherIsBetter == false)
    #expect(report.metrics.suffix(2).map(\.averaging) == [.samples, .samples])
    #expect(!report.classMetrics.flatMap(\.metrics).contains { $0.identifier.hasPrefix("cdr") })
    #expect(
      report.notes.filter { $0.contains("ratio") } == [
        "cup-to-disc ratio: 1 of 2 images have none, the first second: predicted: there is no disc"
      ]
    )
  }

  @Test("Distances for the background, or of other images, are mistakes")
  func mistakes() async {
    await #expect(processExitsWith: .failure) {
      let counts = try LabelMapSegmentation(classNames: ["background", "disc"]).counts
      let none = ImageSummary(names: [], values: [])
      _ = SegmentationReport(
        counts,
        distances: [none, none],
        hasBackground: true,
        policy: SegmentationPolicy()
      )
    }
    await #expect(processExitsWith: .failure) {
      let counts = try LabelMapSegmentation(classNames: ["background", "disc"]).counts
      let other = ImageSummary(names: ["other"], values: [.value(1)])
      _ = SegmentationReport(
        counts,
        distances: [other],
        hasBackground: true,
        policy: SegmentationPolicy()
      )
    }
  }
}
