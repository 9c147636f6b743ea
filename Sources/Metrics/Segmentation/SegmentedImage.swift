/// What is kept of one image and one class: a row of numbers, whatever its size.
package struct SegmentedImage: Equatable, Sendable {
  /// The image.
  package let name: String
  /// How many evaluated pixels are positive.
  package let positives: Int
  /// How many evaluated pixels are negative.
  package let negatives: Int
  /// How many pixels don't count: outside the field of view, or ignored.
  package let uncounted: Int
  /// For each of T thresholds, how many positives are decided positive.
  private let decidedPositives: [UInt32]
  /// For each of T thresholds, how many negatives are decided positive.
  private let decidedNegatives: [UInt32]
  /// The area under the image's own ROC curve.
  package let areaUnderROC: PooledArea
  /// The area under the image's own precision-recall curve.
  package let averagePrecision: PooledArea

  /// Counts decisions.
  ///
  /// - Parameters:
  ///   - name: the image.
  ///   - positivesByCount: T + 1 numbers: how many positives are decided positive by the first
  ///     0, 1, … T thresholds.
  ///   - negativesByCount: T + 1 numbers, of the negatives.
  ///   - uncounted: how many pixels don't count.
  ///   - areaUnderROC: the image's own.
  ///   - averagePrecision: the image's own.
  init(
    name: String,
    positivesByCount: [Int],
    negativesByCount: [Int],
    uncounted: Int,
    areaUnderROC: PooledArea,
    averagePrecision: PooledArea
  ) {
    self.name = name
    self.uncounted = uncounted
    self.areaUnderROC = areaUnderROC
    self.averagePrecision = averagePrecision
    positives = positivesByCount.reduce(0, +)
    negatives = negativesByCount.reduce(0, +)
    decidedPositives = Self.decided(positivesByCount)
    decidedNegatives = Self.decided(negativesByCount)
  }

  /// The four counts at one threshold of the grid.
  ///
  /// - Parameter index: in 0..<T.
  /// - Returns: counts of evaluated pixels.
  package func counts(at index: Int) -> BinaryCounts {
    let found = Int(decidedPositives[index])
    let wrong = Int(decidedNegatives[index])
    return BinaryCounts(
      truePositives: found,
      falsePositives: wrong,
      falseNegatives: positives - found,
      trueNegatives: negatives - wrong
    )
  }

  private static func decided(_ byCount: [Int]) -> [UInt32] {
    var decided = Array(repeating: UInt32(0), count: byCount.count - 1)
    var sum = 0
    for index in decided.indices.reversed() {
      sum += byCount[index + 1]
      decided[index] = UInt32(sum)
    }
    return decided
  }
}
