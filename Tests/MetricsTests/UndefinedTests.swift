import Metrics
import Results
import Testing

/// A metric without a value says why; it never is 0 and never enters a mean.
@Suite("Undefined metrics")
struct UndefinedTests {
  private static let grades = ["none", "mild", "severe"]

  private func reason(
    _ report: MetricReport,
    _ identifier: String,
    _ averaging: Averaging = .none
  ) -> String? {
    report.metric(identifier, averaging)?.value.undefinedReason
  }

  @Test("Nothing has a value without a sample")
  func empty() throws {
    let reports = [
      MetricSuite.evaluate(try BinaryPredictions(scores: [], labels: []), bootstrap: nil),
      MetricSuite.evaluate(
        try MulticlassPredictions(scores: [], labels: [], classNames: Self.grades),
        bootstrap: nil
      ),
      MetricSuite.evaluate(
        try MultilabelPredictions(scores: [], labels: [], classNames: Self.grades),
        bootstrap: try BootstrapOptions(seed: 1)
      ),
    ]
    for report in reports {
      #expect(!report.metrics.isEmpty)
      for record in report.metrics + report.classMetrics.flatMap(\.metrics) {
        #expect(record.value.undefinedReason?.isEmpty == false)
        #expect(record.confidenceInterval == nil)
      }
      #expect(report.curves.isEmpty)
      #expect(report.intervalNotes.isEmpty)
      #expect(report.mistrustReasons.isEmpty)
    }
    #expect(reports[1].confusionMatrix?.counts == [[0, 0, 0], [0, 0, 0], [0, 0, 0]])
    #expect(reports[2].confusionMatrix == nil)
  }

  @Test("Without a positive: no AUC, no AP, no sensitivity")
  func withoutPositive() throws {
    let predictions = try BinaryPredictions(
      scores: [0.1, 0.7],
      labels: [false, false],
      positiveName: "referable"
    )
    let report = MetricSuite.evaluate(predictions, bootstrap: nil)
    let absent = "class \"referable\" has no positive sample"
    #expect(reason(report, "auc") == absent)
    #expect(reason(report, "ap") == absent)
    #expect(reason(report, "sensitivity") == absent)
    #expect(report.metric("specificity")?.value == .value(0.5))
    #expect(report.metric("precision")?.value == .value(0))
    #expect(report.metric("f1")?.value == .value(0))
    let balanced = report.metric("balanced-accuracy", .macro)
    #expect(balanced?.value == .value(0.5))
    #expect(balanced?.classesIncluded == 1)
    #expect(balanced?.classesExcluded == [Exclusion(name: "referable", reason: absent)])
  }

  @Test("Without a negative: no AUC, no specificity")
  func withoutNegative() throws {
    let predictions = try BinaryPredictions(scores: [0.1, 0.7], labels: [true, true])
    let report = MetricSuite.evaluate(predictions, bootstrap: nil)
    let absent = "class \"positive\" has no negative sample"
    #expect(reason(report, "auc") == absent)
    #expect(reason(report, "specificity") == absent)
    #expect(report.metric("ap")?.value == .value(1))
  }

  @Test("Nothing decided positive: no precision; with no positive either: no F1")
  func nothingDecided() throws {
    let some = try BinaryPredictions(scores: [0.1, 0.2], labels: [true, false])
    let report = MetricSuite.evaluate(some, bootstrap: nil)
    #expect(reason(report, "precision") == "no sample is decided to be class \"positive\"")
    #expect(report.metric("f1")?.value == .value(0))
    #expect(reason(report, "mcc") == "all decisions are one class")
    #expect(report.metric("kappa")?.value == .value(0))
    let none = try BinaryPredictions(scores: [0.1, 0.2], labels: [false, false])
    let bare = MetricSuite.evaluate(none, bootstrap: nil)
    #expect(
      reason(bare, "f1")
        == "class \"positive\" occurs neither among labels nor among decisions"
    )
    #expect(reason(bare, "kappa") == "all labels and all decisions are one class")
    #expect(reason(bare, "mcc") == "all labels are one class")
    #expect(bare.metric("accuracy")?.value == .value(1))
  }

  @Test("Log loss needs probabilities")
  func logLoss() throws {
    let logits = try BinaryPredictions(scores: [0.1, -2], labels: [true, false])
    #expect(
      reason(MetricSuite.evaluate(logits, bootstrap: nil), "log-loss")
        == "the score -2.0 of row 1 is no probability"
    )
    let unnormalised = try MulticlassPredictions(
      scores: [0.5, 0.5, 0, 0.5, 0.25, 0],
      labels: [0, 1],
      classNames: Self.grades
    )
    #expect(
      reason(MetricSuite.evaluate(unnormalised, bootstrap: nil), "log-loss")
        == "the scores of row 1 sum to 0.75, not to 1"
    )
  }

  @Test("A mean over classes leaves the undefined out and names them")
  func excludedClasses() throws {
    let predictions = try MulticlassPredictions(
      scores: [0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.5, 0.4, 0.1, 0.1, 0.8, 0.1],
      labels: [0, 1, 1, 0],
      classNames: Self.grades
    )
    let report = MetricSuite.evaluate(predictions, bootstrap: nil)
    let absent = Exclusion(name: "severe", reason: "class \"severe\" has no positive sample")
    for identifier in ["auc", "ap"] {
      let record = report.metric(identifier, .macro)
      #expect(record?.classesIncluded == 2)
      #expect(record?.classesExcluded == [absent])
      let defined = report.classMetrics.compactMap { record in
        record.metrics.first { $0.identifier == identifier }?.value.number
      }
      #expect(defined.count == 2)
      #expect(record?.value == .value((defined[0] + defined[1]) / 2))
    }
    #expect(report.metric("balanced-accuracy", .macro)?.classesExcluded == [absent])
    #expect(report.metric("balanced-accuracy", .macro)?.value == .value(0.5))
    #expect(report.metric("f1", .macro)?.classesExcluded.map(\.name) == ["severe"])
    #expect(report.metric("accuracy")?.classesIncluded == nil)
    #expect(report.classMetrics.map(\.count) == [2, 2, 0])
  }

  @Test("A class without a sample has no weight in a weighted mean, even with a value")
  func noWeight() throws {
    let predictions = try MulticlassPredictions(
      scores: [0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.1, 0.2, 0.7],
      labels: [0, 1, 1],
      classNames: Self.grades
    )
    let weighted = MetricSuite.evaluate(predictions, bootstrap: nil).metric("f1", .weighted)
    #expect(weighted?.classesIncluded == 2)
    #expect(
      weighted?.classesExcluded == [
        Exclusion(
          name: "severe",
          reason: "class \"severe\" has no positive sample, so no weight"
        )
      ]
    )
    #expect(abs((weighted?.value.number ?? 0) - (1 + 2 * 2.0 / 3) / 3) < 1e-15)
  }

  @Test("A mean over no class is undefined and says why")
  func noClass() throws {
    let predictions = try MultilabelPredictions(
      scores: [0.6, 0.3, 0.1, 0.9],
      labels: [false, true, false, true],
      classNames: ["drusen", "normal"]
    )
    let report = MetricSuite.evaluate(predictions, bootstrap: nil)
    #expect(
      reason(report, "auc", .macro)
        == "no class has a value: class \"drusen\" has no positive sample"
    )
    #expect(report.metric("auc", .macro)?.classesIncluded == 0)
    #expect(report.metric("auc", .micro)?.value.number != nil)
  }
}
