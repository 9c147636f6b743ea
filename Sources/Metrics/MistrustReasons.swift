/// Why predictions of a positive class deserve mistrust though every metric of them is right.
///
/// - Parameter predictions: N samples; fewer than two give no reason.
/// - Returns: one line per reason: all scores equal, all samples decided alike.
package func mistrustReasons(_ predictions: BinaryPredictions) -> [String] {
  let count = predictions.sampleCount
  guard count >= 2 else { return [] }
  var reasons: [String] = []
  if isConstant(predictions.scores) {
    reasons.append("all \(count) samples have the same score")
  }
  let decisions = predictions.decisions
  if isConstant(decisions) {
    let name = predictions.classNames[decisions[0] ? 1 : 0]
    reasons.append("all \(count) samples are predicted as \(quoted(name))")
  }
  return reasons
}

/// Why predictions of one class per sample deserve mistrust though every metric of them is right.
///
/// - Parameter predictions: N samples, K classes; fewer than two samples give no reason.
/// - Returns: one line per reason: classes whose scores are all equal, all samples predicted alike.
package func mistrustReasons(_ predictions: MulticlassPredictions) -> [String] {
  let count = predictions.sampleCount
  guard count >= 2 else { return [] }
  var reasons = constantScores(predictions.scores, predictions.classNames)
  if isConstant(predictions.predicted) {
    let name = predictions.classNames[predictions.predicted[0]]
    reasons.append("all \(count) samples are predicted as \(quoted(name))")
  }
  return reasons
}

/// Why predictions of any classes per sample deserve mistrust though every metric of them is right.
///
/// - Parameter predictions: N samples, K classes; fewer than two samples give no reason.
/// - Returns: one line per reason: classes whose scores are all equal, all decisions alike.
package func mistrustReasons(_ predictions: MultilabelPredictions) -> [String] {
  let count = predictions.sampleCount
  guard count >= 2 else { return [] }
  var reasons = constantScores(predictions.scores, predictions.classNames)
  let decisions = predictions.decisions
  if isConstant(decisions) {
    reasons.append(
      decisions[0]
        ? "all \(count) samples are predicted to show every class"
        : "no sample of \(count) is predicted to show any class"
    )
  }
  return reasons
}

private func isConstant<Value: Equatable>(_ values: [Value]) -> Bool {
  values.allSatisfy { $0 == values[0] }
}

/// One line per class of which all samples have one score, or one line where that holds for all.
private func constantScores(_ scores: [Double], _ classNames: [String]) -> [String] {
  let constant = classNames.indices.filter {
    isConstant(column($0, of: scores, columns: classNames.count))
  }
  if constant.count == classNames.count { return ["all samples have the same scores"] }
  return constant.map { "all samples have the same score for \(quoted(classNames[$0]))" }
}
