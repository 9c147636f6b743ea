package import Results

/// An area under a curve of pooled pixels, and how far the exact one may be from it.
package struct PooledArea: Equatable, Sendable {
  /// The area, pixels of one level counting as equal; or why there is none.
  package let value: MetricValue
  /// The largest possible distance from the area of the probabilities as they were; 0 where exact.
  package let errorBound: Double
}

/// Pooled pixels in the order of their probabilities, in groups of equal ones.
///
/// G groups: distinct values, or levels.
package struct PooledRanking: Sendable {
  enum Groups: Sendable {
    case runs(ScoreRuns)
    case levels(ScoreLevels)
  }

  /// How many pixels are positive (P).
  package let positives: Int
  /// How many are negative (N).
  package let negatives: Int

  private let groups: Groups

  /// Counts the pixels.
  ///
  /// - Parameter groups: runs without pending pixels, or levels.
  init(_ groups: Groups) {
    self.groups = groups
    switch groups {
    case .runs(let runs):
      positives = runs.positives.reduce(0) { $0 + Int($1) }
      negatives = runs.negatives.reduce(0) { $0 + Int($1) }
    case .levels(let levels):
      positives = levels.positives.reduce(0, +)
      negatives = levels.negatives.reduce(0, +)
    }
  }

  /// How finely probabilities were told apart.
  package var resolution: ScoreResolution {
    switch groups {
    case .runs(let runs): .exact(distinctValues: runs.bits.count)
    case .levels: .levels(ScoreLevels.count)
    }
  }

  private var isExact: Bool {
    if case .runs = groups { return true }
    return false
  }

  /// Calls `body` for each group that holds pixels, from the highest probability down.
  ///
  /// - Parameter body: receives the smallest probability of the group and its numbers of positives
  ///   and of negatives.
  @inline(__always)
  func forEachGroup(_ body: (_ lowest: Float, _ positives: Int, _ negatives: Int) -> Void) {
    switch groups {
    case .runs(let runs):
      for index in runs.bits.indices.reversed() {
        body(
          Float(bitPattern: runs.bits[index]),
          Int(runs.positives[index]),
          Int(runs.negatives[index])
        )
      }
    case .levels(let levels):
      for level in levels.positives.indices.reversed() {
        let (positives, negatives) = (levels.positives[level], levels.negatives[level])
        guard positives + negatives > 0 else { continue }
        body(ScoreLevels.lowerEnd(of: level), positives, negatives)
      }
    }
  }

  /// The area under the ROC curve: `(pairs won + ½ · ties) / (P · N)`.
  ///
  /// Where a group is a level, the order within it is unknown: the area lies within half the share of
  /// pairs that tie. Undefined without a positive or without a negative pixel.
  ///
  /// - Parameter subject: what is ranked, for the reason.
  /// - Returns: a number in 0...1, or why there is none.
  /// - Complexity: O(G).
  package func areaUnderROC(of subject: String) -> PooledArea {
    if positives == 0 { return undefined("\(subject) has no positive pixel") }
    if negatives == 0 { return undefined("\(subject) has no negative pixel") }
    var twiceWon = UInt128(0)
    var ties = UInt128(0)
    var above = 0
    forEachGroup { _, positivesHere, negativesHere in
      let tied = UInt128(positivesHere) * UInt128(negativesHere)
      twiceWon += 2 * UInt128(above) * UInt128(negativesHere) + tied
      ties += tied
      above += positivesHere
    }
    let twicePairs = 2 * Double(positives) * Double(negatives)
    return PooledArea(
      value: .value(Double(twiceWon) / twicePairs),
      errorBound: isExact ? 0 : Double(ties) / twicePairs
    )
  }

  /// The area under the precision-recall curve drawn as steps: the mean over positives of the
  /// precision at their probabilities.
  ///
  /// Where a group is a level, each of its positives has at most the precision of all its positives
  /// without its negatives, and at least what it has behind all its negatives. Undefined without a
  /// positive pixel.
  ///
  /// - Parameter subject: what is ranked, for the reason.
  /// - Returns: a number in 0...1, or why there is none.
  /// - Complexity: O(G); O(G + P) for levels.
  package func averagePrecision(of subject: String) -> PooledArea {
    if positives == 0 { return undefined("\(subject) has no positive pixel") }
    var (sum, low, high) = (0.0, 0.0, 0.0)
    var (found, decided) = (0, 0)
    forEachGroup { _, positivesHere, negativesHere in
      if !isExact, positivesHere > 0 {
        high +=
          Double(positivesHere) * Double(found + positivesHere)
          / Double(decided + positivesHere)
        for rank in 1...positivesHere {
          low += Double(found + rank) / Double(decided + negativesHere + rank)
        }
      }
      found += positivesHere
      decided += positivesHere + negativesHere
      sum += Double(positivesHere) * (Double(found) / Double(decided))
    }
    return PooledArea(
      value: .value(sum / Double(positives)),
      errorBound: isExact ? 0 : max(high - sum, sum - low) / Double(positives)
    )
  }

  private func undefined(_ reason: String) -> PooledArea {
    PooledArea(value: .undefined(reason: reason), errorBound: 0)
  }
}
