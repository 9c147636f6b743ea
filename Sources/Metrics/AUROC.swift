package import Results

/// The area under the ROC curve: how likely a positive scores above a negative, ties counting half.
///
/// `AUC = (Σ over positives of negatives below + ½ · ties) / (P · N)`, counted in whole numbers and
/// divided once. Undefined without a positive or without a negative, where scikit-learn returns NaN
/// with a warning.
///
/// - Parameter predictions: N samples; any finite scores.
/// - Returns: a number in 0...1, or why there is none.
/// - Complexity: O(N) after one sort that all metrics and replicates share.
/// - Note: Hanley and McNeil, "The meaning and use of the area under a ROC curve", 1982.
package func binaryAUROC(_ predictions: BinaryPredictions) -> MetricValue {
  RankingSummary(predictions.ranking, predictions.multiplicities)
    .areaUnderROC(of: quoted(predictions.positiveName))
}

/// The mean of the areas under the ROC curves of each class against the rest, by its own scores.
///
/// A class without a sample (or with all samples) has no area and is left out by name.
///
/// - Parameter predictions: N samples, K classes.
/// - Returns: the mean and each class's area.
package func multiclassAUROC(_ predictions: MulticlassPredictions) -> MacroMean {
  MacroMean(predictions.rankingSummaries.map { $0.areaUnderROC(of: $1) })
}

/// The mean over classes of the areas under their ROC curves.
///
/// A class that no sample or every sample shows has no area and is left out by name.
///
/// - Parameter predictions: N samples, K classes.
/// - Returns: the mean and each class's area.
package func multilabelAUROC(_ predictions: MultilabelPredictions) -> MacroMean {
  MacroMean(predictions.rankingSummaries.map { $0.areaUnderROC(of: $1) })
}

extension RankingSummary {
  /// Twice the Mann-Whitney count over twice the number of pairs.
  func areaUnderROC(of subject: String) -> MetricValue {
    if positives == 0 { return .undefined(reason: "\(subject) has no positive sample") }
    if negatives == 0 { return .undefined(reason: "\(subject) has no negative sample") }
    return .value(Double(twicePairsWon) / (2 * Double(positives) * Double(negatives)))
  }
}
