package import Results

/// The vertical cup-to-disc ratio: the height of the cup's mask over that of the disc's.
///
/// A height counts rows from the first to the last that hold a set pixel. A disc without a cup has
/// the ratio 0.
///
/// - Parameters:
///   - cup: H × W pixels.
///   - disc: H × W pixels, those of the cup among them.
/// - Returns: a number from 0 on; undefined where there is no disc.
package func verticalCupToDiscRatio(cup: BinaryMask, disc: BinaryMask) -> MetricValue {
  precondition(
    cup.width == disc.width && cup.height == disc.height,
    "a cup of \(cup.width) × \(cup.height) in a disc of \(disc.width) × \(disc.height)"
  )
  return .ratio(
    cup.bounds?.rows.count ?? 0,
    disc.bounds?.rows.count ?? 0,
    orUndefined: "there is no disc"
  )
}

/// How far predicted cup-to-disc ratios lie from true ones, image after image.
package struct CupToDiscErrors: Sendable {
  /// N images' names.
  package private(set) var imageNames: [String] = []
  /// Predicted less true ratio of each image, or which of them is undefined; N.
  package private(set) var errors: [MetricValue] = []

  /// No image yet.
  package init() {}

  /// Adds an image.
  ///
  /// - Parameters:
  ///   - name: the image.
  ///   - predicted: the ratio of the predicted masks.
  ///   - truth: the ratio of the true masks.
  package mutating func add(name: String, predicted: MetricValue, truth: MetricValue) {
    imageNames.append(name)
    switch (predicted, truth) {
    case (.value(let predicted), .value(let truth)): errors.append(.value(predicted - truth))
    case (.undefined(let reason), .value): errors.append(.undefined(reason: "predicted: \(reason)"))
    case (_, .undefined(let reason)): errors.append(.undefined(reason: "truth: \(reason)"))
    }
  }

  /// The signed errors: their mean is the bias, positive where ratios are overestimated.
  package var signed: ImageSummary { ImageSummary(names: imageNames, values: errors) }

  /// The absolute errors: their mean is the mean absolute error.
  package var absolute: ImageSummary {
    ImageSummary(
      names: imageNames,
      values: errors.map { error in error.number.map { .value(abs($0)) } ?? error }
    )
  }

  /// How many images have no error, for lack of a disc in prediction or truth.
  package var undefinedCount: Int { errors.count { $0.number == nil } }
}
