import Metrics
import Results
import TestSupport
import Testing

/// Every metric of every suite against scikit-learn's values.
@Suite("Metrics equal scikit-learn's")
struct ScikitLearnTests {
  @Test("binary", arguments: try references("binary.json", of: ReferenceCase<Bool>.self))
  func binary(_ reference: ReferenceCase<Bool>) throws {
    var predictions = try BinaryPredictions(
      scores: reference.scores,
      labels: reference.labels,
      threshold: #require(reference.threshold)
    )
    if let multiplicities = reference.multiplicities {
      predictions = predictions.counted(multiplicities)
    }
    let report = MetricSuite.evaluate(predictions, bootstrap: nil)
    #expect(disagreements(report, reference) == [])
    #expect(report.classMetrics.count == 2)
  }

  @Test("multi-class", arguments: try references("multiclass.json", of: ReferenceCase<Int>.self))
  func multiclass(_ reference: ReferenceCase<Int>) throws {
    var predictions = try MulticlassPredictions(
      scores: reference.scores,
      labels: reference.labels,
      classNames: reference.classNames
    )
    if let multiplicities = reference.multiplicities {
      predictions = predictions.counted(multiplicities)
    }
    let report = MetricSuite.evaluate(predictions, bootstrap: nil)
    #expect(disagreements(report, reference) == [])
    #expect(report.classMetrics.map(\.name) == reference.classNames)
    #expect(multiclassAUROC(predictions).value == report.metric("auc", .macro)?.value)
    #expect(multiclassMeanAveragePrecision(predictions).value == report.metric("ap", .macro)?.value)
  }

  @Test("multi-label", arguments: try references("multilabel.json", of: ReferenceCase<Bool>.self))
  func multilabel(_ reference: ReferenceCase<Bool>) throws {
    var predictions = try MultilabelPredictions(
      scores: reference.scores,
      labels: reference.labels,
      classNames: reference.classNames,
      thresholds: reference.thresholds
    )
    if let multiplicities = reference.multiplicities {
      predictions = predictions.counted(multiplicities)
    }
    let report = MetricSuite.evaluate(predictions, bootstrap: nil)
    #expect(disagreements(report, reference) == [])
    #expect(report.classMetrics.map(\.name) == reference.classNames)
    #expect(multilabelAUROC(predictions).value == report.metric("auc", .macro)?.value)
    #expect(multilabelMeanAveragePrecision(predictions).value == report.metric("ap", .macro)?.value)
  }

  @Test("quantiles", arguments: try references("quantiles.json", of: ReferenceQuantiles.self))
  func quantiles(_ reference: ReferenceQuantiles) {
    let found = reference.shares.map { quantile($0, ofSorted: reference.sorted) }
    #expect(mismatch(found, reference.quantiles, within: scikitLearn) == nil)
  }
}
