import Foundation

/// One axis of a spline resize: which coefficients each output takes, and by what share.
///
/// Output j of m lies at (j + ½)·n/m − ½ among n inputs (`grid_mode=True` in SciPy: pixels are areas),
/// and takes the four cubic B-splines that reach there.
struct CubicSplineAxis: Sendable {
  /// How many inputs there are (n).
  let inputs: Int
  /// Four inputs per output, mirrored at the ends.
  let indices: [Int]
  /// Their four weights, which sum to 1.
  let weights: [Double]
  /// One half of the Gaussian that smooths the inputs first, its middle weight foremost; only that
  /// weight, 1, where the axis isn't shrunk.
  let smoothing: [Double]

  /// How many outputs there are (m).
  var outputs: Int { indices.count / 4 }

  /// Computes the weights.
  ///
  /// - Parameters:
  ///   - inputs: how many pixels the axis has (n), at least 1.
  ///   - outputs: how many it is to have (m), at least 1.
  init(inputs: Int, outputs: Int) {
    precondition(inputs >= 1 && outputs >= 1, "resizing \(inputs) pixels to \(outputs)")
    self.inputs = inputs
    let scale = Double(inputs) / Double(outputs)
    var indices: [Int] = []
    var weights: [Double] = []
    for output in 0..<outputs {
      let position = (Double(output) + 0.5) * scale - 0.5
      let whole = position.rounded(.down)
      let first = Int(whole) - 1
      indices += (first..<first + 4).map { Self.mirrored($0, count: inputs) }
      weights += Self.basis(at: position - whole)
    }
    self.indices = indices
    self.weights = weights
    smoothing = Self.gaussian(deviation: max((scale - 1) / 2, 0))
  }

  /// An index beyond the ends, mirrored about the outermost pixels' centres: d c b | a b c d | c b a.
  ///
  /// NumPy's `reflect`, SciPy's `mirror`.
  ///
  /// - Parameters:
  ///   - index: any index.
  ///   - count: how many pixels there are, at least 1.
  /// - Returns: an index in `0..<count`.
  static func mirrored(_ index: Int, count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let inside = abs(index) % period
    return inside < count ? inside : period - inside
  }

  /// The four cubic B-splines that reach a point (Unser 1999, "Splines", box 1).
  ///
  /// - Parameter fraction: how far behind the second of four knots it lies, in `0..<1`.
  /// - Returns: their values there.
  private static func basis(at fraction: Double) -> [Double] {
    let rest = 1 - fraction
    return [
      rest * rest * rest / 6,
      2.0 / 3 - fraction * fraction * (2 - fraction) / 2,
      2.0 / 3 - rest * rest * (2 - rest) / 2,
      fraction * fraction * fraction / 6,
    ]
  }

  /// Half of a sampled Gaussian, cut off at four deviations, whose two halves sum to 1.
  private static func gaussian(deviation: Double) -> [Double] {
    let radius = Int(4 * deviation + 0.5)
    guard radius > 0 else { return [1] }
    let heights = (0...radius).map { exp(-0.5 / (deviation * deviation) * Double($0 * $0)) }
    let sum = heights[0] + 2 * heights[1...].reduce(0, +)
    return heights.map { $0 / sum }
  }
}
