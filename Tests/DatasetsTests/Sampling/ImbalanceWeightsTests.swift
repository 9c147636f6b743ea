import Datasets
import TestSupport
import Testing

@Suite struct ClassWeightsTests {
  private static let rounding = Tolerance(
    absolute: 0,
    relative: 1e-15,
    reason: "one division of 64-bit floats"
  )

  /// `compute_class_weight("balanced", classes=range(5), y=…)` of scikit-learn for IDRiD's training set.
  @Test func balancedWeightsEqualScikitLearns() {
    let weights = ImbalanceWeights.balanced([134, 20, 136, 74, 49])
    let expected = [
      0.6164179104477612, 4.13, 0.6073529411764705, 1.1162162162162161, 1.6857142857142857,
    ]
    #expect(mismatch(weights, expected, within: Self.rounding) == nil)
  }

  @Test func anAbsentClassHasNoWeightAndTheOthersKeepTheirMean() {
    let counts = [3, 0, 1]
    let weights = ImbalanceWeights.balanced(counts)
    #expect(weights == [4.0 / 6, 0, 2])
    #expect(zip(counts, weights).map { Double($0) * $1 }.reduce(0, +) == 4)
    #expect(ImbalanceWeights.balanced([0, 0]) == [0, 0])
  }

  @Test func positivesAreWeighedAgainstNegatives() {
    #expect(ImbalanceWeights.positive([1, 5, 0, 10, 8], of: 10) == [9, 1, 1, 1, 0.25])
    #expect(ImbalanceWeights.positive([0], of: 0) == [1])
  }

  @Test func weightedDrawsBalanceTheClasses() {
    let labels = TaskLabels.classes(
      Array(repeating: 0, count: 900) + Array(repeating: 2, count: 90)
        + Array(repeating: 1, count: 10)
    )
    let weights = labels.samplingWeights(classCount: 3)
    let draws = EpochOrder.weighted(9000, weights: weights, seed: 17, epoch: 0)
    var counts = [0, 0, 0]
    for index in draws { for label in labels.positives(at: index) { counts[label] += 1 } }
    // 3,000 each on average with a deviation of 45: five of them.
    #expect(counts.allSatisfy { abs($0 - 3000) < 225 }, "seed 17: \(counts)")
    #expect(Set(draws).intersection(990..<1000).count == 10)
  }

  @Test func aSampleCountsByItsRarestFinding() {
    let rows = [[1, 0, 0], [1, 1, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0], [1, 0, 0]]
    let labels = TaskLabels.findings(rows)
    #expect(labels.samplingWeights(classCount: 3) == [0.25, 1, 0.25, 0.5, 0.5, 0.25])
    #expect(labels.lossWeights(classCount: 3) == [0.5, 5, 1])
    #expect(TaskLabels.classes([0, 0, 2, 0]).lossWeights(classCount: 3) == [4.0 / 6, 0, 2])
  }
}
