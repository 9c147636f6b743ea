package import Results

/// One class's decisions, image by image: what all metrics of decided masks are computed from.
package struct SegmentationCounts: Equatable, Sendable {
  /// The class.
  package let className: String
  /// N images' names.
  package let imageNames: [String]
  /// The counts of each image's evaluated pixels; N.
  package let images: [BinaryCounts]

  /// The counts of all images' pixels together.
  package var pooled: BinaryCounts { images.reduce(BinaryCounts(), +) }

  /// How many images show the class.
  package var imagesWithClass: Int { images.count { $0.support > 0 } }

  /// A metric of all pixels together.
  ///
  /// - Parameters:
  ///   - metric: which one.
  ///   - emptyMasks: what Dice and IoU of empty masks are.
  /// - Returns: a number in 0...1, or why there is none.
  package func pooledValue(_ metric: SegmentationMetric, _ emptyMasks: EmptyMasks) -> MetricValue {
    metric.value(pooled, of: quoted(className), emptyMasks: emptyMasks)
  }

  /// A metric of each image.
  ///
  /// - Parameters:
  ///   - metric: which one.
  ///   - emptyMasks: what Dice and IoU of empty masks are.
  /// - Returns: N values.
  package func imageValues(
    _ metric: SegmentationMetric,
    _ emptyMasks: EmptyMasks
  ) -> [MetricValue] {
    images.map { metric.value($0, of: quoted(className), emptyMasks: emptyMasks) }
  }

  /// A metric over the images that have a value.
  ///
  /// - Parameters:
  ///   - metric: which one.
  ///   - emptyMasks: what Dice and IoU of empty masks are.
  /// - Returns: mean, deviation, quantiles and the images left out.
  package func imageSummary(
    _ metric: SegmentationMetric,
    _ emptyMasks: EmptyMasks
  ) -> ImageSummary {
    ImageSummary(names: imageNames, values: imageValues(metric, emptyMasks))
  }
}
