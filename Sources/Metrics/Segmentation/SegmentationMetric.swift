package import Results

/// What is measured of masks that are decided: counts of pixels, one class against the rest.
///
/// Truth is empty where no evaluated pixel is positive (TP + FN = 0), a prediction where none is
/// decided positive (TP + FP = 0). Evaluated are the pixels inside the field of view whose truth is
/// not `ignoredLabel`; without any, every metric is undefined.
///
/// | | truth and prediction empty | truth empty | prediction empty |
/// |---|---|---|---|
/// | Dice, IoU | by `EmptyMasks` | 0 | 0 |
/// | sensitivity | undefined | undefined | 0 |
/// | precision | undefined | 0 | undefined |
/// | specificity | 1 | TN / (TN + FP) | 1 |
/// | accuracy | 1 | TN / all | (all − FN) / all |
///
/// Specificity is undefined where every pixel is positive. Areas under curves rank pixels: the area
/// under the ROC curve is undefined without a positive or without a negative pixel, that under the
/// precision-recall curve without a positive one. Distances are undefined where truth or prediction is
/// empty, cup-to-disc ratios where there is no disc; `EmptyMasks` changes neither.
package enum SegmentationMetric: String, CaseIterable, Sendable {
  /// `2 TP / (2 TP + FP + FN)`, the same number as F1 over pixels.
  case dice
  /// Intersection over union, Jaccard's index: `TP / (TP + FP + FN)`.
  case intersectionOverUnion = "iou"
  /// The recall of the positive pixels: `TP / (TP + FN)`.
  case sensitivity
  /// The recall of the negative pixels: `TN / (TN + FP)`.
  case specificity
  /// The positive predictive value: `TP / (TP + FP)`.
  case precision
  /// The share of pixels that are decided right.
  case accuracy

  /// The name in code and files, before the scope.
  package var identifier: String { rawValue }

  /// The name in tables, before the scope.
  package var displayName: String {
    switch self {
    case .dice: "Dice"
    case .intersectionOverUnion: "IoU"
    case .sensitivity: "Sensitivity"
    case .specificity: "Specificity"
    case .precision: "Precision"
    case .accuracy: "Accuracy"
    }
  }

  /// The metric of one set of decisions.
  ///
  /// - Parameters:
  ///   - counts: evaluated pixels, of one image or pooled over images.
  ///   - subject: the class, for the reason.
  ///   - emptyMasks: what Dice and IoU are where truth and prediction are empty.
  /// - Returns: a number in 0...1, or why there is none.
  package func value(
    _ counts: BinaryCounts,
    of subject: String,
    emptyMasks: EmptyMasks
  ) -> MetricValue {
    let (found, missed) = (counts.truePositives, counts.falseNegatives)
    let (wrong, right) = (counts.falsePositives, counts.trueNegatives)
    let all = found + missed + wrong + right
    if all == 0 { return .undefined(reason: "no labelled pixel lies inside the field of view") }
    switch self {
    case .dice, .intersectionOverUnion:
      if found + missed + wrong == 0 { return emptyMasks.value(of: subject) }
      return self == .dice
        ? .value(2 * Double(found) / Double(2 * found + wrong + missed))
        : .value(Double(found) / Double(found + wrong + missed))
    case .sensitivity:
      return .ratio(found, found + missed, orUndefined: "\(subject) has no positive pixel")
    case .specificity:
      return .ratio(right, right + wrong, orUndefined: "\(subject) has no negative pixel")
    case .precision:
      return .ratio(found, found + wrong, orUndefined: "no pixel is decided to be \(subject)")
    case .accuracy:
      return .value(Double(found + right) / Double(all))
    }
  }
}

/// What a metric of masks is taken over.
package enum SegmentationScope: String, CaseIterable, Sendable {
  /// All evaluated pixels of all images together.
  case pooled
  /// Each image on its own; then the mean over the images that have a value.
  case perImage = "per-image"
}
