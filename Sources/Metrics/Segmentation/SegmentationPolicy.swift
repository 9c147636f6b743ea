import Results

/// What Dice and IoU are where a class is empty in truth and prediction.
package enum EmptyMasks: String, CaseIterable, Sendable {
  /// Undefined: the image, or the class, is left out of means and counted.
  case leftOut = "left-out"
  /// 1: nothing was to be found and nothing was.
  case one
  /// 0.
  case zero

  /// Dice or IoU of two empty masks.
  func value(of subject: String) -> MetricValue {
    switch self {
    case .leftOut: .undefined(reason: "\(subject) is empty in truth and prediction")
    case .one: .value(1)
    case .zero: .value(0)
    }
  }
}

/// The choices that published segmentation figures silently differ in; part of a result.
package struct SegmentationPolicy: Equatable, Sendable {
  /// What Dice and IoU are where a class is empty in truth and prediction.
  package var emptyMasks: EmptyMasks
  /// Whether class 0 of a label map enters means over classes; multi-label masks have none.
  package var meanHasBackground: Bool

  /// Chooses.
  ///
  /// - Parameters:
  ///   - emptyMasks: what Dice and IoU of two empty masks are.
  ///   - meanHasBackground: whether class 0 of a label map enters means over classes.
  package init(emptyMasks: EmptyMasks = .leftOut, meanHasBackground: Bool = false) {
    self.emptyMasks = emptyMasks
    self.meanHasBackground = meanHasBackground
  }

  /// The choices by name, for a result's parameters.
  package var names: [(name: String, value: String)] {
    [
      ("empty-masks", emptyMasks.rawValue),
      ("background-in-mean", meanHasBackground ? "yes" : "no"),
    ]
  }
}
