import Kernels

/// The latest steps of a minimisation and the gradient's changes along them.
///
/// Source: Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithm 7.4.
struct QuasiNewtonMemory: Sendable {
  private struct Pair: Sendable {
    let step: [Double]
    let change: [Double]
    /// 1 / (step · change).
    let inverseProduct: Double
  }

  private let capacity: Int
  private var pairs: [Pair] = []

  init(capacity: Int) {
    self.capacity = capacity
  }

  var isEmpty: Bool { pairs.isEmpty }

  /// Takes note of one step; one that shows no positive curvature beyond rounding is left out.
  mutating func remember(step: [Double], change: [Double]) {
    let product = LinearAlgebra.dot(step, change)
    guard product > Double.leastNormalMagnitude, (1 / product).isFinite else { return }
    if pairs.count == capacity { pairs.removeFirst() }
    pairs.append(Pair(step: step, change: change, inverseProduct: 1 / product))
  }

  /// Turns the memory of one penalty into that of another: each change moves with its step.
  ///
  /// - Parameters:
  ///   - difference: by how much the penalty's weight grows.
  ///   - width: D + 1; each output's last value, the intercept, isn't penalised.
  mutating func addPenalty(_ difference: Double, width: Int) {
    let old = pairs
    pairs.removeAll()
    for pair in old {
      var penalised = pair.step
      for last in stride(from: width - 1, to: penalised.count, by: width) { penalised[last] = 0 }
      var change = pair.change
      LinearAlgebra.add(to: &change, difference, times: penalised)
      remember(step: pair.step, change: change)
    }
  }

  mutating func forgetAll() {
    pairs.removeAll()
  }

  /// The inverse Hessian's estimate times a gradient, times −1.
  ///
  /// - Parameters:
  ///   - gradient: the gradient at the current point.
  ///   - precondition: the first estimate of the inverse Hessian, applied in place.
  /// - Returns: a direction of descent.
  func direction(_ gradient: [Double], precondition: (inout [Double]) -> Void) -> [Double] {
    var vector = gradient
    var factors: [Double] = []
    for pair in pairs.reversed() {
      let factor = pair.inverseProduct * LinearAlgebra.dot(pair.step, vector)
      LinearAlgebra.add(to: &vector, -factor, times: pair.change)
      factors.append(factor)
    }
    precondition(&vector)
    for (pair, factor) in zip(pairs, factors.reversed()) {
      let back = pair.inverseProduct * LinearAlgebra.dot(pair.change, vector)
      LinearAlgebra.add(to: &vector, factor - back, times: pair.step)
    }
    LinearAlgebra.scale(&vector, by: -1)
    return vector
  }
}
