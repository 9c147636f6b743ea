import Metrics
import Randomness
import Results
import TestSupport
import Testing

@Suite("ROC and precision-recall curves")
struct CurveTests {
  @Test(
    "Unthinned curves equal scikit-learn's",
    arguments: try references("curves.json", of: ReferenceCurves.self)
  )
  func unthinned(_ reference: ReferenceCurves) throws {
    let predictions = try BinaryPredictions(scores: reference.scores, labels: reference.labels)
    let roc = try #require(binaryROCCurve(predictions, pointLimit: .max))
    let precisionRecall = try #require(binaryPrecisionRecallCurve(predictions, pointLimit: .max))
    #expect(roc.kind == .receiverOperating)
    #expect(mismatch(roc.x, reference.roc[0], within: scikitLearn) == nil)
    #expect(mismatch(roc.y, reference.roc[1], within: scikitLearn) == nil)
    #expect(precisionRecall.kind == .precisionRecall)
    #expect(mismatch(precisionRecall.x, reference.pr[0], within: scikitLearn) == nil)
    #expect(mismatch(precisionRecall.y, reference.pr[1], within: scikitLearn) == nil)
  }

  @Test("A thinned curve keeps its ends, its order and nearly its area", arguments: [2, 50, 200])
  func thinned(pointLimit: Int) throws {
    let predictions = try scatteredPredictions(count: 3000, seed: 7)
    let full = try #require(binaryROCCurve(predictions, pointLimit: .max))
    let thin = try #require(binaryROCCurve(predictions, pointLimit: pointLimit))
    #expect(full.x.count == 3001)
    #expect(thin.x.count <= pointLimit)
    #expect(thin.x.count > pointLimit * 9 / 10)
    #expect(thin.x.first == 0 && thin.y.first == 0 && thin.x.last == 1 && thin.y.last == 1)
    #expect(thin.x == thin.x.sorted() && thin.y == thin.y.sorted())
    let fullPoints = Set(zip(full.x, full.y).map { SIMD2($0, $1) })
    #expect(zip(thin.x, thin.y).allSatisfy { fullPoints.contains(SIMD2($0, $1)) })
    #expect(pointLimit == 2 || abs(trapezoidArea(thin) - trapezoidArea(full)) < 2e-3)
    #expect(abs(trapezoidArea(full) - (binaryAUROC(predictions).number ?? 0)) < 1e-12)
  }

  @Test("Samples that count 0 add no points behind the limit", arguments: [2, 3, 10, 50, 200])
  func uncounted(pointLimit: Int) throws {
    let predictions = try scatteredPredictions(count: 600, seed: 7)
    let lowest = predictions.scores.sorted()[20]
    let counted = predictions.counted(predictions.scores.map { $0 < lowest ? 0 : 1 })
    let thin = try #require(binaryROCCurve(counted, pointLimit: pointLimit))
    #expect(thin.x.count <= pointLimit)
    #expect(thin.x.last == 1 && thin.y.last == 1)
  }

  @Test("Reports hold at most 200 points per curve, and no curve that is undefined")
  func inReports() throws {
    let report = MetricSuite.evaluate(
      try scatteredPredictions(count: 3000, seed: 7),
      bootstrap: nil
    )
    #expect(report.curves.map(\.kind) == [.receiverOperating, .precisionRecall])
    #expect(report.curves.allSatisfy { $0.x.count <= 200 && $0.name == "positive" })
    let oneSided = try MulticlassPredictions(
      scores: [0.2, 0.8, 0.0, 0.7, 0.2, 0.1],
      labels: [0, 1],
      classNames: ["none", "mild", "severe"]
    )
    #expect(
      MetricSuite.evaluate(oneSided, bootstrap: nil).curves.map(\.name)
        == ["none", "none", "mild", "mild"]
    )
    let allPositive = try BinaryPredictions(scores: [0.2, 0.4], labels: [true, true])
    #expect(binaryROCCurve(allPositive) == nil)
    #expect(binaryPrecisionRecallCurve(allPositive)?.y == [1, 1, 1])
    let allNegative = try BinaryPredictions(scores: [0.2, 0.4], labels: [false, false])
    #expect(binaryPrecisionRecallCurve(allNegative) == nil)
  }

  private func trapezoidArea(_ curve: Curve) -> Double {
    var area = 0.0
    for index in 1..<curve.x.count {
      let width = curve.x[index] - curve.x[index - 1]
      area += width * (curve.y[index] + curve.y[index - 1]) / 2
    }
    return area
  }
}

/// Binary predictions with normally distributed scores without ties, a third positive.
func scatteredPredictions(count: Int, seed: UInt64) throws -> BinaryPredictions {
  var random = RandomSource(seed: seed)
  let labels = (0..<count).map { $0 % 3 == 0 }
  let scores = labels.map { random.nextNormal() + ($0 ? 1 : 0) }
  return try BinaryPredictions(scores: scores, labels: labels)
}
