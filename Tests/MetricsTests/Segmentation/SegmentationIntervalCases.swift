import Metrics
import Results

/// Images with the intervals that NumPy and scikit-learn give on the same resamples;
/// `generate/segmentation_intervals.py` makes them.
struct SegmentationIntervalCase: Decodable, Sendable, CustomStringConvertible {
  struct Image: Decodable, Sendable {
    let height: Int
    let width: Int
    /// K masks.
    let truths: [String]
    /// K masks.
    let predictions: [String]
    /// K maps, or nil.
    let probabilities: [[Float]]?
  }

  struct Row: Decodable, Sendable {
    /// A class; `mean` over classes, `none` for what concerns no class.
    let className: String
    let metric: String
    let value: Double?
    let undefined: Int
    let low: Double?
    let high: Double?

    private enum CodingKeys: String, CodingKey {
      case className = "class"
      case metric, value, undefined, low, high
    }
  }

  let name: String
  let classNames: [String]
  let hasBackground: Bool
  let hasCups: Bool
  let backgroundInMean: Bool
  let emptyMasks: String
  let groups: [Int]?
  let level: Double
  let replicates: Int
  let seed: UInt64
  let images: [Image]
  let expected: [Row]

  var description: String { name }

  static let all =
    (try? references("segmentation-intervals.json", of: SegmentationIntervalCase.self)) ?? []

  var policy: SegmentationPolicy {
    SegmentationPolicy(
      emptyMasks: EmptyMasks(rawValue: emptyMasks) ?? .leftOut,
      meanHasBackground: backgroundInMean
    )
  }

  /// The names of the images.
  var imageNames: [String] { images.indices.map { "image \($0)" } }

  /// Each class's accumulator; none without probabilities.
  func areas() throws -> [BinarySegmentation] {
    guard images[0].probabilities != nil else { return [] }
    var regions = try MultilabelSegmentation(classNames: classNames, grid: .atLeast(0.5))
    for (name, image) in zip(imageNames, images) {
      try regions.add(
        name: name,
        planes: image.probabilities ?? [],
        truths: image.truths.map { $0.utf8.map { $0 - UInt8(ascii: "0") } },
        fieldOfView: nil
      )
    }
    return regions.classes
  }

  /// Each class's decisions.
  func counts() throws -> [SegmentationCounts] {
    let areas = try areas()
    guard areas.isEmpty else { return areas.map { $0.counts(at: 0) } }
    var maps = try LabelMapSegmentation(classNames: classNames)
    for (name, image) in zip(imageNames, images) {
      try maps.add(
        name: name,
        predicted: labels(image.predictions),
        truth: labels(image.truths),
        fieldOfView: nil
      )
    }
    return maps.counts
  }

  /// The distances of each class but the background.
  func distances() -> [ImageSummary] {
    classNames.indices.dropFirst(hasBackground ? 1 : 0).map { index in
      ImageSummary(
        names: imageNames,
        values: images.map { image in
          hausdorffDistance95(
            picture(image.predictions[index], image),
            picture(image.truths[index], image),
            of: classNames[index]
          )
        }
      )
    }
  }

  /// The errors of the ratios of class 2 to both classes 1 and 2.
  func cupToDisc() -> CupToDiscErrors? {
    guard hasCups else { return nil }
    var errors = CupToDiscErrors()
    for (name, image) in zip(imageNames, images) {
      let ratios = [image.predictions, image.truths].map { masks in
        let (rim, cup) = (picture(masks[1], image), picture(masks[2], image))
        let disc = zip(rim.pixels, cup.pixels).map { $0 || $1 }
        return verticalCupToDiscRatio(
          cup: cup,
          disc: BinaryMask(width: image.width, height: image.height, pixels: disc)
        )
      }
      errors.add(name: name, predicted: ratios[0], truth: ratios[1])
    }
    return errors
  }

  /// The report, with intervals or without.
  func report(_ options: BootstrapOptions?, groups: [Int]?) throws -> SegmentationReport {
    SegmentationReport(
      try counts(),
      areas: try areas(),
      distances: distances(),
      cupToDisc: cupToDisc(),
      hasBackground: hasBackground,
      policy: policy,
      bootstrap: options,
      groups: groups
    )
  }

  /// The options that the expected intervals were made with.
  func options() throws -> BootstrapOptions {
    try BootstrapOptions(replicates: replicates, level: level, seed: seed)
  }

  private func picture(_ text: String, _ image: Image) -> BinaryMask {
    mask(text, width: image.width, height: image.height)
  }

  private func labels(_ masks: [String]) -> [UInt8] {
    let bytes = masks.map { Array($0.utf8) }
    return bytes[0].indices.map { pixel in
      UInt8(bytes.firstIndex { $0[pixel] == UInt8(ascii: "1") } ?? 0)
    }
  }
}

extension SegmentationReport {
  /// The records of a class, of the means (`mean`), or of no class (`none`).
  func records(_ className: String) -> [MetricRecord] {
    switch className {
    case "mean": metrics.filter { $0.averaging == .macro }
    case "none": metrics.filter { $0.averaging != .macro }
    default: classMetrics.first { $0.name == className }?.metrics ?? []
    }
  }

  /// One record.
  func record(_ className: String, _ identifier: String) -> MetricRecord? {
    records(className).first { $0.identifier == identifier }
  }
}
