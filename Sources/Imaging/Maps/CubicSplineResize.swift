package import Parallelism

/// Resizes a map by interpolating cubic splines: scikit-image's `resize(map, (H, W), order=3)`.
///
/// What is matched (scikit-image 0.19 and later, the other arguments at their defaults), in 64-bit
/// floats throughout:
/// 1. where an axis shrinks by the factor f, a Gaussian of deviation (f − 1)/2, cut off at four
///    deviations (`anti_aliasing=True`, `scipy.ndimage.gaussian_filter`);
/// 2. the spline through the smoothed samples (`scipy.ndimage.spline_filter`);
/// 3. its values at the new pixels' centres (`scipy.ndimage.zoom(grid_mode=True)`);
/// 4. values beyond the smallest and the largest of the input are cut off (`clip=True`).
///
/// The map goes on beyond its edge as `mode="reflect"` says, mirrored about the outermost pixels'
/// centres (SciPy calls it `mirror`). A map that keeps its size keeps its bits. scikit-image rounds
/// float32 maps to 32 bits between the steps and differs by that rounding. Releases before 0.19
/// resized planes by Catmull and Rom's cubic instead, which is another function.
package struct CubicSplineResize: Sendable {
  /// How many output rows a chunk has.
  private static let rowGrain = 16

  private let horizontal: CubicSplineAxis
  private let vertical: CubicSplineAxis

  /// Prepares to resize maps of one size.
  ///
  /// - Parameters:
  ///   - inputWidth: pixels per input row, at least 1.
  ///   - inputHeight: input rows, at least 1.
  ///   - width: pixels per row of the result, at least 1.
  ///   - height: rows of the result, at least 1.
  package init(inputWidth: Int, inputHeight: Int, width: Int, height: Int) {
    horizontal = CubicSplineAxis(inputs: inputWidth, outputs: width)
    vertical = CubicSplineAxis(inputs: inputHeight, outputs: height)
  }

  /// Resizes one map.
  ///
  /// A value that isn't finite leaves no number in the result.
  ///
  /// - Parameters:
  ///   - map: of the input's size.
  ///   - pool: computes rows on several threads; the bits don't depend on how many.
  /// - Returns: a map of the output's size.
  package func resized(_ map: Plane<Float>, pool: WorkerPool? = nil) -> Plane<Float> {
    precondition(
      map.width == horizontal.inputs && map.height == vertical.inputs,
      "a map of \(map.width) × \(map.height), expected \(horizontal.inputs) × \(vertical.inputs)"
    )
    let (width, height) = (horizontal.outputs, vertical.outputs)
    if width == map.width, height == map.height { return map }
    guard let range = Self.range(of: map.samples) else {
      return Plane(
        width: width,
        height: height,
        samples: Array(repeating: .nan, count: width * height)
      )
    }
    let coefficients = coefficients(of: map, pool)
    var result = [Float](repeating: 0, count: width * height)
    result.withDisjointWrites { result in
      Self.forEachChunk(of: height, pool) { rows in
        let target = unsafe result[rows.lowerBound * width..<rows.upperBound * width]
        var combined = [Double](repeating: 0, count: horizontal.inputs)
        for row in rows {
          combineRows(of: coefficients, row: row, into: &combined)
          let first = (row - rows.lowerBound) * width
          unsafe interpolate(
            combined,
            into: UnsafeMutableBufferPointer(rebasing: target[first..<first + width]),
            within: range
          )
        }
      }
    }
    return Plane(width: width, height: height, samples: result)
  }

  /// The spline's coefficients: as many as the map has pixels.
  private func coefficients(of map: Plane<Float>, _ pool: WorkerPool?) -> [Double] {
    let (width, height) = (map.width, map.height)
    var values = map.samples.map(Double.init)
    if vertical.smoothing.count > 1 { values = smoothedColumns(values, pool) }
    unsafe values.withUnsafeMutableBufferPointer {
      unsafe CubicSplineFilter.apply(to: $0, count: height, lines: width)
    }
    values.withDisjointWrites { values in
      Self.forEachChunk(of: height, pool) { rows in
        for row in rows {
          let line = unsafe values[row * width..<(row + 1) * width]
          if horizontal.smoothing.count > 1 { unsafe smooth(line) }
          unsafe CubicSplineFilter.apply(to: line, count: width, lines: 1)
        }
      }
    }
    return values
  }
}

