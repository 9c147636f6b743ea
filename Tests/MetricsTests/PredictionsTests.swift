import Metrics
import Testing

/// What enters the module is validated with place and remedy.
@Suite("Predictions are validated")
struct PredictionsTests {
  @Test(
    "A NaN or infinite score is an error, never ranked",
    arguments: [Double.nan, .infinity, -.infinity]
  )
  func notFinite(score: Double) throws {
    let reason = MetricsError.Reason.scoreNotFinite(row: 1, column: 2, found: "\(score)")
    let scores = [0.1, 0.2, 0.7, 0.1, 0.2, score]
    let names = ["a", "b", "c"]
    #expect(throws: MetricsError(reason, in: "multi-class predictions")) {
      try MulticlassPredictions(scores: scores, labels: [0, 1], classNames: names)
    }
    let labels = [true, false, true, false, true, false]
    #expect(throws: MetricsError(reason, in: "multi-label predictions")) {
      try MultilabelPredictions(scores: scores, labels: labels, classNames: names)
    }
    let binary = MetricsError.Reason.scoreNotFinite(row: 5, column: 0, found: "\(score)")
    #expect(throws: MetricsError(binary, in: "binary predictions")) {
      try BinaryPredictions(scores: scores, labels: labels)
    }
  }

  @Test("Lengths must fit")
  func lengths() {
    #expect(
      throws: MetricsError(
        .unexpectedCount(of: "scores", found: 5, expected: 6),
        in: "multi-class predictions"
      )
    ) {
      try MulticlassPredictions(
        scores: [1, 2, 3, 4, 5],
        labels: [0, 1],
        classNames: ["a", "b", "c"]
      )
    }
    #expect(
      throws: MetricsError(
        .unexpectedCount(of: "labels", found: 5, expected: 4),
        in: "multi-label predictions"
      )
    ) {
      try MultilabelPredictions(
        scores: [1, 2, 3, 4, 5],
        labels: [true, true, false, true, false],
        classNames: ["a", "b"]
      )
    }
    #expect(
      throws: MetricsError(
        .unexpectedCount(of: "thresholds", found: 1, expected: 2),
        in: "multi-label predictions"
      )
    ) {
      try MultilabelPredictions(
        scores: [1, 2],
        labels: [true, true],
        classNames: ["a", "b"],
        thresholds: [0.5]
      )
    }
    #expect(
      throws: MetricsError(
        .unexpectedCount(of: "scores", found: 1, expected: 2),
        in: "binary predictions"
      )
    ) {
      try BinaryPredictions(scores: [1], labels: [true, false])
    }
  }

  @Test("Labels must be classes", arguments: [-1, 2])
  func labels(label: Int) {
    #expect(
      throws: MetricsError(
        .labelOutOfRange(row: 1, found: label, classCount: 2),
        in: "multi-class predictions"
      )
    ) {
      try MulticlassPredictions(
        scores: [1, 2, 3, 4],
        labels: [0, label],
        classNames: ["a", "b"]
      )
    }
  }

  @Test("Classes must be enough and have names of their own")
  func classes() {
    #expect(
      throws: MetricsError(
        .invalidOption(name: "class count", found: "1", expected: "at least 2"),
        in: "multi-class predictions"
      )
    ) {
      try MulticlassPredictions(scores: [1], labels: [0], classNames: ["a"])
    }
    #expect(
      throws: MetricsError(
        .invalidOption(name: "class count", found: "0", expected: "at least 1"),
        in: "multi-label predictions"
      )
    ) {
      try MultilabelPredictions(scores: [], labels: [], classNames: [])
    }
    #expect(throws: MetricsError(.repeatedClass(name: "a"), in: "multi-label predictions")) {
      try MultilabelPredictions(scores: [], labels: [], classNames: ["a", "b", "a"])
    }
    #expect(throws: MetricsError(.repeatedClass(name: "a"), in: "binary predictions")) {
      try BinaryPredictions(scores: [], labels: [], negativeName: "a", positiveName: "a")
    }
  }

  @Test("Thresholds must be finite")
  func thresholds() {
    let reason = MetricsError.Reason.invalidOption(
      name: "threshold",
      found: "nan",
      expected: "a finite number"
    )
    #expect(throws: MetricsError(reason, in: "binary predictions")) {
      try BinaryPredictions(scores: [1], labels: [true], threshold: .nan)
    }
    #expect(throws: MetricsError(reason, in: "multi-label predictions")) {
      try MultilabelPredictions(
        scores: [1],
        labels: [true],
        classNames: ["a"],
        thresholds: [.nan]
      )
    }
  }

  @Test("An error says what was found, what was expected and what to do")
  func descriptions() {
    let subject = "multi-class predictions"
    #expect(
      "\(MetricsError(.scoreNotFinite(row: 4, column: 2, found: "nan"), in: subject))"
        == "multi-class predictions: row 4, column 2 has score nan, expected a finite number; "
        + "leave the sample out by name or find why the model produced it"
    )
    #expect(
      "\(MetricsError(.labelOutOfRange(row: 4, found: 5, classCount: 5), in: subject))"
        == "multi-class predictions: row 4 has label 5, expected one of 0..<5; "
        + "check the class list against the label table"
    )
  }

  @Test("Equal highest scores decide for the first class")
  func ties() throws {
    let predictions = try MulticlassPredictions(
      scores: [0.2, 0.4, 0.4, 0.5, 0.0, 0.5],
      labels: [0, 1],
      classNames: ["a", "b", "c"]
    )
    #expect(predictions.predicted == [1, 0])
  }

  @Test("Multiplicities and groups that don't fit the samples stop the program")
  func multiplicities() async {
    await #expect(processExitsWith: .failure) {
      _ = try BinaryPredictions(scores: [1, 2], labels: [true, false]).counted([1])
    }
    await #expect(processExitsWith: .failure) {
      let counted = try BinaryPredictions(scores: [1, 2], labels: [true, false]).counted([1, 2])
      _ = MetricSuite.evaluate(counted, bootstrap: try BootstrapOptions(seed: 1))
    }
    await #expect(processExitsWith: .failure) {
      _ = MetricSuite.evaluate(
        try BinaryPredictions(scores: [1, 2], labels: [true, false]),
        bootstrap: try BootstrapOptions(seed: 1),
        groups: [1]
      )
    }
    await #expect(processExitsWith: .failure) {
      _ = try BinaryPredictions(scores: [1, 2], labels: [true, false]).counted([1, -1])
    }
  }
}
