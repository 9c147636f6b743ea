import Metrics
import Randomness
import Results
import TestSupport
import Testing

@Suite("Bootstrap intervals")
struct BootstrapTests {
  private let grades = ["none", "mild", "severe"]

  /// `count` samples of three grades, one of them as rare as told, with noisy scores.
  private func predictions(count: Int, rare: Int, seed: UInt64) throws -> MulticlassPredictions {
    var random = RandomSource(seed: seed)
    let labels = (0..<count).map { $0 < rare ? 2 : $0 % 2 }
    let scores = labels.flatMap { label in
      (0..<3).map { random.nextNormal() + ($0 == label ? 1 : 0) }
    }
    return try MulticlassPredictions(scores: scores, labels: labels, classNames: grades)
  }

  @Test("The same seed gives the same intervals, another seed others")
  func deterministic() throws {
    let predictions = try predictions(count: 60, rare: 20, seed: 3)
    let options = try BootstrapOptions(replicates: 50, seed: 11)
    let first = MetricSuite.evaluate(predictions, bootstrap: options)
    #expect(first == MetricSuite.evaluate(predictions, bootstrap: options))
    let other = MetricSuite.evaluate(
      predictions,
      bootstrap: try BootstrapOptions(replicates: 50, seed: 12)
    )
    #expect(first.metrics.map(\.value) == other.metrics.map(\.value))
    #expect(
      first.metric("auc", .macro)?.confidenceInterval
        != other.metric("auc", .macro)?.confidenceInterval
    )
  }

  @Test("Intervals equal those of samples that are really duplicated and sorted anew")
  func naive() throws {
    let predictions = try predictions(count: 40, rare: 15, seed: 5)
    let options = try BootstrapOptions(replicates: 80, level: 0.9, seed: 21)
    let report = MetricSuite.evaluate(predictions, bootstrap: options)
    var values: [String: [Double]] = [:]
    for replicate in 0..<80 {
      var random = RandomSource(seed: 21, UInt32(replicate))
      let drawn = (0..<40).map { _ in random.nextIndex(below: 40) }
      let resampled = try MulticlassPredictions(
        scores: drawn.flatMap { Array(predictions.scores[$0 * 3..<$0 * 3 + 3]) },
        labels: drawn.map { predictions.labels[$0] },
        classNames: grades
      )
      for record in MetricSuite.evaluate(resampled, bootstrap: nil).metrics {
        guard let number = record.value.number else { continue }
        values["\(record.identifier)/\(record.averaging)", default: []].append(number)
      }
    }
    for record in report.metrics where record.value.number != nil {
      let sorted = try #require(values["\(record.identifier)/\(record.averaging)"]).sorted()
      #expect(sorted.count == 80)
      let interval = try #require(record.confidenceInterval)
      #expect(abs(interval.low - quantile(0.05, ofSorted: sorted)) < 1e-12)
      #expect(abs(interval.high - quantile(0.95, ofSorted: sorted)) < 1e-12)
      #expect(interval.level == 0.9)
      #expect(interval.method == "bootstrap-percentile")
      #expect(interval.replicates == 80)
      #expect(interval.seed == 21)
    }
  }

  @Test("Classes have intervals too")
  func classes() throws {
    let report = MetricSuite.evaluate(
      try predictions(count: 60, rare: 20, seed: 3),
      bootstrap: try BootstrapOptions(replicates: 50, seed: 11)
    )
    for record in report.classMetrics.flatMap(\.metrics) {
      let interval = try #require(record.confidenceInterval)
      let number = try #require(record.value.number)
      #expect(interval.low <= number && number <= interval.high)
    }
  }

  @Test("A class that many resamples miss leaves its metrics and the means without interval")
  func missingInterval() throws {
    // Class "severe" has 1 of 40 samples: (39/40)^40, 36 % of the resamples miss it.
    let report = MetricSuite.evaluate(
      try predictions(count: 40, rare: 1, seed: 9),
      bootstrap: try BootstrapOptions(replicates: 400, seed: 2)
    )
    let area = try #require(report.metric("auc", .macro))
    #expect(area.value.number != nil)
    #expect(area.classesIncluded == 3)
    #expect(area.confidenceInterval == nil)
    let note = try #require(
      report.intervalNotes.first { $0.identifier == "auc" && $0.averaging == .macro }
    )
    #expect(note.isMissing)
    #expect((100...190).contains(note.undefinedReplicates))
    #expect(note.replicates == 400)
    #expect(
      "\(note)" == "auc (macro): no interval, \(note.undefinedReplicates) of 400 resamples have "
        + "no value: class \"severe\" has no positive sample"
    )
    #expect(
      report.intervalNotes.contains { $0.className == "severe" && $0.identifier == "sensitivity" }
    )
    #expect(report.metric("accuracy")?.confidenceInterval?.replicates == 400)
    #expect(report.metric("kappa")?.confidenceInterval != nil)
  }

  @Test("Few resamples without a value are left out and counted")
  func countedReplicates() throws {
    let predictions = try predictions(count: 40, rare: 4, seed: 9)
    let report = MetricSuite.evaluate(
      predictions,
      bootstrap: try BootstrapOptions(replicates: 400, seed: 2)
    )
    let note = try #require(
      report.intervalNotes.first { $0.identifier == "auc" && $0.averaging == .macro }
    )
    #expect(!note.isMissing)
    #expect((1...20).contains(note.undefinedReplicates))
    let interval = try #require(report.metric("auc", .macro)?.confidenceInterval)
    #expect(interval.replicates == 400 - note.undefinedReplicates)
    let strict = MetricSuite.evaluate(
      predictions,
      bootstrap: try BootstrapOptions(replicates: 400, seed: 2, maximumUndefinedShare: 0)
    )
    #expect(strict.metric("auc", .macro)?.confidenceInterval == nil)
  }

  @Test("A class that the whole lacks doesn't make replicates undefined")
  func absentFromTheWhole() throws {
    let report = MetricSuite.evaluate(
      try predictions(count: 40, rare: 0, seed: 9),
      bootstrap: try BootstrapOptions(replicates: 100, seed: 2)
    )
    #expect(report.metric("auc", .macro)?.classesExcluded.map(\.name) == ["severe"])
    #expect(report.metric("auc", .macro)?.confidenceInterval?.replicates == 100)
    #expect(!report.intervalNotes.contains { $0.identifier == "auc" })
  }

  @Test("A single sample has no interval")
  func single() throws {
    let predictions = try BinaryPredictions(scores: [0.9], labels: [true])
    let report = MetricSuite.evaluate(predictions, bootstrap: try BootstrapOptions(seed: 1))
    #expect(report.metric("accuracy")?.value == .value(1))
    #expect(report.metrics.allSatisfy { $0.confidenceInterval == nil })
    let note = report.intervalNotes.first { $0.identifier == "accuracy" }
    #expect(note?.reason == "1 sample can't be resampled")
  }

  @Test("Groups are drawn whole: pairs of equal samples give the wider interval of half as many")
  func groups() throws {
    let half = try scatteredPredictions(count: 150, seed: 4)
    let doubled = try BinaryPredictions(
      scores: half.scores.flatMap { [$0, $0] },
      labels: half.labels.flatMap { [$0, $0] }
    )
    let options = try BootstrapOptions(replicates: 300, seed: 6)
    let patients = (0..<300).map { 1000 - $0 / 2 }
    let grouped = MetricSuite.evaluate(doubled, bootstrap: options, groups: patients)
    let ungrouped = MetricSuite.evaluate(doubled, bootstrap: options)
    let reference = MetricSuite.evaluate(half, bootstrap: options)
    let interval = try #require(grouped.metric("auc")?.confidenceInterval)
    let expected = try #require(reference.metric("auc")?.confidenceInterval)
    #expect(interval.low == expected.low && interval.high == expected.high)
    #expect(interval.method == "cluster-bootstrap-percentile")
    let narrow = try #require(ungrouped.metric("auc")?.confidenceInterval)
    let ratio = (interval.high - interval.low) / (narrow.high - narrow.low)
    #expect((1.2...1.7).contains(ratio))
  }

  @Test("About 95 of 100 intervals hold the true value")
  func coverage() throws {
    // 120 sets of 60 samples; a decision is right with probability 0.8. Deviation of the count: 3.
    let truth = 0.8
    let holding = try (0..<120).count { set in
      var random = RandomSource(seed: 77, UInt32(set))
      let labels = (0..<60).map { $0 % 2 == 0 }
      let scores = labels.map { label in
        (random.nextUniform() < truth) == label ? 0.9 : 0.1
      }
      let report = MetricSuite.evaluate(
        try BinaryPredictions(scores: scores, labels: labels),
        bootstrap: try BootstrapOptions(replicates: 120, seed: UInt64(set))
      )
      let interval = try #require(report.metric("accuracy")?.confidenceInterval)
      return interval.low <= truth && truth <= interval.high
    }
    #expect((102...119).contains(holding), "\(holding) of 120 intervals hold the truth")
  }

  @Test("Options outside their range are errors")
  func options() {
    func error(_ name: String, _ found: String, _ expected: String) -> MetricsError {
      MetricsError(.invalidOption(name: name, found: found, expected: expected), in: "bootstrap")
    }
    #expect(throws: error("replicates", "0", "at least 1")) {
      try BootstrapOptions(replicates: 0, seed: 1)
    }
    #expect(throws: error("level", "1.0", "a number between 0 and 1")) {
      try BootstrapOptions(level: 1, seed: 1)
    }
    #expect(throws: error("maximum undefined share", "nan", "a number in 0...1")) {
      try BootstrapOptions(seed: 1, maximumUndefinedShare: .nan)
    }
  }
}
