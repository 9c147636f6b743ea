import Foundation

/// Where each pixel of a result lies in the image that it is taken from.
///
/// A result's pixel (x, y) has its centre at (a·(x + ½) + b·(y + ½) + c, d·(x + ½) + e·(y + ½) + f) of the
/// image, as in Pillow's `Image.transform` with `AFFINE`.
struct AffineMap: Sendable, Equatable {
  var a = 1.0
  var b = 0.0
  var c = 0.0
  var d = 0.0
  var e = 1.0
  var f = 0.0

  /// A rotation about an image's centre, rounded as Pillow's `Image.rotate` rounds it.
  ///
  /// - Parameters:
  ///   - degrees: counterclockwise.
  ///   - width: the image's columns.
  ///   - height: the image's rows.
  /// - Returns: the map of a result of the same size.
  static func rotation(degrees: Double, width: Int, height: Int) -> AffineMap {
    let remainder = fmod(degrees, 360)
    let angle = -((remainder < 0 ? remainder + 360 : remainder) * (Double.pi / 180))
    let (cosine, sine) = (roundedToFifteenDigits(cos(angle)), roundedToFifteenDigits(sin(angle)))
    let (x, y) = (Double(width) / 2, Double(height) / 2)
    return AffineMap(
      a: cosine,
      b: sine,
      c: cosine * -x + sine * -y + x,
      d: -sine,
      e: cosine,
      f: -sine * -x + cosine * -y + y
    )
  }

  /// The nearest number with fifteen decimal places, as Python's `round(value, 15)`.
  private static func roundedToFifteenDigits(_ value: Double) -> Double {
    Double(String(format: "%.15f", value)) ?? value
  }
}

/// A colour of 8 bits per channel.
package struct Color8: Sendable, Equatable {
  package var red: UInt8
  package var green: UInt8
  package var blue: UInt8

  /// States a colour.
  ///
  /// - Parameters:
  ///   - red: `0...255`.
  ///   - green: `0...255`.
  ///   - blue: `0...255`.
  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// What lies around a fundus photograph.
  package static let black = Color8(red: 0, green: 0, blue: 0)
}
