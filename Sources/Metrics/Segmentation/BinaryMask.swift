/// A mask of an image.
package struct BinaryMask: Equatable, Sendable {
  /// How many columns (W).
  package let width: Int
  /// How many rows (H).
  package let height: Int
  /// H × W pixels, row-major; true where set.
  package let pixels: [Bool]

  /// Makes a mask.
  ///
  /// - Parameters:
  ///   - width: W, at least 1.
  ///   - height: H, at least 1.
  ///   - pixels: H × W pixels, row-major.
  package init(width: Int, height: Int, pixels: [Bool]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height,
      "\(pixels.count) pixels for a mask of \(width) × \(height)"
    )
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The smallest frame that holds all set pixels; nil where none is set.
  package var bounds: (rows: ClosedRange<Int>, columns: ClosedRange<Int>)? {
    var (top, bottom, left, right) = (height, -1, width, -1)
    for row in 0..<height {
      for column in 0..<width where pixels[row * width + column] {
        top = min(top, row)
        bottom = row
        left = min(left, column)
        right = max(right, column)
      }
    }
    return bottom < 0 ? nil : (top...bottom, left...right)
  }

  /// The part of the mask inside a frame.
  ///
  /// - Parameters:
  ///   - rows: rows of the mask.
  ///   - columns: columns of the mask.
  /// - Returns: a mask of the frame's size.
  func cropped(rows: ClosedRange<Int>, columns: ClosedRange<Int>) -> BinaryMask {
    BinaryMask(
      width: columns.count,
      height: rows.count,
      pixels: rows.flatMap { row in
        pixels[row * width + columns.lowerBound...row * width + columns.upperBound]
      }
    )
  }

  /// The set pixels with a neighbour above, below, left or right that isn't set.
  ///
  /// What lies beyond the image is not set: a pixel at its edge is border. The same as
  /// `mask ^ scipy.ndimage.binary_erosion(mask)`.
  package var border: BinaryMask {
    var border = pixels
    for row in 1..<max(height - 1, 1) {
      for column in 1..<max(width - 1, 1) {
        let pixel = row * width + column
        let isInner =
          pixels[pixel - 1] && pixels[pixel + 1] && pixels[pixel - width] && pixels[pixel + width]
        if isInner { border[pixel] = false }
      }
    }
    return BinaryMask(width: width, height: height, pixels: border)
  }
}

/// How far apart neighbouring pixels lie; the unit of distances.
package struct PixelSpacing: Equatable, Sendable {
  /// From one row to the next.
  package let rows: Double
  /// From one column to the next.
  package let columns: Double

  /// Distances in pixels.
  package static let pixels = PixelSpacing(rows: 1, columns: 1)

  /// Distances in a unit of length.
  ///
  /// - Parameters:
  ///   - rows: from one row to the next, above 0.
  ///   - columns: from one column to the next, above 0.
  package init(rows: Double, columns: Double) {
    precondition(
      rows > 0 && columns > 0 && rows.isFinite && columns.isFinite,
      "a spacing of \(rows) × \(columns)"
    )
    self.rows = rows
    self.columns = columns
  }
}
