import Results

/// What a metric is computed from, image by image, so that images may count several times or not at all.
enum ImageStatistic: Sendable {
  /// A metric of the counts of all images together.
  case pooled(SegmentationMetric, SegmentationCounts, EmptyMasks)
  /// The mean over images that have a value, these ascending.
  case mean([ImageValue], reasonForNone: String)
  /// Nothing, and why.
  case unavailable(reason: String)

  /// One image's number.
  struct ImageValue: Sendable {
    /// Which image, in 0..<N.
    let image: Int
    /// Its value.
    let number: Double
  }

  /// The mean over images that have a value.
  ///
  /// - Parameter summary: N images.
  /// - Returns: a statistic that is the summary's mean, to the bit, where each image counts once.
  static func mean(of summary: ImageSummary) -> ImageStatistic {
    let values = summary.values.enumerated().compactMap { image, value in
      value.number.map { ImageValue(image: image, number: $0) }
    }
    return .mean(
      values.sorted { ($0.number, $0.image) < ($1.number, $1.image) },
      reasonForNone: "no image drawn has a value"
        + (summary.leftOut.first.map { ": \($0.reason)" } ?? "")
    )
  }

  /// The metric of images that count as often as told.
  ///
  /// - Parameter multiplicities: N numbers, none negative.
  /// - Returns: a number, or why there is none.
  func value(_ multiplicities: [Int32]) -> MetricValue {
    switch self {
    case .pooled(let metric, let counts, let emptyMasks):
      var sum = BinaryCounts()
      for (image, multiplicity) in zip(counts.images, multiplicities) where multiplicity != 0 {
        sum.truePositives += Int(multiplicity) * image.truePositives
        sum.falsePositives += Int(multiplicity) * image.falsePositives
        sum.falseNegatives += Int(multiplicity) * image.falseNegatives
        sum.trueNegatives += Int(multiplicity) * image.trueNegatives
      }
      return metric.value(sum, of: quoted(counts.className), emptyMasks: emptyMasks)
    case .mean(let values, let reason):
      var sum = 0.0
      var count = 0
      for value in values {
        let multiplicity = multiplicities[value.image]
        sum += Double(multiplicity) * value.number
        count += Int(multiplicity)
      }
      return .ratio(sum, Double(count), orUndefined: reason)
    case .unavailable(let reason):
      return .undefined(reason: reason)
    }
  }
}
