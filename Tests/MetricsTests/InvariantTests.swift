import Foundation
import Metrics
import Randomness
import Results
import Testing

/// What holds for any predictions, tried on random ones; the seed is the test's argument.
@Suite("Invariants of metrics")
struct InvariantTests {
  /// Scores on a coarse grid, so that there are ties, with both labels present.
  private func predictions(_ seed: UInt64) throws -> BinaryPredictions {
    var random = RandomSource(seed: seed)
    let count = 5 + random.nextIndex(below: 60)
    let labels = (0..<count).map { $0 == 0 || ($0 > 1 && random.nextUniform() < 0.4) }
    let scores = labels.map { label in
      Double(random.nextIndex(below: 17) + (label ? 4 : 0)) / 32
    }
    return try BinaryPredictions(scores: scores, labels: labels)
  }

  @Test("AUC and AP don't change under an increasing map", arguments: UInt64(0)..<20)
  func monotone(seed: UInt64) throws {
    let original = try predictions(seed)
    let mapped = try BinaryPredictions(
      scores: original.scores.map { exp(8 * $0) - 3 },
      labels: original.labels
    )
    #expect(binaryAUROC(original) == binaryAUROC(mapped))
    #expect(binaryAveragePrecision(original) == binaryAveragePrecision(mapped))
  }

  @Test(
    "Negated scores, or swapped labels, turn the AUC into its complement",
    arguments: UInt64(0)..<20
  )
  func complement(seed: UInt64) throws {
    let original = try predictions(seed)
    let area = try #require(binaryAUROC(original).number)
    let negated = try BinaryPredictions(
      scores: original.scores.map { -$0 },
      labels: original.labels
    )
    let swapped = try BinaryPredictions(
      scores: original.scores,
      labels: original.labels.map { !$0 }
    )
    let negatedArea = try #require(binaryAUROC(negated).number)
    #expect(abs(area + negatedArea - 1) < 1e-15)
    #expect(binaryAUROC(negated) == binaryAUROC(swapped))
  }

  @Test("The order of samples doesn't matter", arguments: UInt64(0)..<20)
  func order(seed: UInt64) throws {
    let original = try predictions(seed)
    var random = RandomSource(seed: seed, 1)
    var indices = Array(original.labels.indices)
    random.shuffle(&indices)
    let shuffled = try BinaryPredictions(
      scores: indices.map { original.scores[$0] },
      labels: indices.map { original.labels[$0] }
    )
    let first = MetricSuite.evaluate(original, bootstrap: nil)
    let second = MetricSuite.evaluate(shuffled, bootstrap: nil)
    for (one, other) in zip(first.metrics, second.metrics) where one.identifier != "log-loss" {
      #expect(one == other)
    }
    #expect(first.curves == second.curves)
  }

  @Test("F1 lies between precision and sensitivity, all in 0...1", arguments: UInt64(0)..<20)
  func bounds(seed: UInt64) throws {
    let report = MetricSuite.evaluate(try predictions(seed), bootstrap: nil)
    let f1 = try #require(report.metric("f1")?.value.number)
    let sensitivity = try #require(report.metric("sensitivity")?.value.number)
    if let precision = report.metric("precision")?.value.number {
      #expect(f1 >= min(precision, sensitivity) - 1e-15)
      #expect(f1 <= max(precision, sensitivity) + 1e-15)
    }
    for record in report.metrics where record.identifier != "log-loss" {
      guard let number = record.value.number else { continue }
      let low = ["kappa", "mcc"].contains(record.identifier) ? -1.0 : 0
      #expect((low...1).contains(number), "\(record.identifier) \(number), seed \(seed)")
    }
  }

  @Test("A perfect ranking has AUC, AP and mAP 1; perfect decisions have 1 everywhere")
  func perfect() throws {
    let labels = [0, 2, 1, 1, 0, 2, 2]
    let scores = labels.flatMap { label in (0..<3).map { $0 == label ? 1.0 : 0.0 } }
    let multiclass = MetricSuite.evaluate(
      try MulticlassPredictions(scores: scores, labels: labels, classNames: ["a", "b", "c"]),
      bootstrap: nil
    )
    let multilabel = MetricSuite.evaluate(
      try MultilabelPredictions(
        scores: scores.map { 0.2 + $0 * 0.6 },
        labels: scores.map { $0 == 1 },
        classNames: ["a", "b", "c"]
      ),
      bootstrap: nil
    )
    for record in multiclass.metrics + multilabel.metrics where record.identifier != "log-loss" {
      let number = try #require(record.value.number)
      #expect(abs(number - 1) < 1e-15, "\(record.identifier) \(record.averaging)")
    }
  }

  @Test("Constant scores have AUC ½ and AP the share of positives")
  func constant() throws {
    let predictions = try BinaryPredictions(
      scores: Array(repeating: 0.3, count: 8),
      labels: (0..<8).map { $0 < 3 }
    )
    #expect(binaryAUROC(predictions) == .value(0.5))
    #expect(binaryAveragePrecision(predictions) == .value(0.375))
  }

  @Test(
    "Two classes: multi-class AUC of softmax scores is the binary AUC",
    arguments: UInt64(0)..<20
  )
  func twoClasses(seed: UInt64) throws {
    let binary = try predictions(seed)
    let multiclass = try MulticlassPredictions(
      scores: binary.scores.flatMap { [1 - $0, $0] },
      labels: binary.labels.map { $0 ? 1 : 0 },
      classNames: ["negative", "positive"]
    )
    let mean = multiclassAUROC(multiclass)
    #expect(mean.perClass == [binaryAUROC(binary), binaryAUROC(binary)])
  }

  @Test("Quadratic kappa counts the distance of grades, plain kappa doesn't")
  func quadraticKappa() throws {
    func report(_ decided: [Int]) throws -> MetricReport {
      let labels = [0, 0, 1, 1, 2, 2, 3, 3]
      let scores = decided.flatMap { grade in (0..<4).map { $0 == grade ? 1.0 : 0.0 } }
      return MetricSuite.evaluate(
        try MulticlassPredictions(
          scores: scores,
          labels: labels,
          classNames: ["0", "1", "2", "3"]
        ),
        bootstrap: nil
      )
    }
    let near = try report([0, 1, 1, 0, 2, 3, 3, 2])
    let far = try report([0, 3, 1, 2, 2, 1, 3, 0])
    #expect(near.metric("kappa")?.value == far.metric("kappa")?.value)
    let nearKappa = try #require(near.metric("quadratic-kappa")?.value.number)
    let farKappa = try #require(far.metric("quadratic-kappa")?.value.number)
    // By hand: Σ w·observed = 4 and 20, Σ w·expected = 20.
    #expect(abs(nearKappa - 0.8) < 1e-15)
    #expect(abs(farKappa - 0) < 1e-15)
  }
}
