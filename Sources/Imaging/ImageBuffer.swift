/// An 8-bit RGB image: rows from top to bottom, pixels interleaved, no padding.
package struct ImageBuffer: Sendable, Equatable {
  /// How many pixels a row has; at least 1.
  package let width: Int
  /// How many rows there are; at least 1.
  package let height: Int
  /// `height × width × 3` samples: red, green, blue of each pixel.
  package var pixels: [UInt8]

  /// Wraps samples.
  ///
  /// - Parameters:
  ///   - width: pixels per row, at least 1.
  ///   - height: rows, at least 1.
  ///   - pixels: `height × width × 3` samples.
  package init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width >= 1 && height >= 1, "an image of \(width) × \(height) pixels")
    precondition(
      pixels.count == width * height * 3,
      "\(pixels.count) samples for \(width) × \(height) × 3"
    )
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The red, green and blue of one pixel.
  ///
  /// - Parameters:
  ///   - x: the column, counted from the left, `0..<width`.
  ///   - y: the row, counted from the top, `0..<height`.
  package subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    precondition(
      x >= 0 && x < width && y >= 0 && y < height,
      "pixel (\(x), \(y)) of an image of \(width) × \(height)"
    )
    let first = (y * width + x) * 3
    return (pixels[first], pixels[first + 1], pixels[first + 2])
  }
}

/// An image of one channel whose samples are kept as stored: masks and label maps.
package struct GrayImage: Sendable, Equatable {
  /// How many pixels a row has; at least 1.
  package let width: Int
  /// How many rows there are; at least 1.
  package let height: Int
  /// 8 or 16: the range of the samples is `0..<(1 << bitDepth)`.
  package let bitDepth: Int
  /// `height × width` samples.
  package var samples: [UInt16]

  /// Wraps samples.
  ///
  /// - Parameters:
  ///   - width: pixels per row, at least 1.
  ///   - height: rows, at least 1.
  ///   - bitDepth: 8 or 16.
  ///   - samples: `height × width` samples below `1 << bitDepth`.
  package init(width: Int, height: Int, bitDepth: Int, samples: [UInt16]) {
    precondition(width >= 1 && height >= 1, "an image of \(width) × \(height) pixels")
    precondition(bitDepth == 8 || bitDepth == 16, "a grey image of \(bitDepth) bits")
    precondition(
      samples.count == width * height,
      "\(samples.count) samples for \(width) × \(height)"
    )
    self.width = width
    self.height = height
    self.bitDepth = bitDepth
    self.samples = samples
  }
}
