package import Results

extension ConfusionCounts {
  /// The share of right decisions; undefined without a sample.
  package var accuracy: MetricValue {
    .ratio(diagonal, total, orUndefined: "there is no sample")
  }

  /// Cohen's kappa, `1 − Σ w_ij · observed_ij / Σ w_ij · expected_ij` with w_ij = 1 off the diagonal.
  ///
  /// Undefined where all labels and all decisions are one class, as agreement by chance is complete
  /// then; scikit-learn returns NaN there.
  ///
  /// - Note: Cohen, "A coefficient of agreement for nominal scales", 1960.
  package var kappa: MetricValue { kappa { $0 == $1 ? 0 : 1 } }

  /// Cohen's kappa with weights w_ij = (i − j)²: an error counts by how many grades it is off.
  ///
  /// Takes the classes to be grades in their order, absent ones included.
  ///
  /// - Note: Cohen, "Weighted kappa", 1968.
  package var quadraticKappa: MetricValue { kappa { ($0 - $1) * ($0 - $1) } }

  /// Matthews' correlation coefficient, for K classes Gorodkin's R_K.
  ///
  /// Undefined where all labels or all decisions are one class, where scikit-learn returns 0.
  ///
  /// - Note: Gorodkin, "Comparing two K-category assignments by a K-category correlation
  ///   coefficient", 2004.
  package var matthewsCorrelation: MetricValue {
    let total = total
    let labelTotals = labelTotals
    let decidedTotals = decidedTotals
    let covariance =
      diagonal * total - zip(labelTotals, decidedTotals).reduce(0) { $0 + $1.0 * $1.1 }
    let labelVariance = total * total - labelTotals.reduce(0) { $0 + $1 * $1 }
    let decidedVariance = total * total - decidedTotals.reduce(0) { $0 + $1 * $1 }
    if total == 0 { return .undefined(reason: "there is no sample") }
    if labelVariance == 0 { return .undefined(reason: "all labels are one class") }
    if decidedVariance == 0 { return .undefined(reason: "all decisions are one class") }
    return .value(
      Double(covariance)
        / (Double(labelVariance).squareRoot() * Double(decidedVariance).squareRoot())
    )
  }

  private func kappa(_ weight: (Int, Int) -> Int) -> MetricValue {
    let labelTotals = labelTotals
    let decidedTotals = decidedTotals
    var observed = 0
    var expected = 0.0
    for label in 0..<classCount {
      for decided in 0..<classCount {
        observed += weight(label, decided) * self[label, decided]
        expected += Double(weight(label, decided) * labelTotals[label] * decidedTotals[decided])
      }
    }
    guard expected > 0 else {
      return .undefined(
        reason: total == 0 ? "there is no sample" : "all labels and all decisions are one class"
      )
    }
    return .value(1 - Double(observed) * Double(total) / expected)
  }
}
