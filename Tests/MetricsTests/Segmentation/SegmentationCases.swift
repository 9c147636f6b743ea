import Metrics
import Results
import TestSupport

/// Images of one class with what NumPy and scikit-learn say of them;
/// `generate/segmentation_metrics.py` makes them.
struct BinarySegmentationCase: Decodable, Sendable, CustomStringConvertible {
  struct Image: Decodable, Sendable {
    let name: String
    let height: Int
    let width: Int
    let probabilities: [Float]
    let truth: [UInt8]
    let fieldOfView: [Bool]?
  }

  struct Areas: Decodable, Sendable {
    let auc: Double?
    let ap: Double?
  }

  struct At: Decodable, Sendable {
    let threshold: Float
    /// By rule, then by metric.
    let pooled: [String: [String: Double?]]
    let images: [String: [[String: Double?]]]
  }

  struct GridChoice: Decodable, Sendable {
    let index: Int
    let dice: Double
  }

  struct AnyChoice: Decodable, Sendable {
    let threshold: Float
    let dice: Double
  }

  struct Expected: Decodable, Sendable {
    let pooled: Areas
    let images: [Areas]
    let at: [At]
    let grid: GridChoice?
    let any: AnyChoice?
  }

  let name: String
  let images: [Image]
  let expected: Expected

  var description: String { name }

  static let all =
    (try? references("segmentation-binary.json", of: BinarySegmentationCase.self)) ?? []

  /// All images in a new accumulator.
  func segmentation(
    _ grid: ThresholdGrid,
    _ pooling: ScorePooling = .exact
  ) throws -> BinarySegmentation {
    var segmentation = BinarySegmentation(className: "vessel", grid: grid, pooling: pooling)
    for image in images { try segmentation.add(image) }
    return segmentation
  }
}

extension BinarySegmentation {
  /// Adds a recorded image.
  mutating func add(_ image: BinarySegmentationCase.Image) throws {
    try add(
      name: image.name,
      probabilities: image.probabilities,
      truth: image.truth,
      fieldOfView: image.fieldOfView
    )
  }
}

/// What differs between one class's decided metrics and a recorded row of them.
func disagreements(
  _ value: (SegmentationMetric) -> MetricValue,
  _ expected: [String: Double?]
) -> [String] {
  SegmentationMetric.allCases.compactMap { metric in
    guard let reference = expected[metric.identifier] else { return "no \(metric) recorded" }
    return disagreement(value(metric), reference).map { "\(metric): \($0)" }
  }
}

/// A mask from a string of `0` and `1`.
func mask(_ text: String, width: Int, height: Int) -> BinaryMask {
  BinaryMask(width: width, height: height, pixels: text.utf8.map { $0 == UInt8(ascii: "1") })
}

/// Counts of an image with as many pixels found, wrongly found, missed and rightly left.
func counts(_ found: Int, _ wrong: Int, _ missed: Int, _ right: Int) throws -> BinaryCounts {
  var segmentation = BinarySegmentation(className: "it", grid: .atLeast(0.5))
  try segmentation.add(
    name: "a",
    probabilities: Array(repeating: 0.75, count: found + wrong)
      + Array(repeating: 0.25, count: missed + right),
    truth: Array(repeating: 1, count: found) + Array(repeating: 0, count: wrong)
      + Array(repeating: 1, count: missed) + Array(repeating: 0, count: right),
    fieldOfView: nil
  )
  return segmentation.images[0].counts(at: 0)
}
