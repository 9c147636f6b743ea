/// How pixels' probabilities are pooled over images.
package enum ScorePooling: Equatable, Sendable {
  /// Each distinct probability on its own, as long as there are at most `distinctLimit`; beyond,
  /// levels.
  case exact(distinctLimit: Int)
  /// Levels of at most 2⁻¹¹ of the probability, or of its distance from 1: 8.3 MB, whatever comes.
  case levels

  /// Up to 2²³ distinct probabilities: at most 135 MB at rest, 310 MB while merging.
  ///
  /// All pixels of DRIVE's 20 test images inside the field of view (4.5 million) stay exact even if no
  /// two share a probability; of 81 images of 4288 × 2848, only maps that were stored in 8 or 16 bits.
  package static let exact = ScorePooling.exact(distinctLimit: 1 << 23)
}

/// How finely pooled probabilities were told apart.
package enum ScoreResolution: Equatable, Sendable {
  /// Each distinct value on its own.
  case exact(distinctValues: Int)
  /// Levels, of which some number may hold different values.
  case levels(Int)

  /// The name in results.
  package var name: String {
    switch self {
    case .exact: "exact"
    case .levels(let count): "\(count)-levels"
    }
  }
}

/// The probabilities of all pixels of all images with their truth, in bounded memory.
///
/// Starts with exact counts per distinct value and goes over to levels once these are too many; its
/// resolution, and how far each area may be from the exact one, stand beside the areas.
package struct PooledScores: Sendable {
  /// The way that was asked for.
  package let pooling: ScorePooling

  private let distinctLimit: Int
  private var runs = ScoreRuns()
  private var levels: ScoreLevels?
  private var pixelCount = 0

  /// Nothing pooled yet.
  ///
  /// - Parameter pooling: how finely.
  package init(_ pooling: ScorePooling = .exact) {
    self.pooling = pooling
    switch pooling {
    case .exact(let distinctLimit):
      precondition(distinctLimit > 0, "a limit of \(distinctLimit) distinct values")
      self.distinctLimit = distinctLimit
    case .levels:
      distinctLimit = 0
      levels = ScoreLevels()
    }
  }

  /// Adds one pixel.
  ///
  /// - Parameters:
  ///   - probability: a number in 0...1.
  ///   - isPositive: its truth.
  /// - Complexity: O(1), amortised.
  @inline(__always)
  package mutating func add(_ probability: Float, isPositive: Bool) {
    if levels != nil {
      levels?.add(probability, positives: isPositive ? 1 : 0, negatives: isPositive ? 0 : 1)
      return
    }
    runs.add(probability, isPositive: isPositive)
    pixelCount += 1
    if runs.isFull { compact() }
  }

  /// All pixels so far in the order of their probabilities.
  ///
  /// - Returns: what areas and thresholds are read from; independent of later pixels.
  /// - Complexity: O(D) for D distinct values.
  package func ranking() -> PooledRanking {
    var settled = self
    settled.compact()
    return PooledRanking(settled.levels.map { .levels($0) } ?? .runs(settled.runs))
  }

  private mutating func compact() {
    guard levels == nil else { return }
    runs.compact()
    // Runs count in 32 bits.
    guard runs.bits.count > distinctLimit || pixelCount > Int(UInt32.max) - (1 << 24) else {
      return
    }
    var coarse = ScoreLevels()
    for index in runs.bits.indices {
      coarse.add(
        Float(bitPattern: runs.bits[index]),
        positives: Int(runs.positives[index]),
        negatives: Int(runs.negatives[index])
      )
    }
    levels = coarse
    runs = ScoreRuns()
  }
}
