/// The entries of one column of scores in decreasing order of score, sorted once.
///
/// An entry is a sample's score for one class. Everything that ranks (AUROC, average precision,
/// curves) walks through the groups of equal scores and counts each entry with its sample's
/// multiplicity, so a bootstrap replicate costs O(n) and no sorting.
struct Ranking: Sendable {
  /// For each rank, the entry's sample, whether it is a positive and whether the next one scores
  /// less: `sample << 2 | isPositive << 1 | isLastOfGroup`.
  private let entries: [UInt32]

  /// Sorts entries.
  ///
  /// - Parameters:
  ///   - scores: one finite number per entry.
  ///   - isPositive: for each entry, whether it is a positive.
  ///   - samples: for each entry, the sample that it belongs to; less than 2³⁰.
  /// - Complexity: O(n log n).
  init(scores: [Double], isPositive: [Bool], samples: [Int32]) {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    entries = order.indices.map { rank in
      let entry = order[rank]
      let isLast = rank + 1 == order.count || scores[entry] != scores[order[rank + 1]]
      return UInt32(samples[entry]) << 2 | (isPositive[entry] ? 2 : 0) | (isLast ? 1 : 0)
    }
  }

  /// Calls `body` once per group of equal scores, from the highest score down.
  ///
  /// - Parameters:
  ///   - multiplicities: how often each sample counts.
  ///   - body: receives the numbers of positives and of negatives in the group.
  @inline(__always)
  func forEachGroup(
    _ multiplicities: [Int32],
    _ body: (_ positives: Int, _ negatives: Int) -> Void
  ) {
    var positives = 0
    var all = 0
    for entry in entries {
      let count = Int(multiplicities[Int(entry >> 2)])
      all &+= count
      positives &+= count &* Int(entry >> 1 & 1)
      guard entry & 1 == 1 else { continue }
      body(positives, all &- positives)
      positives = 0
      all = 0
    }
  }
}

/// What one walk down a ranking yields: all that AUROC and average precision need.
struct RankingSummary {
  /// How many entries are positive.
  private(set) var positives = 0
  /// How many entries are negative.
  private(set) var negatives = 0
  /// Twice the number of pairs in which the positive scores higher, plus those that tie.
  private(set) var twicePairsWon = 0
  /// The sum over positives of the precision at their scores.
  private(set) var precisionSum = 0.0

  /// Walks down a ranking.
  ///
  /// - Parameters:
  ///   - ranking: the entries of one class.
  ///   - multiplicities: how often each sample counts.
  init(_ ranking: Ranking, _ multiplicities: [Int32]) {
    var positives = 0
    var negatives = 0
    var twicePairsWon = 0
    var precisionSum = 0.0
    ranking.forEachGroup(multiplicities) { positivesHere, negativesHere in
      twicePairsWon += negativesHere * (2 * positives + positivesHere)
      positives += positivesHere
      negatives += negativesHere
      // At least 1, so that groups that no resample drew add 0 and need no unpredictable branch.
      let decided = max(positives + negatives, 1)
      precisionSum += Double(positivesHere) * (Double(positives) / Double(decided))
    }
    self.positives = positives
    self.negatives = negatives
    self.twicePairsWon = twicePairsWon
    self.precisionSum = precisionSum
  }
}
