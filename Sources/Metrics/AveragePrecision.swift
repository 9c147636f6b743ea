package import Results

/// Average precision: the area under the precision-recall curve drawn as steps.
///
/// `AP = Σ (recall_g − recall_{g−1}) · precision_g` over groups of equal scores from the highest
/// down, without interpolation, so ties get no credit for a lucky order. Undefined without a
/// positive, where scikit-learn returns 0 with a warning; 1 where all samples are positive.
///
/// - Parameter predictions: N samples; any finite scores.
/// - Returns: a number in 0...1, or why there is none.
/// - Complexity: O(N) after one sort that all metrics and replicates share.
/// - Note: Manning, Raghavan, Schütze, "Introduction to information retrieval", 2008, chapter 8.
package func binaryAveragePrecision(_ predictions: BinaryPredictions) -> MetricValue {
  RankingSummary(predictions.ranking, predictions.multiplicities)
    .averagePrecision(of: quoted(predictions.positiveName))
}

/// Mean average precision (mAP): the mean over classes of each one's average precision against the
/// rest.
///
/// - Parameter predictions: N samples, K classes; a class without a sample is left out by name.
/// - Returns: the mean and each class's average precision.
package func multiclassMeanAveragePrecision(_ predictions: MulticlassPredictions) -> MacroMean {
  MacroMean(predictions.rankingSummaries.map { $0.averagePrecision(of: $1) })
}

/// Mean average precision (mAP): the mean over classes of their average precisions.
///
/// - Parameter predictions: N samples, K classes; a class without a positive is left out by name.
/// - Returns: the mean and each class's average precision.
package func multilabelMeanAveragePrecision(_ predictions: MultilabelPredictions) -> MacroMean {
  MacroMean(predictions.rankingSummaries.map { $0.averagePrecision(of: $1) })
}

extension RankingSummary {
  /// The mean over positives of the precision at their scores.
  func averagePrecision(of subject: String) -> MetricValue {
    .ratio(
      precisionSum,
      Double(positives),
      orUndefined: "\(subject) has no positive sample"
    )
  }
}
