/// Divides samples into parts that have each class in about the same share and no group in two.
///
/// Iterative stratification: the class with the fewest samples left is dealt out first, each unit
/// (a group, or a sample without one) to the part that lacks most of that class, of equals to the
/// one that lacks most samples, of equals to the first. For one label per sample and no groups it
/// is ordinary stratified sampling.
///
/// Source: Sechidis, Tsoumakas, Vlahavas, "On the stratification of multi-label data", ECML PKDD
/// 2011; extended to groups, the larger ones first.
struct Stratification {
  /// Samples that stay together.
  private struct Unit {
    var members: [Int] = []
    /// How many members carry each stratum.
    var counts: [Int: Int] = [:]
    var rank: SampleOrder.Rank
  }

  /// The share of each part; they sum to 1.
  let shares: [Double]
  let order: SampleOrder

  /// Deals samples out.
  ///
  /// - Parameters:
  ///   - indices: the samples to divide.
  ///   - contents: their ids, groups and labels.
  /// - Returns: for each part its samples, in rising order.
  /// - Complexity: O(K² + KN) for N samples and K classes.
  func parts(_ indices: [Int], of contents: TaskContents) -> [[Int]] {
    var waiting = units(indices, of: contents)
    var totals: [Int: Int] = [:]
    for unit in waiting { totals.merge(unit.counts, uniquingKeysWith: +) }
    var lacking = shares.map { share in totals.mapValues { share * Double($0) } }
    var room = shares.map { $0 * Double(indices.count) }
    var parts: [[Int]] = Array(repeating: [], count: shares.count)
    while !waiting.isEmpty {
      var left: [Int: Int] = [:]
      for unit in waiting { left.merge(unit.counts, uniquingKeysWith: +) }
      guard let rarest = left.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key else {
        break
      }
      for unit in waiting where unit.counts[rarest] != nil {
        let part = neediest(lacking.map { $0[rarest] ?? 0 }, room)
        parts[part] += unit.members
        room[part] -= Double(unit.members.count)
        for (stratum, count) in unit.counts { lacking[part][stratum]? -= Double(count) }
      }
      waiting.removeAll { $0.counts[rarest] != nil }
    }
    return parts.map { $0.sorted() }
  }

  /// The part that lacks most; differences below 1e-9 count as none.
  private func neediest(_ lacking: [Double], _ room: [Double]) -> Int {
    shares.indices.dropFirst().reduce(0) { best, part in
      let gain = lacking[part] - lacking[best]
      if abs(gain) > 1e-9 { return gain > 0 ? part : best }
      return room[part] - room[best] > 1e-9 ? part : best
    }
  }

  /// Groups and single samples, the largest first, else in random order.
  ///
  /// Samples without any finding form a stratum of their own.
  private func units(_ indices: [Int], of contents: TaskContents) -> [Unit] {
    var units: [String: Unit] = [:]
    for index in indices {
      let sample = contents.samples[index]
      let key = sample.group.map { "group \($0)" } ?? "sample \(sample.id)"
      var unit = units[key] ?? Unit(rank: order.rank(of: key))
      unit.members.append(index)
      let positives = contents.labels.positives(at: index)
      for stratum in positives.isEmpty ? [contents.task.classes.count] : positives {
        unit.counts[stratum, default: 0] += 1
      }
      units[key] = unit
    }
    return units.values.sorted {
      $0.members.count != $1.members.count
        ? $0.members.count > $1.members.count : $0.rank < $1.rank
    }
  }
}
