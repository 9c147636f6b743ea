package import Results

/// The most points that a curve keeps for a report.
package let curvePointLimit = 200

/// The ROC curve: true positive rate over false positive rate, from (0, 0) to (1, 1).
///
/// One point per group of equal scores, thinned evenly along the curve where there are more than
/// `pointLimit`.
///
/// - Parameters:
///   - predictions: N samples.
///   - pointLimit: how many points are kept at most; at least 2.
/// - Returns: the curve, or nil where it is undefined for lack of a positive or a negative.
package func binaryROCCurve(
  _ predictions: BinaryPredictions,
  pointLimit: Int = curvePointLimit
) -> Curve? {
  rocCurve(predictions.ranking, predictions.multiplicities, predictions.positiveName, pointLimit)
}

/// The precision-recall curve: precision over recall, from (0, 1) to (1, share of positives).
///
/// One point per group of equal scores behind the anchor (0, 1), thinned evenly along the curve
/// where there are more than `pointLimit`.
///
/// - Parameters:
///   - predictions: N samples.
///   - pointLimit: how many points are kept at most; at least 2.
/// - Returns: the curve, or nil where it is undefined for lack of a positive.
package func binaryPrecisionRecallCurve(
  _ predictions: BinaryPredictions,
  pointLimit: Int = curvePointLimit
) -> Curve? {
  precisionRecallCurve(
    predictions.ranking,
    predictions.multiplicities,
    predictions.positiveName,
    pointLimit
  )
}

/// Both curves of each class that has them.
///
/// - Parameters:
///   - rankings: K rankings.
///   - multiplicities: how often each sample counts.
///   - classNames: K names.
/// - Returns: at most 2 · K curves, class by class.
func curves(_ rankings: [Ranking], _ multiplicities: [Int32], _ classNames: [String]) -> [Curve] {
  zip(rankings, classNames).flatMap { ranking, name in
    [
      rocCurve(ranking, multiplicities, name, curvePointLimit),
      precisionRecallCurve(ranking, multiplicities, name, curvePointLimit),
    ].compactMap(\.self)
  }
}

private func rocCurve(
  _ ranking: Ranking,
  _ multiplicities: [Int32],
  _ name: String,
  _ pointLimit: Int
) -> Curve? {
  let summary = RankingSummary(ranking, multiplicities)
  guard summary.positives > 0, summary.negatives > 0 else { return nil }
  var points = [SIMD2<Double>(0, 0)]
  let totals = SIMD2(Double(summary.negatives), Double(summary.positives))
  var above = SIMD2<Double>(0, 0)
  ranking.forEachGroup(multiplicities) { positives, negatives in
    above += SIMD2(Double(negatives), Double(positives))
    points.append(above / totals)
  }
  return curve(.receiverOperating, name, points, pointLimit)
}

private func precisionRecallCurve(
  _ ranking: Ranking,
  _ multiplicities: [Int32],
  _ name: String,
  _ pointLimit: Int
) -> Curve? {
  let allPositives = RankingSummary(ranking, multiplicities).positives
  guard allPositives > 0 else { return nil }
  var points = [SIMD2<Double>(0, 1)]
  var truePositives = 0
  var decided = 0
  ranking.forEachGroup(multiplicities) { positives, negatives in
    truePositives += positives
    decided += positives + negatives
    guard decided > 0 else { return }
    points.append(
      SIMD2(
        Double(truePositives) / Double(allPositives),
        Double(truePositives) / Double(decided)
      )
    )
  }
  return curve(.precisionRecall, name, points, pointLimit)
}

private func curve(
  _ kind: Curve.Kind,
  _ name: String,
  _ points: [SIMD2<Double>],
  _ pointLimit: Int
) -> Curve {
  let kept = thinned(points, to: pointLimit)
  return Curve(kind: kind, name: name, x: kept.map(\.x), y: kept.map(\.y))
}

/// At most `limit` of the points, both ends among them, evenly spaced in `|Δx| + |Δy|` along the
/// curve.
///
/// - Parameters:
///   - points: at least one point.
///   - limit: at least 2.
/// - Returns: the points that are kept, in their order.
func thinned(_ points: [SIMD2<Double>], to limit: Int) -> [SIMD2<Double>] {
  precondition(limit >= 2, "a curve of at most \(limit) points has no two ends")
  guard points.count > limit else { return points }
  var lengths = [0.0]
  for (point, next) in zip(points, points.dropFirst()) {
    lengths.append(lengths[lengths.count - 1] + abs(next.x - point.x) + abs(next.y - point.y))
  }
  let step = lengths[lengths.count - 1] / Double(limit - 1)
  var kept = [points[0]]
  for index in 1..<points.count - 1
  where kept.count < limit - 1 && lengths[index] >= Double(kept.count) * step {
    kept.append(points[index])
  }
  return kept + [points[points.count - 1]]
}
