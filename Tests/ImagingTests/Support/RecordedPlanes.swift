import Imaging
import TestSupport

/// What `Tests/Fixtures/generate/segmentation_maps.py` recorded.
enum RecordedPlanes {
  /// The cases whose names begin with a text.
  static func cases(_ prefix: String) throws -> [RecordedCase] {
    try RecordedCase.cases("Imaging/segmentation.json", prefix)
  }
}

extension RecordedCase {
  /// A recorded array of H × W values.
  func map(_ name: String) throws -> Plane<Float> {
    let shape = try shape(name)
    return Plane(width: shape[1], height: shape[0], samples: try floats(name))
  }

  /// A recorded array of H × W whole numbers from 0 to 255.
  func mask(_ name: String) throws -> Plane<UInt8> {
    let map = try map(name)
    return Plane(width: map.width, height: map.height, samples: map.samples.map { UInt8($0) })
  }
}

/// A map that no mirror image of it equals.
func generatedMap(width: Int, height: Int) -> Plane<Float> {
  let image = generatedImage(width: width, height: height)
  return Plane(
    width: width,
    height: height,
    samples: (0..<width * height).map { Float(image.pixels[3 * $0]) / 255 }
  )
}
