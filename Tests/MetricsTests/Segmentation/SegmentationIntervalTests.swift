import Metrics
import Randomness
import Results
import TestSupport
import Testing

@Suite("Intervals of masks")
struct SegmentationIntervalTests {
  private static let cases = SegmentationIntervalCase.all

  @Test("There are cases") func present() { #expect(Self.cases.count == 4) }

  @Test("Values and intervals equal NumPy's on the same resamples", arguments: cases)
  func reference(_ example: SegmentationIntervalCase) throws {
    let report = try example.report(try example.options(), groups: example.groups)
    let pooledAreas = ["auc-pooled", "ap-pooled"]
    for name in example.classNames + ["mean", "none"] {
      let found = report.records(name).map(\.identifier).filter { !pooledAreas.contains($0) }
      let expected = example.expected.filter { $0.className == name }.map(\.metric)
      #expect(found.sorted() == expected.sorted(), "\(name)")
    }
    for row in example.expected {
      let record = try #require(report.record(row.className, row.metric))
      let place = "\(row.className), \(row.metric)"
      #expect(disagreement(record.value, row.value) == nil, "\(place)")
      let note = report.intervalNotes.first {
        $0.identifier == row.metric && $0.averaging == record.averaging
          && $0.className == (["mean", "none"].contains(row.className) ? nil : row.className)
      }
      if row.value != nil {
        #expect(note?.undefinedReplicates ?? 0 == row.undefined, "\(place)")
        #expect((note?.isMissing ?? false) == (row.low == nil), "\(place)")
      } else {
        #expect(note == nil)
      }
      guard let low = row.low, let high = row.high else {
        #expect(record.confidenceInterval == nil, "\(place)")
        continue
      }
      let interval = try #require(record.confidenceInterval, "\(place)")
      #expect(scikitLearn.accepts(interval.low, low), "\(place): \(interval.low), \(low)")
      #expect(scikitLearn.accepts(interval.high, high), "\(place): \(interval.high), \(high)")
      #expect(interval.level == example.level && interval.seed == example.seed)
      #expect(interval.replicates == example.replicates - row.undefined)
      #expect(
        interval.method
          == (example.groups == nil ? "bootstrap-percentile" : "cluster-bootstrap-percentile")
      )
    }
  }

  @Test("The cases hold intervals that are missing and such of fewer replicates")
  func variety() {
    let rows = Self.cases.flatMap(\.expected)
    #expect(rows.contains { $0.value != nil && $0.low == nil })
    #expect(rows.contains { $0.undefined > 0 && $0.low != nil })
    #expect(rows.count { ($0.low ?? 0) < ($0.high ?? 0) } > 100)
  }

  @Test("Intervals change no number, and the same seed gives the same bits", arguments: cases)
  func determinism(_ example: SegmentationIntervalCase) throws {
    let plain = try example.report(nil, groups: example.groups)
    let first = try example.report(try example.options(), groups: example.groups)
    #expect(first == (try example.report(try example.options(), groups: example.groups)))
    #expect(plain.metrics.allSatisfy { $0.confidenceInterval == nil })
    #expect(plain.intervalNotes.isEmpty)
    #expect(plain.metrics.map(\.value) == first.metrics.map(\.value))
    #expect(plain.notes == first.notes)
    let other = try example.report(
      try BootstrapOptions(replicates: example.replicates, seed: example.seed + 1),
      groups: example.groups
    )
    let dice = ("mean", "dice-pooled")
    #expect(
      first.record(dice.0, dice.1)?.confidenceInterval
        != other.record(dice.0, dice.1)?.confidenceInterval
    )
  }

  @Test("Pooled areas have no interval and say why; areas per image have one")
  func pooledAreas() throws {
    let example = try #require(Self.cases.first { $0.name == "lesions, each image" })
    let report = try example.report(try example.options(), groups: nil)
    for identifier in ["auc-pooled", "ap-pooled"] {
      for name in ["mean", "exudate"] {
        let record = try #require(report.record(name, identifier))
        #expect(record.value.number != nil && record.confidenceInterval == nil)
        let note = report.intervalNotes.first {
          $0.identifier == identifier && $0.className == (name == "mean" ? nil : name)
        }
        #expect(note?.isMissing == true)
        #expect(
          note?.reason.hasSuffix("each resample would rank the pixels of all images anew") == true
        )
      }
    }
    #expect(report.record("exudate", "auc-per-image")?.confidenceInterval != nil)
    #expect(report.record("exudate", "ap-per-image")?.confidenceInterval != nil)
  }

  @Test("A single image, or the images of a single patient, give no interval")
  func single() throws {
    var maps = try LabelMapSegmentation(classNames: ["background", "disc"])
    let options = try BootstrapOptions(replicates: 20, seed: 1)
    for (name, groups) in [("a", [Int]?.none), ("b", [4, 4])] {
      try maps.add(name: name, predicted: [0, 1, 1], truth: [0, 1, 0], fieldOfView: nil)
      let report = SegmentationReport(
        maps.counts,
        hasBackground: true,
        policy: SegmentationPolicy(),
        bootstrap: options,
        groups: groups
      )
      #expect(report.metrics.allSatisfy { $0.confidenceInterval == nil })
      let note = try #require(report.intervalNotes.first { $0.className == nil })
      #expect(note.reason == "1 \(groups == nil ? "sample" : "group") can't be resampled")
    }
  }

  @Test("A single class's notes stand for the whole")
  func singleClass() throws {
    let example = try #require(BinarySegmentationCase.all.first { $0.name == "empty and full" })
    let segmentation = try example.segmentation(.atLeast(0.5))
    let report = SegmentationReport(
      [segmentation.counts(at: 0)],
      areas: [segmentation],
      hasBackground: false,
      policy: SegmentationPolicy(),
      bootstrap: try BootstrapOptions(replicates: 50, seed: 3)
    )
    #expect(report.metrics == report.classMetrics[0].metrics)
    #expect(report.metrics.contains { $0.confidenceInterval != nil })
    #expect(report.intervalNotes.map(\.identifier).contains("auc-pooled"))
    #expect(report.intervalNotes.allSatisfy { $0.className == nil })
  }
}
