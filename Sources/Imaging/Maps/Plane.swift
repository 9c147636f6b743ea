/// One value per pixel: a probability map, a mask or a label map; rows from top to bottom, no padding.
package struct Plane<Sample: Sendable>: Sendable {
  /// How many pixels a row has (W); at least 1.
  package let width: Int
  /// How many rows there are (H); at least 1.
  package let height: Int
  /// H × W values.
  package var samples: [Sample]

  /// Wraps values.
  ///
  /// - Parameters:
  ///   - width: pixels per row (W), at least 1.
  ///   - height: rows (H), at least 1.
  ///   - samples: H × W values.
  package init(width: Int, height: Int, samples: [Sample]) {
    precondition(width >= 1 && height >= 1, "a plane of \(width) × \(height) pixels")
    precondition(
      samples.count == width * height,
      "\(samples.count) values for a plane of \(width) × \(height)"
    )
    self.width = width
    self.height = height
    self.samples = samples
  }

  /// The value of one pixel.
  ///
  /// - Parameters:
  ///   - x: the column, counted from the left, `0..<width`.
  ///   - y: the row, counted from the top, `0..<height`.
  package subscript(x: Int, y: Int) -> Sample {
    precondition(
      x >= 0 && x < width && y >= 0 && y < height,
      "pixel (\(x), \(y)) of a plane of \(width) × \(height)"
    )
    return samples[y * width + x]
  }
}

extension Plane: Equatable where Sample: Equatable {}
