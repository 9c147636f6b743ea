/// The entries of one column of scores in decreasing order of score, sorted once.
///
/// An entry is a sample's score for one class. Everything that ranks (AUROC, average precision,
/// curves) walks through the groups of equal scores and counts each entry with its sample's
/// multiplicity, so a bootstrap replicate costs O(n) and no sorting.
struct Ranking: Sendable {
  /// For each rank, the sample that the entry belongs to.
  private let samples: [Int32]
  /// For each rank, whether the entry is a positive.
  private let isPositive: [Bool]
  /// For each group of equal scores in decreasing order, the rank behind its last entry.
  private let groupEnds: [Int32]

  /// Sorts entries.
  ///
  /// - Parameters:
  ///   - scores: one finite number per entry.
  ///   - isPositive: for each entry, whether it is a positive.
  ///   - samples: for each entry, the sample that it belongs to.
  /// - Complexity: O(n log n).
  init(scores: [Double], isPositive: [Bool], samples: [Int32]) {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    self.samples = order.map { samples[$0] }
    self.isPositive = order.map { isPositive[$0] }
    groupEnds = order.indices.filter { rank in
      rank + 1 == order.count || scores[order[rank]] != scores[order[rank + 1]]
    }.map { Int32($0 + 1) }
  }

  /// How many groups of equal scores there are.
  var groupCount: Int { groupEnds.count }

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
    var rank = 0
    for end in groupEnds {
      var positives = 0
      var all = 0
      while rank < Int(end) {
        let count = Int(multiplicities[Int(samples[rank])])
        all += count
        positives += isPositive[rank] ? count : 0
        rank += 1
      }
      body(positives, all - positives)
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
      guard positivesHere > 0 else { return }
      precisionSum +=
        Double(positivesHere) * (Double(positives) / Double(positives + negatives))
    }
    self.positives = positives
    self.negatives = negatives
    self.twicePairsWon = twicePairsWon
    self.precisionSum = precisionSum
  }
}
