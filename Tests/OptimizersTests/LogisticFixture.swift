import Foundation
import Kernels
import Optimizers
import Parallelism
import TestSupport
import Testing

/// scikit-learn's solutions, from `Tests/Fixtures/generate/optimizers.py`.
struct LogisticFixture: Decodable, Sendable {
  struct Fit: Decodable, Sendable {
    let strength, objective: Double
    let coefficients, intercepts, probabilities: [Double]
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name, scheme: String
    let rows, dimensions, classes: Int
    let isBalanced: Bool
    let sampleWeights: [Double]?
    let features: [Float]
    let labels: [Int]
    let answers: [Int]?
    let fits: [Fit]

    var testDescription: String { name }
  }

  struct Standardization: Decodable, Sendable {
    let rows, dimensions: Int
    let features: [Float]
    let means, scales, standardized: [Double]
  }

  let logistic: [Case]
  let standardizer: Standardization

  static let all: Result<LogisticFixture, any Error> = Result {
    let url = Fixtures.directory.appending(path: "Optimizers/logistic.json")
    return try JSONDecoder().decode(LogisticFixture.self, from: Data(contentsOf: url))
  }
}

extension LogisticFixture.Case {
  var matrix: FeatureMatrix {
    get throws { try FeatureMatrix(features, rows: rows, columns: dimensions) }
  }

  /// The case's problem, ready to be fitted.
  func regression(
    limits: LogisticLimits = LogisticLimits(tolerance: 1e-19),
    threads: Int = 1
  ) throws -> LogisticRegression {
    let targets: LogisticTargets =
      if let answers {
        .labels(answers.map { $0 == 1 }, count: classes)
      } else {
        .classes(labels, count: classes)
      }
    return try LogisticRegression(
      matrix,
      targets,
      scheme: LogisticRegression.Scheme(rawValue: scheme) ?? .oneVsRest,
      options: .init(
        classWeights: isBalanced ? .balanced : .uniform,
        sampleWeights: sampleWeights,
        limits: limits
      ),
      pool: WorkerPool(threadCount: threads)
    )
  }
}
