import Imaging
import Randomness

/// A photograph and its masks, for tests of joint augmentation.
enum JointScene {
  /// An input that shows 8-bit values divided by 255.
  static func preprocessing(_ width: Int, _ height: Int) -> Preprocessing {
    Preprocessing(
      width: width,
      height: height,
      interpolation: .bilinear,
      mean: [0, 0, 0],
      standardDeviation: [1, 1, 1]
    )
  }

  /// No change of a mask at all, to an input of some size.
  static func drawn(_ mask: Plane<UInt8>, width: Int, height: Int) -> DrawnAugmentation {
    var source = RandomSource(seed: 1)
    return DrawnAugmentation(
      .none,
      width: mask.width,
      height: mask.height,
      preprocessing: preprocessing(width, height),
      from: &source
    )
  }

  /// White markers on black that no mirror image or turn of it equals: an ellipse, a bar, a corner.
  static let photograph = ImageBuffer(
    width: width,
    height: height,
    pixels: marked.flatMap { [UInt8](repeating: $0 == 1 ? 255 : 0, count: 3) }
  )

  /// 1 where the photograph is white.
  static let markers = Plane(width: width, height: height, samples: marked)

  /// Each pixel's column, and each pixel's row.
  static let places = [
    Plane(width: width, height: height, samples: area.map { UInt8($0 % width) }),
    Plane(width: width, height: height, samples: area.map { UInt8($0 / width) }),
  ]

  private static let (width, height) = (133, 97)
  private static let area = 0..<width * height
  private static let marked = area.map { index -> UInt8 in
    let (x, y) = (index % width, index / width)
    let (across, down) = (Double(x - 38) / 27, Double(y - 30) / 19)
    let isEllipse = across * across + down * down < 1
    let isBar = (80..<118).contains(x) && (60..<74).contains(y)
    return isEllipse || isBar || x + y < 25 ? 1 : 0
  }
}
