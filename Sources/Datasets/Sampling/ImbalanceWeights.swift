/// Weights against imbalance: of classes in a loss, and of samples in drawing them.
package enum ImbalanceWeights {
  /// Weights of classes in cross-entropy: n / (k · n_c), as scikit-learn's `balanced`.
  ///
  /// Their mean over the samples is 1, so that the loss keeps its scale.
  ///
  /// - Parameter counts: n_c, how many samples each of K classes has; they make n.
  /// - Returns: K weights. A class without samples has the weight 0 and no part in k, the number of
  ///   classes: no loss ever meets it.
  package static func balanced(_ counts: [Int]) -> [Double] {
    let total = Double(counts.reduce(0, +))
    let present = Double(counts.count { $0 > 0 })
    return counts.map { $0 > 0 ? total / (present * Double($0)) : 0 }
  }

  /// Weights of the positive samples in binary cross-entropy: negatives by positives.
  ///
  /// - Parameters:
  ///   - positives: how many of the samples carry each of K findings.
  ///   - total: how many samples there are.
  /// - Returns: K weights. A finding that no sample or every sample carries has the weight 1: no
  ///   weight can balance it.
  package static func positive(_ positives: [Int], of total: Int) -> [Double] {
    precondition(positives.allSatisfy { (0...total).contains($0) }, "\(positives) of \(total)")
    return positives.map { count in
      (1..<max(total, 1)).contains(count) ? Double(total - count) / Double(count) : 1
    }
  }

  /// Weights for drawing samples so that each class comes as often as every other: 1 / n_c.
  ///
  /// - Parameters:
  ///   - labels: N class indices.
  ///   - classCount: K.
  /// - Returns: N weights above 0.
  package static func inverseFrequency(ofClasses labels: [Int], classCount: Int) -> [Double] {
    var counts = Array(repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    return labels.map { 1 / Double(counts[$0]) }
  }

  /// Weights for drawing samples with several findings: that of the rarest finding, 1 / n_c.
  ///
  /// Samples without any finding are taken as a class of their own. Findings that keep company can't all
  /// come equally often; with the rarest one's weight none comes less often than it would alone, among
  /// classes of one finding each.
  ///
  /// - Parameter findings: N rows of K values of 0 and 1.
  /// - Returns: N weights above 0.
  package static func inverseFrequency(ofFindings findings: [[Int]]) -> [Double] {
    var counts = Array(repeating: 0, count: findings.first?.count ?? 0)
    var without = 0
    for row in findings {
      for (finding, value) in row.enumerated() { counts[finding] += value }
      if !row.contains(1) { without += 1 }
    }
    return findings.map { row in
      let carried = row.indices.filter { row[$0] == 1 }.map { counts[$0] }
      return 1 / Double(carried.min() ?? without)
    }
  }
}

extension TaskLabels {
  /// Weights for drawing samples so that rare classes or findings come more often.
  ///
  /// - Parameter classCount: K.
  /// - Returns: N weights above 0, for ``EpochOrder/weighted(_:weights:seed:epoch:)``.
  package func samplingWeights(classCount: Int) -> [Double] {
    switch self {
    case .classes(let labels):
      ImbalanceWeights.inverseFrequency(ofClasses: labels, classCount: classCount)
    case .findings(let rows): ImbalanceWeights.inverseFrequency(ofFindings: rows)
    }
  }

  /// Weights of the loss: of classes in cross-entropy, or of positives in binary cross-entropy.
  ///
  /// - Parameter classCount: K.
  /// - Returns: K weights.
  package func lossWeights(classCount: Int) -> [Double] {
    var counts = Array(repeating: 0, count: classCount)
    for index in 0..<count {
      for positive in positives(at: index) { counts[positive] += 1 }
    }
    return switch self {
    case .classes: ImbalanceWeights.balanced(counts)
    case .findings: ImbalanceWeights.positive(counts, of: count)
    }
  }
}
