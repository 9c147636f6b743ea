import Foundation
import Imaging
import TestSupport
import Testing

/// What `Tests/Fixtures/generate/imaging.py` recorded of Pillow, PyTorch and torchvision.
struct ExpectedImages: Decodable, Sendable {
  struct File: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var mode: String
    var width: Int
    var height: Int
    var rgb: Data
    var grey: Data?

    var testDescription: String { name }

    /// The file's bytes.
    var bytes: [UInt8] {
      get throws {
        [UInt8](
          try Data(contentsOf: Fixtures.directory.appending(path: "Imaging/files/\(name)"))
        )
      }
    }
  }

  struct Resize: Decodable, Sendable, CustomTestStringConvertible {
    var input: [Int]
    var output: [Int]
    var box: [Float]?
    var interpolation: Interpolation
    var checksum: UInt32
    var first: [UInt8]

    var testDescription: String { "\(input) to \(output), \(interpolation), box \(box ?? [])" }
  }

  struct Crop: Decodable, Sendable {
    var input: [Int]
    var side: Int
    var output: [Int]
    var checksum: UInt32
  }

  struct Photograph: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var decoded: UInt32
    var resized: UInt32

    var testDescription: String { name }
  }

  var decoded: [File]
  var resized: [Resize]
  var cropped: [Crop]
  var normalized: [String: Data]
  var photographs: [Photograph]

  /// The fixture; a test that finds it broken fails at its first use.
  static let shared: ExpectedImages = {
    let url = Fixtures.directory.appending(path: "Imaging/expected.json")
    do {
      return try JSONDecoder().decode(ExpectedImages.self, from: Data(contentsOf: url))
    } catch {
      preconditionFailure("\(url.path()): \(error)")
    }
  }()

  /// The files whose name begins with a text.
  static func files(_ prefix: String) -> [File] {
    shared.decoded.filter { $0.name.hasPrefix(prefix) }
  }
}

/// The picture that the generator script's `picture` computes: ramps, stripes, noise.
func generatedImage(width: Int, height: Int) -> ImageBuffer {
  var pixels: [UInt8] = []
  pixels.reserveCapacity(width * height * 3)
  for y in 0..<height {
    for x in 0..<width {
      let isStriped = (x / 5 + y / 3) % 4 == 0
      for channel in 0..<3 {
        var value = x * 37 + y * 101 + channel * 59
        value += ((x * y) >> 3) * 13 + (x ^ y) * 7
        if isStriped { value = value * 29 + 128 }
        pixels.append(UInt8(truncatingIfNeeded: value))
      }
    }
  }
  return ImageBuffer(width: width, height: height, pixels: pixels)
}

/// The CRC-32 that zlib computes.
func checksum(_ bytes: [UInt8]) -> UInt32 {
  let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
    }
  }
  return ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
}

/// A seeded generator for reproducible damage (Steele, Lea, Flood 2014, SplitMix64).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
