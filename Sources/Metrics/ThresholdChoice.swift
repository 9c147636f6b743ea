/// The decision threshold with the highest F1, for choosing on validation samples.
///
/// A threshold halfway between two neighbouring scores decides like the higher of them, and leaves
/// as much room on either side; below the lowest score, the score itself. Among thresholds of equal F1
/// the highest is taken, which calls the fewest samples positive.
///
/// - Parameters:
///   - scores: N finite scores; a higher one speaks for the positive class.
///   - labels: N labels; true is positive.
/// - Returns: the threshold ("positive" is a score of at least it) and its F1; nil without a positive
///   sample, for which no threshold is better than another.
/// - Complexity: O(N log N).
package func thresholdOfBestF1(
  scores: [Double],
  labels: [Bool]
) -> (threshold: Double, f1: Double)? {
  precondition(scores.count == labels.count, "\(scores.count) scores, \(labels.count) labels")
  let positives = labels.count { $0 }
  guard positives > 0 else { return nil }
  let order = scores.indices.sorted { scores[$0] > scores[$1] }
  var best: (threshold: Double, f1: Double)?
  var found = 0
  for (rank, sample) in order.enumerated() {
    found += labels[sample] ? 1 : 0
    let next = rank + 1 < order.count ? scores[order[rank + 1]] : nil
    // Equal scores are decided alike.
    guard next != scores[sample] else { continue }
    let f1 = 2 * Double(found) / Double(rank + 1 + positives)
    guard f1 > best?.f1 ?? -1 else { continue }
    let middle = next.map { $0 + (scores[sample] - $0) / 2 } ?? scores[sample]
    // Neighbours in floating point have no middle.
    best = (middle > next ?? -.infinity ? middle : scores[sample], f1)
  }
  return best
}
