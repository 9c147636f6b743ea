import Foundation
import Optimizers
import Parallelism
import Testing

/// Inputs at the edge of what can be fitted: an error with a reason, or a model that says so.
@Suite struct LogisticDegenerateTests {
  private let pool = WorkerPool(threadCount: 2)
  private let line: [Float] = [-3, -2, -1, 1, 2, 3]

  private func reason(_ body: () throws -> Void) -> OptimizersError.Reason? {
    do {
      try body()
      return nil
    } catch {
      return (error as? OptimizersError)?.reason
    }
  }

  private func fit(
    _ values: [Float],
    _ labels: [Int],
    classes: Int,
    scheme: LogisticRegression.Scheme = .multinomial,
    strength: Double = 1,
    options: LogisticRegression.Options = .init()
  ) throws -> LogisticModel {
    let columns = max(values.count / max(labels.count, 1), 1)
    return try LogisticRegression(
      FeatureMatrix(values, rows: labels.count, columns: columns),
      .classes(labels, count: classes),
      scheme: scheme,
      options: options,
      pool: pool
    )
    .fit(strength: strength)
  }

  @Test func nothingToLearnFrom() {
    #expect(reason { _ = try fit([], [], classes: 2) } == .noSamples)
  }

  @Test(arguments: LogisticRegression.Scheme.allCases)
  func oneClassOnly(_ scheme: LogisticRegression.Scheme) {
    let found = reason { _ = try fit([1, 2, 3], [1, 1, 1], classes: 3, scheme: scheme) }
    #expect(found == .singleClass(1))
  }

  @Test func weightsThatLeaveOneClass() {
    let options = LogisticRegression.Options(sampleWeights: [0, 1, 1])
    #expect(
      reason { _ = try fit([1, 2, 3], [0, 1, 1], classes: 2, options: options) } == .singleClass(1)
    )
  }

  @Test func labelsThatDoNotVary() throws {
    let features = try FeatureMatrix([1, 2], rows: 2, columns: 1)
    let found = reason {
      _ = try LogisticRegression(
        features,
        .labels([true, false, true, false], count: 2),
        pool: pool
      )
    }
    #expect(found == .noVaryingLabel)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func nonFiniteFeaturesAreNamed(_ bad: Float) {
    let found = reason { _ = try FeatureMatrix([1, 2, 3, 4, bad, 6], rows: 2, columns: 3) }
    #expect(found == .nonFiniteFeature(row: 1, column: 1, value: "\(bad)"))
  }

  @Test func labelsOutOfRangeAreNamed() {
    #expect(
      reason { _ = try fit([1, 2, 3], [0, 1, 3], classes: 3) }
        == .labelOutOfRange(row: 2, label: 3, classes: 3)
    )
    #expect(
      reason { _ = try fit([1, 2, 3], [0, -1, 1], classes: 3) }
        == .labelOutOfRange(row: 1, label: -1, classes: 3)
    )
  }

  @Test(arguments: [0, -1, Double.infinity, .nan, .leastNonzeroMagnitude])
  func invalidStrengths(_ strength: Double) {
    #expect(
      reason { _ = try fit(line, [0, 0, 0, 1, 1, 1], classes: 2, strength: strength) }
        == .invalidStrength("\(strength)")
    )
  }

  @Test func invalidWeights() {
    let negative = LogisticRegression.Options(sampleWeights: [1, -1, 1])
    #expect(
      reason { _ = try fit([1, 2, 3], [0, 1, 1], classes: 2, options: negative) }
        == .invalidWeight(row: 1, value: "-1.0")
    )
    let short = LogisticRegression.Options(sampleWeights: [1, 1])
    #expect(
      reason { _ = try fit([1, 2, 3], [0, 1, 1], classes: 2, options: short) }
        == .sizeMismatch(what: "sample weights", found: 2, expected: 3)
    )
  }

  @Test func constantFeaturesGiveThePrior() throws {
    let model = try fit([5, 5, 5, 5, 5, 5], [0, 0, 0, 1, 1, 2], classes: 3)
    #expect(model.convergence == .converged)
    let first = try model.probabilities(FeatureMatrix([5], rows: 1, columns: 1))
    for (found, prior) in zip(first, [1.0 / 2, 1.0 / 3, 1.0 / 6]) {
      #expect(abs(found - prior) < 1e-6)
    }
  }

  @Test(arguments: [1e4, 1e8, 1e12])
  func separableDataWithHugeStrength(_ strength: Double) throws {
    let model = try fit(line, [0, 0, 0, 1, 1, 1], classes: 2, strength: strength)
    #expect(model.convergence == .converged)
    #expect(model.coefficients.allSatisfy { $0.isFinite })
    let features = try FeatureMatrix(line, rows: 6, columns: 1)
    let probabilities = try model.probabilities(features)
    #expect(probabilities[0] > 0.9999 && probabilities[11] > 0.9999)
    #expect(model.objective < 1e-2)
  }

  @Test func limitOfEvaluationsIsReported() throws {
    let options = LogisticRegression.Options(limits: .init(tolerance: 1e-15, evaluations: 2))
    let model = try fit(line, [0, 1, 0, 1, 0, 1], classes: 2, options: options)
    #expect(model.convergence == .evaluationLimit)
    #expect(model.evaluations == 2)
    #expect(model.relativeGap > 1e-15)
  }

  @Test func absentClassHasProbabilityZero() throws {
    for scheme in LogisticRegression.Scheme.allCases {
      let model = try fit(line, [0, 0, 3, 3, 1, 1], classes: 4, scheme: scheme)
      #expect(model.undetermined.map(\.index) == [2])
      let values = try model.probabilities(FeatureMatrix(line, rows: 6, columns: 1))
      for row in 0..<6 {
        #expect(values[row * 4 + 2] == 0)
        #expect(abs(values[row * 4..<row * 4 + 4].reduce(0, +) - 1) < 1e-12)
      }
    }
  }

  @Test func labelThatIsAlwaysPresentHasProbabilityOne() throws {
    let features = try FeatureMatrix(line, rows: 6, columns: 1)
    let answers = [false, false, true, true, false, true].flatMap { [true, $0, false] }
    let model = try LogisticRegression(features, .labels(answers, count: 3), pool: pool)
      .fit(strength: 1)
    let values = try model.probabilities(features)
    #expect(stride(from: 0, to: 18, by: 3).allSatisfy { values[$0] == 1 && values[$0 + 2] == 0 })
    #expect(model.undetermined.map(\.isAlwaysPresent) == [true, false])
  }

  @Test func modelsSurviveCoding() throws {
    let model = try fit(line, [0, 0, 3, 3, 1, 1], classes: 4)
    let data = try JSONEncoder().encode(model)
    #expect(try JSONDecoder().decode(LogisticModel.self, from: data) == model)
  }
}
