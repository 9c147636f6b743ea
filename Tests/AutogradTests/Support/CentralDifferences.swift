import TestSupport

/// A slow, obvious form of an operation in double: all inputs' elements to the output's.
typealias Reference = (_ inputs: [[Double]]) throws -> [Double]

/// How far a gradient in double may lie from central differences.
let differenceTolerance = Tolerance(
  absolute: 1e-7,
  relative: 1e-6,
  reason: "steps of 1e-6 lose 1e-10 to rounding and 1e-12 to curvature; fixtures hold float32"
)

/// The gradients of Σ cotangent·f(inputs) by central differences.
///
/// (L(x + ε) − L(x − ε)) / 2ε with ε = 1e-6 · max(1, |x|), one element after the other.
///
/// - Parameters:
///   - function: f, in double.
///   - inputs: where; f is smooth within ε of it.
///   - cotangent: as many numbers as f returns, the gradient of its output.
/// - Returns: one array per input.
/// - Throws: what f throws.
func centralDifferences(
  _ function: Reference,
  at inputs: [[Double]],
  cotangent: [Double]
) throws -> [[Double]] {
  var moved = inputs
  func loss() throws -> Double {
    let y = try function(moved)
    precondition(y.count == cotangent.count, "\(y.count) outputs, \(cotangent.count) cotangents")
    return zip(y, cotangent).reduce(0) { $0 + $1.0 * $1.1 }
  }
  var gradients = inputs.map { [Double](repeating: 0, count: $0.count) }
  for input in inputs.indices {
    for element in inputs[input].indices {
      let place = inputs[input][element]
      let step = 1e-6 * max(1, abs(place))
      moved[input][element] = place + step
      let above = try loss()
      moved[input][element] = place - step
      let below = try loss()
      moved[input][element] = place
      gradients[input][element] = (above - below) / (2 * step)
    }
  }
  return gradients
}
