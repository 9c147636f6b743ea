package import Results

/// The four counts of one class's decisions.
package struct BinaryCounts: Equatable, Sendable {
  /// Positive and decided positive.
  package var truePositives = 0
  /// Negative but decided positive.
  package var falsePositives = 0
  /// Positive but decided negative.
  package var falseNegatives = 0
  /// Negative and decided negative.
  package var trueNegatives = 0

  /// Adds decisions.
  ///
  /// - Parameters:
  ///   - isPositive: the label.
  ///   - isDecided: the decision.
  ///   - count: how often.
  package mutating func add(isPositive: Bool, isDecided: Bool, count: Int) {
    switch (isPositive, isDecided) {
    case (true, true): truePositives += count
    case (false, true): falsePositives += count
    case (true, false): falseNegatives += count
    case (false, false): trueNegatives += count
    }
  }

  /// How many are positive (TP + FN).
  package var support: Int { truePositives + falseNegatives }

  /// Counts of two sets of decisions together.
  package static func + (first: BinaryCounts, second: BinaryCounts) -> BinaryCounts {
    BinaryCounts(
      truePositives: first.truePositives + second.truePositives,
      falsePositives: first.falsePositives + second.falsePositives,
      falseNegatives: first.falseNegatives + second.falseNegatives,
      trueNegatives: first.trueNegatives + second.trueNegatives
    )
  }

  /// The positive predictive value, TP / (TP + FP); undefined where nothing is decided positive.
  ///
  /// - Parameter subject: what is decided, for the reason.
  /// - Returns: a number in 0...1, or why there is none.
  package func precision(of subject: String) -> MetricValue {
    .ratio(
      truePositives,
      truePositives + falsePositives,
      orUndefined: "no sample is decided to be \(subject)"
    )
  }

  /// The recall, TP / (TP + FN); undefined where nothing is positive.
  ///
  /// - Parameter subject: what is decided, for the reason.
  /// - Returns: a number in 0...1, or why there is none.
  package func sensitivity(of subject: String) -> MetricValue {
    .ratio(truePositives, support, orUndefined: "\(subject) has no positive sample")
  }

  /// The recall of the negatives, TN / (TN + FP); undefined where nothing is negative.
  ///
  /// - Parameter subject: what is decided, for the reason.
  /// - Returns: a number in 0...1, or why there is none.
  package func specificity(of subject: String) -> MetricValue {
    .ratio(
      trueNegatives,
      trueNegatives + falsePositives,
      orUndefined: "\(subject) has no negative sample"
    )
  }

  /// The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN); undefined where nothing is
  /// positive, neither by label nor by decision.
  ///
  /// A class with samples of which none is found has F1 = 0, though its precision may be undefined.
  ///
  /// - Parameter subject: what is decided, for the reason.
  /// - Returns: a number in 0...1, or why there is none.
  package func f1(of subject: String) -> MetricValue {
    .ratio(
      2 * truePositives,
      2 * truePositives + falsePositives + falseNegatives,
      orUndefined: "\(subject) occurs neither among labels nor among decisions"
    )
  }

  /// The share of right decisions; undefined without a decision.
  package var accuracy: MetricValue {
    .ratio(
      truePositives + trueNegatives,
      truePositives + trueNegatives + falsePositives + falseNegatives,
      orUndefined: "there is no sample"
    )
  }
}

extension BinaryPredictions {
  /// The four counts at the threshold, each sample with its multiplicity.
  package var counts: BinaryCounts {
    var counts = BinaryCounts()
    for sample in 0..<sampleCount {
      counts.add(
        isPositive: labels[sample],
        isDecided: scores[sample] >= threshold,
        count: Int(multiplicities[sample])
      )
    }
    return counts
  }
}

extension MultilabelPredictions {
  /// Each class's four counts at its threshold, each sample with its multiplicity; K counts.
  package var classCounts: [BinaryCounts] {
    var counts = Array(repeating: BinaryCounts(), count: classCount)
    for sample in 0..<sampleCount where multiplicities[sample] != 0 {
      for index in 0..<classCount {
        counts[index].add(
          isPositive: labels[sample * classCount + index],
          isDecided: scores[sample * classCount + index] >= thresholds[index],
          count: Int(multiplicities[sample])
        )
      }
    }
    return counts
  }
}
