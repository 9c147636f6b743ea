/// One value for each pixel of a square picture, and the strokes and spots that are drawn into it.
///
/// Coordinates are in pixels; a pixel's centre lies at its column and row plus a half.
struct SyntheticPlane {
  /// The width and the height in pixels.
  let size: Int
  /// `size × size` values, rows from the top.
  var values: [Float]

  init(size: Int) {
    self.size = size
    values = [Float](repeating: 0, count: size * size)
  }

  /// The pixels whose centres may lie in a rectangle.
  ///
  /// - Parameters:
  ///   - size: the picture's width and height.
  ///   - low: the rectangle's upper left corner.
  ///   - high: its lower right corner.
  /// - Returns: the pixels, clipped to the picture; perhaps none.
  @inline(__always)
  static func columnsAndRows(
    of size: Int,
    from low: SIMD2<Float>,
    to high: SIMD2<Float>
  ) -> (columns: Range<Int>, rows: Range<Int>) {
    let limit = Float(size)
    let (left, right) = (Int(min(max(low.x, 0), limit)), Int(min(max(high.x + 1, 0), limit)))
    let (top, bottom) = (Int(min(max(low.y, 0), limit)), Int(min(max(high.y + 1, 0), limit)))
    return (left..<max(left, right), top..<max(top, bottom))
  }

  /// Visits the pixels near a straight piece of a vessel.
  ///
  /// - Parameters:
  ///   - size: the picture's width and height.
  ///   - start: where it begins.
  ///   - end: where it ends.
  ///   - reach: how far from its axis pixels are visited.
  ///   - body: takes a pixel's index and its distance from the axis.
  @inline(__always)
  static func forEachPixel(
    of size: Int,
    along start: SIMD2<Float>,
    _ end: SIMD2<Float>,
    reach: Float,
    _ body: (Int, Float) -> Void
  ) {
    let low = SIMD2(min(start.x, end.x), min(start.y, end.y)) - reach
    let high = SIMD2(max(start.x, end.x), max(start.y, end.y)) + reach
    let (columns, rows) = columnsAndRows(of: size, from: low, to: high)
    let way = end - start
    let square = max(way.x * way.x + way.y * way.y, 1e-9)
    for row in rows {
      for column in columns {
        let offset = SIMD2(Float(column) + 0.5, Float(row) + 0.5) - start
        let share = min(max((offset.x * way.x + offset.y * way.y) / square, 0), 1)
        let miss = offset - share * way
        let distance = (miss.x * miss.x + miss.y * miss.y).squareRoot()
        if distance < reach { body(row * size + column, distance) }
      }
    }
  }

  /// Draws a piece of a line of which the darkest stroke at each pixel stays.
  ///
  /// Lines thinner than a pixel are drawn a pixel wide and fainter, as a lens would show them.
  ///
  /// - Parameters:
  ///   - start: where it begins.
  ///   - end: where it ends.
  ///   - width: its width.
  ///   - strength: its value in the middle.
  ///   - softness: how far its rims are spread, at least 0.5.
  mutating func stroke(
    from start: SIMD2<Float>,
    to end: SIMD2<Float>,
    width: Float,
    strength: Float,
    softness: Float
  ) {
    let half = max(width * 0.5, 0.5)
    let peak = strength * min(width / (2 * half), 1)
    Self.forEachPixel(of: size, along: start, end, reach: half + softness) { index, distance in
      let coverage = min(max((half + softness - distance) / (2 * softness), 0), 1)
      // A vessel is a cylinder: its middle holds the most blood.
      let share = min(distance / half, 1)
      values[index] = max(values[index], peak * coverage * (1 - 0.3 * share * share))
    }
  }

  /// The value between pixels' centres, interpolated.
  ///
  /// - Parameters:
  ///   - x: across, in pixels; beyond the rim the rim's value counts.
  ///   - y: down.
  /// - Returns: the interpolated value.
  @inline(__always)
  func value(atX x: Float, _ y: Float) -> Float {
    let limit = Float(size - 1)
    let (across, down) = (min(max(x - 0.5, 0), limit), min(max(y - 0.5, 0), limit))
    let (column, row) = (Int(across), Int(down))
    let (right, below) = (min(column + 1, size - 1), min(row + 1, size - 1))
    let (shareX, shareY) = (across - Float(column), down - Float(row))
    let upper = values[row * size + column] * (1 - shareX) + values[row * size + right] * shareX
    let lower = values[below * size + column] * (1 - shareX) + values[below * size + right] * shareX
    return upper * (1 - shareY) + lower * shareY
  }
}
