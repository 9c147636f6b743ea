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
  /// and have 0 elsewhere.
  ///
  /// - Parameters:
  ///   - anchors: the batch's labels.
  ///   - queue: the labels of the queue, newest first.
  ///   - objective: which loss; not soft targets.
  /// - Returns: [B, B + Q]; 0 for an anchor and itself.
  /// - Complexity: O(B · (B + Q)): a hundredth of a second per million pairs.
  package static func make(
    anchors: LabelMatrix,
    queue: LabelMatrix,
    objective: ContrastiveObjective
  ) -> [Float] {
    precondition(objective.loss != .softTargets, "soft targets have no weights")
    let columns = anchors.count + queue.count
    var weights = [Float](repeating: 0, count: anchors.count * columns)
    for row in 0..<anchors.count {
      let start = row * columns
      var vacancies = 0
      for column in 0..<anchors.count where column != row {
        if let weight = objective.weight(row, of: anchors, against: column, of: anchors) {
          weights[start + column] = weight
        } else {
          vacancies += 1
        }
      }
      var room = objective.refill.room(vacancies: vacancies, queue: queue.count)
      for entry in 0..<queue.count {
        guard room > 0 else { break }
        guard let weight = objective.weight(row, of: anchors, against: entry, of: queue) else {
          continue
        }
        weights[start + anchors.count + entry] = weight
        room -= 1
      }
    }
    return weights
  }
}

/// To which candidates each anchor of a batch belongs, and how much.
package enum SoftTargets {
  /// t_ij = e^(cos_ij / T) / Σ_k e^(cos_ik / T) over all candidates k, the anchor's own one included.
  ///
  /// As MedCLIP's eq. 2, whose temperature T is 1 and whose candidates are the batch. Here the queue's
  /// entries are candidates too where the rule of refilling is `all`.
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
    (0..<anchors.count).flatMap { row in
      let cosines =
        (0..<anchors.count).map { anchors.cosine(row, with: $0, of: anchors) }
        + (0..<queue.count).map { anchors.cosine(row, with: $0, of: queue) }
      // Cosines are at most 1, which the anchor itself has: the shift of a stable softmax.
      let shares = cosines.map { exp(($0 - 1) / temperature) }
      let sum = shares.reduce(0, +)
      return shares.map { Float($0 / sum) }
    }
  }
}

extension ContrastiveObjective {
  /// The weight of a candidate that isn't the anchor's own; nil where it is no negative.
  fileprivate func weight(
    _ anchor: Int,
    of anchors: LabelMatrix,
    against candidate: Int,
    of candidates: LabelMatrix
  ) -> Float? {
    guard eliminatesFalseNegatives else { return 1 }
    guard !anchors.isEqual(anchor, to: candidate, of: candidates) else { return nil }
    guard loss == .coupling else { return 1 }
    let distance = 1 - anchors.cosine(anchor, with: candidate, of: candidates)
    return Float(gamma == 1 ? distance : pow(distance, gamma))
  }
}

extension RefillRule {
  /// How many entries of the queue an anchor takes at most.
  fileprivate func room(vacancies: Int, queue: Int) -> Int {
    switch self {
    case .vacancies: vacancies
    case .all: queue
    case .none: 0
    }
  }
}
