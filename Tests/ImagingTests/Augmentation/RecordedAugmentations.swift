import Foundation
import Imaging
import TestSupport
import Testing

/// What `Tests/Fixtures/generate/augmentation.py` recorded of Pillow and torchvision.
struct RecordedAugmentations: Decodable, Sendable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var operation: String
    var image: String
    var parameters: [Double]
    var size: [Int]
    var checksum: UInt32
    var pixels: Data?

    var testDescription: String { "\(operation) \(parameters) of \(image)" }
  }

  var cases: [Case]

  /// The fixture; a test that finds it broken fails at its first use.
  static let shared: RecordedAugmentations = {
    let url = Fixtures.directory.appending(path: "Imaging/augmentation.json")
    do {
      return try JSONDecoder().decode(RecordedAugmentations.self, from: Data(contentsOf: url))
    } catch {
      preconditionFailure("\(url.path()): \(error)")
    }
  }()

  /// The cases of the operations whose names begin with a text.
  static func cases(_ prefix: String) -> [Case] {
    shared.cases.filter { $0.operation.hasPrefix(prefix) }
  }

  /// The images that the script names.
  static func image(_ name: String) -> ImageBuffer {
    switch name {
    case "small": generatedImage(width: 13, height: 9)
    case "odd": generatedImage(width: 23, height: 16)
    case "square": generatedImage(width: 17, height: 17)
    case "large": generatedImage(width: 211, height: 160)
    case "pixel": generatedImage(width: 1, height: 1)
    case "narrow": generatedImage(width: 3, height: 5)
    case "grey": ImageBuffer(width: 7, height: 5, pixels: Array(repeating: 77, count: 105))
    case "colours": colors
    case "dim":
      ImageBuffer(
        width: 19,
        height: 12,
        pixels: generatedImage(width: 19, height: 12).pixels.map { $0 / 3 + 40 }
      )
    default: preconditionFailure("no image is called \(name)")
    }
  }

  /// 17 steps of each channel in every combination, the ends included.
  private static let colors: ImageBuffer = {
    let steps = (0..<17).map { UInt8(min($0 * 16, 255)) }
    let pixels = steps.flatMap { red in
      steps.flatMap { green in steps.flatMap { blue in [red, green, blue] } }
    }
    return ImageBuffer(width: 289, height: 17, pixels: pixels)
  }()
}

/// Compares an image with a recorded one.
///
/// - Parameters:
///   - image: the image under test.
///   - recorded: what it should be, bit for bit.
/// - Returns: nil where it is, else the first five differences.
func mismatch(_ image: ImageBuffer, _ recorded: RecordedAugmentations.Case) -> String? {
  guard [image.width, image.height] == recorded.size else {
    return "\(image.width) × \(image.height), expected \(recorded.size)"
  }
  if let pixels = recorded.pixels {
    let difference = mismatch(
      image.pixels.map(Float.init),
      [UInt8](pixels).map(Float.init),
      within: .exact,
      context: recorded.testDescription
    )
    if let difference { return difference }
  }
  return checksum(image.pixels) == recorded.checksum
    ? nil : "\(recorded.testDescription): other pixels"
}
