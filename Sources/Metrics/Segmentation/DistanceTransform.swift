/// The exact Euclidean distance of each pixel to the nearest set pixel of a mask.
///
/// First along columns by two sweeps; then along rows as the lower envelope of the parabolas
/// `(x − i)² + d(i)²`, each of which is met and left once. The same as
/// `scipy.ndimage.distance_transform_edt(~mask, sampling=(rows, columns))`.
///
/// - Parameters:
///   - mask: H × W pixels.
///   - spacing: how far apart neighbouring pixels lie.
/// - Returns: H × W distances, row-major; nil where no pixel is set.
/// - Complexity: O(H · W).
/// - Note: Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", Theory of
///   Computing 8, 2012, section 2.1.
package func distanceTransform(to mask: BinaryMask, spacing: PixelSpacing = .pixels) -> [Double]? {
  guard mask.pixels.contains(true) else { return nil }
  let (width, height) = (mask.width, mask.height)
  var squares = squaredColumnDistances(mask, spacing.rows)
  var envelope = LowerEnvelope(width: width, step: spacing.columns)
  var heights = Array(repeating: 0.0, count: width)
  for row in 0..<height {
    for column in 0..<width { heights[column] = squares[row * width + column] }
    envelope.build(heights)
    envelope.forEachColumn { column, square in
      squares[row * width + column] = square.squareRoot()
    }
  }
  return squares
}

/// The squared distance of each pixel to the nearest set one of its column; infinite without one.
private func squaredColumnDistances(_ mask: BinaryMask, _ step: Double) -> [Double] {
  let (width, height) = (mask.width, mask.height)
  var squares = Array(repeating: Double.infinity, count: width * height)
  var rowsSince = Array(repeating: Double.infinity, count: width)
  func visit(_ row: Int) {
    for column in 0..<width {
      let pixel = row * width + column
      rowsSince[column] = mask.pixels[pixel] ? 0 : rowsSince[column] + 1
      let distance = rowsSince[column] * step
      squares[pixel] = min(squares[pixel], distance * distance)
    }
  }
  for row in 0..<height { visit(row) }
  rowsSince = Array(repeating: .infinity, count: width)
  for row in (0..<height).reversed() { visit(row) }
  return squares
}

/// The lower envelope of one row's parabolas, with room for W of them.
private struct LowerEnvelope {
  private let width: Int
  private let step: Double
  /// The columns whose parabolas are part of the envelope, ascending, and their heights.
  private var apexes: [Int]
  private var apexHeights: [Double]
  /// From which column on, as a fraction, each of them is the lowest.
  private var starts: [Double]
  private var count = 0

  init(width: Int, step: Double) {
    self.width = width
    self.step = step
    apexes = Array(repeating: 0, count: width)
    apexHeights = Array(repeating: 0, count: width)
    starts = Array(repeating: 0, count: width)
  }

  /// Builds the envelope of the parabolas of finite height; there is at least one.
  mutating func build(_ heights: [Double]) {
    count = 0
    for column in 0..<width where heights[column].isFinite {
      // In units of columns the heights shrink by the square of the step.
      let height = heights[column] / (step * step)
      var start = -Double.infinity
      while count > 0 {
        let last = count - 1
        let (apex, distance) = (Double(apexes[last]), Double(column - apexes[last]))
        let rise = height - apexHeights[last] / (step * step)
        // Equation of section 2.1, with the apex as origin to keep the numbers small.
        start = apex + (rise / distance + distance) / 2
        guard start <= starts[last] else { break }
        count -= 1
        start = -.infinity
      }
      apexes[count] = column
      apexHeights[count] = heights[column]
      starts[count] = start
      count += 1
    }
  }

  /// Calls `body` with each column and the envelope's square there.
  func forEachColumn(_ body: (_ column: Int, _ square: Double) -> Void) {
    var current = 0
    for column in 0..<width {
      while current + 1 < count, starts[current + 1] < Double(column) { current += 1 }
      let distance = Double(column - apexes[current]) * step
      body(column, distance * distance + apexHeights[current])
    }
  }
}
