/// Weights that make classes count alike where some are rare.
package enum ClassBalance {
  /// How often each sample is drawn relative to others, so that each class comes as often.
  ///
  /// - Parameter classes: one class per sample; multi-label samples go by their rarest label.
  /// - Returns: 1 / (number of samples of the same class).
  package static func samplingWeights(_ classes: [Int]) -> [Double] {
    var counts: [Int: Int] = [:]
    for label in classes { counts[label, default: 0] += 1 }
    return classes.map { 1 / Double(counts[$0] ?? 1) }
  }

  /// The rarest label of each sample: its class in balanced sampling.
  ///
  /// - Parameters:
  ///   - positives: the labels of each sample, in 0..<labelCount.
  ///   - labelCount: how many labels there are.
  /// - Returns: one class per sample; `labelCount` for a sample without labels. Of equally rare
  ///   labels, the first.
  package static func rarestLabels(_ positives: [[Int]], labelCount: Int) -> [Int] {
    var counts = Array(repeating: 0, count: labelCount)
    for label in positives.joined() { counts[label] += 1 }
    return positives.map { labels in
      labels.min { (counts[$0], $0) < (counts[$1], $1) } ?? labelCount
    }
  }

  /// What each class's samples are weighted with in a loss: n / (K·n_k), scikit-learn's "balanced".
  ///
  /// - Parameter counts: n_k, the number of samples of each of the K classes.
  /// - Returns: one weight per class, with a mean of 1 over samples where no class is absent; 0 for
  ///   an absent class, whose weight is never used.
  package static func classWeights(_ counts: [Int]) -> [Double] {
    let total = counts.reduce(0, +)
    return counts.map { $0 == 0 ? 0 : Double(total) / (Double(counts.count) * Double($0)) }
  }

  /// What positives are weighted with in a binary loss: negatives / positives, PyTorch's `pos_weight`.
  ///
  /// - Parameters:
  ///   - positives: the number of samples that carry each label.
  ///   - sampleCount: the number of samples.
  /// - Returns: one weight per label; 1 for a label that all or no samples carry.
  package static func positiveWeights(_ positives: [Int], sampleCount: Int) -> [Double] {
    positives.map {
      $0 == 0 || $0 == sampleCount ? 1 : Double(sampleCount - $0) / Double($0)
    }
  }
}
