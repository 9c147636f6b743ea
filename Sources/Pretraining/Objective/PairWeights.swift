import Glibc

/// How fast each anchor of a batch pushes each candidate away.
///
/// B anchors; B + Q candidates: the batch in its order, then the queue, newest first. Both directions
/// have the same weights, since an image has the labels of its report.
package enum PairWeights {
  /// The weights of the losses that couple differences: all but soft targets.
  ///
  /// - InfoNCE: 1.
  /// - Elimination: 1 for other labels, 0 for the same.
  /// - Weighted similarity coupling: (1 − cos)^γ for other labels, 0 for the same.
  ///
  /// Entries of the queue are weighted likewise where the objective's rule of refilling takes them,
  /// and have 0 elsewhere. An anchor's own pair, which a queue that outlasts an epoch holds, is no
  /// negative of any loss.
  ///
  /// - Parameters:
  ///   - anchors: the batch's labels.
  ///   - queue: the labels of the queue, newest first.
  ///   - samples: which pairs they are.
  ///   - objective: which loss; not soft targets.
  /// - Returns: [B, B + Q]; 0 for an anchor and itself.
  /// - Complexity: O(B · (B + Q)), and a cosine for each two sets of labels that occur.
  package static func make(
    anchors: LabelMatrix,
    queue: LabelMatrix,
    samples: PairSamples,
    objective: ContrastiveObjective
  ) -> [Float] {
    precondition(
      samples.anchors.count == anchors.count && samples.queue.count == queue.count,
      "labels of \(anchors.count) and \(queue.count) pairs, numbers of \(samples.anchors.count) and "
        + "\(samples.queue.count)"
    )
    precondition(objective.loss != .softTargets, "soft targets have no weights")
    let columns = anchors.count + queue.count
    let (groups, labels) = anchors.appending(queue).groups()
    var speeds = [[Float]](repeating: [], count: labels.count)
    var weights = [Float](repeating: 0, count: anchors.count * columns)
    for row in 0..<anchors.count {
      let own = groups[row]
      if speeds[own].isEmpty { speeds[own] = objective.weights(of: own, against: labels) }
      // No group has this number where false negatives stay.
      let eliminated = objective.eliminatesFalseNegatives ? own : -1
      var vacancies = 0
      for column in 0..<anchors.count where column != row {
        if groups[column] == eliminated {
          vacancies += 1
        } else {
          weights[row * columns + column] = speeds[own][groups[column]]
        }
      }
      var room = objective.refillRule.room(vacancies: vacancies, queue: queue.count)
      for column in anchors.count..<columns where groups[column] != eliminated {
        guard room > 0 else { break }
        if samples.queue[column - anchors.count] == samples.anchors[row] { continue }
        weights[row * columns + column] = speeds[own][groups[column]]
        room -= 1
      }
    }
    return weights
  }
}

/// Which pairs anchors and entries of the queue are, by their numbers in the split.
package struct PairSamples: Equatable, Sendable {
  /// The batch's.
  package var anchors: [Int]
  /// The queue's, newest first.
  package var queue: [Int]

  /// States numbers.
  ///
  /// - Parameters:
  ///   - anchors: the batch's.
  ///   - queue: the queue's, newest first.
  package init(anchors: [Int], queue: [Int]) {
    self.anchors = anchors
    self.queue = queue
  }
}

/// To which candidates each anchor of a batch belongs, and how much.
package enum SoftTargets {
  /// t_ij = e^(cos_ij / T) / Σ_k e^(cos_ik / T) over all candidates k, the anchor's own one included.
  ///
  /// As MedCLIP's eq. 2, whose temperature T is 1 and whose candidates are the batch. Here the queue's
  /// entries are candidates too where the rule of refilling is `all`; an anchor's own pair among them
  /// is one of the same labels.
  ///
  /// - Parameters:
  ///   - anchors: the labels of B pairs.
  ///   - queue: the labels of Q pairs that are candidates, too; perhaps none.
  ///   - temperature: T, above 0.
  /// - Returns: [B, B + Q]; rows add up to 1.
  package static func make(
    anchors: LabelMatrix,
    queue: LabelMatrix,
    temperature: Double
  ) -> [Float] {
    let (groups, labels) = anchors.appending(queue).groups()
    var shares = [[Float]](repeating: [], count: labels.count)
    return (0..<anchors.count).flatMap { row in
      let own = groups[row]
      if shares[own].isEmpty {
        // Cosines are at most 1, which the anchor itself has: the shift of a stable softmax.
        let terms = (0..<labels.count).map {
          exp((labels.cosine(own, with: $0, of: labels) - 1) / temperature)
        }
        let sum = groups.reduce(0) { $0 + terms[$1] }
        shares[own] = terms.map { Float($0 / sum) }
      }
      return groups.map { shares[own][$0] }
    }
  }
}

extension ContrastiveObjective {
  /// The weight of candidates of other labels, by their labels' row.
  fileprivate func weights(of anchor: Int, against labels: LabelMatrix) -> [Float] {
    (0..<labels.count).map { candidate in
      guard loss == .coupling else { return 1 }
      let distance = 1 - labels.cosine(anchor, with: candidate, of: labels)
      return Float(gamma == 1 ? distance : pow(distance, gamma))
    }
  }
}

extension RefillRule {
  /// How many entries of the queue an anchor takes at most.
  fileprivate func room(vacancies: Int, queue: Int) -> Int {
    switch self {
    case .vacancies: vacancies
    case .all: queue
    case .nothing: 0
    }
  }
}