// MARK: Smoothing

extension CubicSplineResize {
  /// Each column, smoothed for the vertical axis.
  private func smoothedColumns(_ values: [Double], _ pool: WorkerPool?) -> [Double] {
    let (width, height) = (horizontal.inputs, vertical.inputs)
    var result = [Double](repeating: 0, count: values.count)
    result.withDisjointWrites { result in
      Self.forEachChunk(of: height, pool) { rows in
        for row in rows {
          let target = unsafe result[row * width..<(row + 1) * width]
          for (distance, weight) in vertical.smoothing.enumerated() {
            for neighbour in distance == 0 ? [row] : [row - distance, row + distance] {
              let first = CubicSplineAxis.mirrored(neighbour, count: height) * width
              for column in 0..<width { unsafe target[column] += weight * values[first + column] }
            }
          }
        }
      }
    }
    return result
  }

  /// Smooths one row for the horizontal axis.
  private func smooth(_ row: UnsafeMutableBufferPointer<Double>) {
    let source = unsafe Array(row)
    for column in source.indices {
      var sum = horizontal.smoothing[0] * source[column]
      for distance in 1..<horizontal.smoothing.count {
        let before = CubicSplineAxis.mirrored(column - distance, count: source.count)
        let behind = CubicSplineAxis.mirrored(column + distance, count: source.count)
        sum += horizontal.smoothing[distance] * (source[before] + source[behind])
      }
      unsafe row[column] = sum
    }
  }
}

// MARK: Interpolation

extension CubicSplineResize {
  /// The four rows of coefficients that one output row takes, weighted and summed.
  private func combineRows(of coefficients: [Double], row: Int, into target: inout [Double]) {
    let width = horizontal.inputs
    let first = vertical.indices[4 * row..<4 * row + 4].map { $0 * width }
    let weights = vertical.weights[4 * row..<4 * row + 4].map(\.self)
    let (rowA, rowB, rowC, rowD) = (first[0], first[1], first[2], first[3])
    let (a, b, c, d) = (weights[0], weights[1], weights[2], weights[3])
    unsafe coefficients.withUnsafeBufferPointer { source in
      unsafe target.withUnsafeMutableBufferPointer { target in
        for column in 0..<width {
          let upper = unsafe a * source[rowA + column] + b * source[rowB + column]
          let lower = unsafe c * source[rowC + column] + d * source[rowD + column]
          unsafe target[column] = upper + lower
        }
      }
    }
  }

  /// The spline's values at all output columns of a combined row.
  private func interpolate(
    _ combined: [Double],
    into target: UnsafeMutableBufferPointer<Float>,
    within range: ClosedRange<Double>
  ) {
    unsafe combined.withUnsafeBufferPointer { source in
      unsafe horizontal.indices.withUnsafeBufferPointer { indices in
        unsafe horizontal.weights.withUnsafeBufferPointer { weights in
          for column in 0..<target.count {
            var sum = 0.0
            for tap in 4 * column..<4 * column + 4 {
              sum += unsafe weights[tap] * source[indices[tap]]
            }
            unsafe target[column] = Float(min(max(sum, range.lowerBound), range.upperBound))
          }
        }
      }
    }
  }

  /// The smallest and the largest number; nil where no value is one.
  private static func range(of values: [Float]) -> ClosedRange<Double>? {
    var (lowest, highest) = (Float.infinity, -Float.infinity)
    for value in values {
      if value < lowest { lowest = value }
      if value > highest { highest = value }
    }
    return lowest <= highest ? Double(lowest)...Double(highest) : nil
  }

  private static func forEachChunk(
    of rows: Int,
    _ pool: WorkerPool?,
    _ body: @Sendable (Range<Int>) -> Void
  ) {
    guard let pool else { return body(0..<rows) }
    pool.forEachChunk(of: rows, grain: rowGrain, body)
  }
}
