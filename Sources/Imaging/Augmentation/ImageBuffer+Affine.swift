extension ImageBuffer {
  /// The image turned about its centre, of the same size, as Pillow's `Image.rotate`.
  ///
  /// - Parameters:
  ///   - degrees: counterclockwise.
  ///   - interpolation: between 2 × 2 or 4 × 4 pixels; nothing is antialiased.
  ///   - fill: what comes in from outside.
  /// - Returns: an image of the same size.
  package func rotated(
    degrees: Double,
    interpolation: Interpolation = .bilinear,
    fill: Color8 = .black
  ) -> ImageBuffer {
    transformed(
      .rotation(degrees: degrees, width: width, height: height),
      interpolation: interpolation,
      fill: fill
    )
  }

  /// The image sheared or shifted, of the same size, as Pillow's `Image.transform` with `AFFINE`.
  ///
  /// - Parameters:
  ///   - shearX: how many columns a row is shifted per row.
  ///   - shearY: how many rows a column is shifted per column.
  ///   - shiftX: by how many columns the image moves to the left.
  ///   - shiftY: by how many rows the image moves up.
  ///   - interpolation: between 2 × 2 or 4 × 4 pixels; nothing is antialiased.
  ///   - fill: what comes in from outside.
  /// - Returns: an image of the same size.
  package func transformed(
    shearX: Double = 0,
    shearY: Double = 0,
    shiftX: Double = 0,
    shiftY: Double = 0,
    interpolation: Interpolation,
    fill: Color8
  ) -> ImageBuffer {
    transformed(
      AffineMap(b: shearX, c: shiftX, d: shearY, f: shiftY),
      interpolation: interpolation,
      fill: fill
    )
  }

  /// Takes each pixel of the result from where a map says; what lies outside gets a colour.
  func transformed(_ map: AffineMap, interpolation: Interpolation, fill: Color8) -> ImageBuffer {
    let (columns, rows) = (Double(width), Double(height))
    var target: [UInt8] = []
    target.reserveCapacity(pixels.count)
    unsafe pixels.withUnsafeBufferPointer { samples in
      let source = unsafe InterpolatedSamples(samples: samples, width: width, height: height)
      for y in 0..<height {
        for x in 0..<width {
          let (along, down) = (Double(x) + 0.5, Double(y) + 0.5)
          let sourceX = map.a * along + map.b * down + map.c
          let sourceY = map.d * along + map.e * down + map.f
          guard sourceX >= 0, sourceX < columns, sourceY >= 0, sourceY < rows else {
            target.append(fill.red)
            target.append(fill.green)
            target.append(fill.blue)
            continue
          }
          for channel in 0..<3 {
            let value =
              interpolation == .bilinear
              ? source.bilinear(sourceX - 0.5, sourceY - 0.5, channel)
              : source.bicubic(sourceX - 0.5, sourceY - 0.5, channel)
            target.append(UInt8(max(0, min(value, 255))))
          }
        }
      }
    }
    return ImageBuffer(width: width, height: height, pixels: target)
  }
}

/// Reads an image between its pixels, in 64-bit floats and in Pillow's order (src/libImaging/Geometry.c).
///
/// Beyond an edge its pixels are repeated, so that any index is good. Valid while the buffer is lent.
@safe private struct InterpolatedSamples {
  /// `height × width × 3`.
  let samples: UnsafeBufferPointer<UInt8>
  let width: Int
  let height: Int

  @inline(__always)
  private func sample(_ x: Int, _ y: Int, _ channel: Int) -> Double {
    let (column, row) = (min(max(x, 0), width - 1), min(max(y, 0), height - 1))
    return unsafe Double(samples[(row * width + column) * 3 + channel])
  }

  /// Between 2 × 2 pixels.
  ///
  /// - Parameters:
  ///   - x: the column, 0 in the middle of the first one; at least −0.5.
  ///   - y: the row, likewise.
  ///   - channel: 0, 1 or 2.
  /// - Returns: a value in `0...255`.
  @inline(__always)
  func bilinear(_ x: Double, _ y: Double, _ channel: Int) -> Double {
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (column, row) = (Int(left), Int(top))
    func line(_ row: Int) -> Double {
      let first = sample(column, row, channel)
      return first + (sample(column + 1, row, channel) - first) * (x - left)
    }
    let upper = line(row)
    return upper + (line(row + 1) - upper) * (y - top)
  }

  /// Between 4 × 4 pixels, by Keys' cubic with a = −1.
  ///
  /// - Parameters:
  ///   - x: the column, 0 in the middle of the first one; at least −0.5.
  ///   - y: the row, likewise.
  ///   - channel: 0, 1 or 2.
  /// - Returns: a value that may leave `0...255`.
  @inline(__always)
  func bicubic(_ x: Double, _ y: Double, _ channel: Int) -> Double {
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (column, row) = (Int(left), Int(top))
    func line(_ row: Int) -> Double {
      cubic(
        sample(column - 1, row, channel),
        sample(column, row, channel),
        sample(column + 1, row, channel),
        sample(column + 2, row, channel),
        x - left
      )
    }
    return cubic(line(row - 1), line(row), line(row + 1), line(row + 2), y - top)
  }
}

/// The cubic through four equidistant values, between the second and the third.
@inline(__always)
private func cubic(
  _ first: Double,
  _ second: Double,
  _ third: Double,
  _ fourth: Double,
  _ fraction: Double
) -> Double {
  let linear = -first + third
  let square = 2 * (first - second) + third - fourth
  let cube = -first + second - third + fourth
  return second + fraction * (linear + fraction * (square + fraction * cube))
}
