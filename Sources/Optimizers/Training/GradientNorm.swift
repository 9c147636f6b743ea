import Kernels
package import Tensors

/// The Euclidean length of all gradients taken as one vector, and each one's share of it.
///
/// Sums are in double and added in order: the same bits for any number of threads.
package struct GradientNorm: Equatable, Sendable {
  /// ‖g‖² per parameter before scaling; nil where there is no gradient.
  package let squares: [Double?]
  /// What gradients are multiplied with, such as 1 over the number of batches they sum.
  package let scale: Double

  /// Measures gradients in one pass over them.
  ///
  /// - Parameters:
  ///   - gradients: one per parameter; nil where there is none.
  ///   - scale: what they will be multiplied with, such as 1 over the number of batches they sum.
  ///   - device: where to run.
  package init(of gradients: [Tensor?], scale: Double = 1, on device: Device) {
    let present = gradients.compactMap(\.self)
    let sums = withExtendedLifetime(present) {
      device.compute.sumsOfSquares(present.map { $0.withView { $0 } })
    }
    var next = sums.makeIterator()
    squares = gradients.map { $0 == nil ? nil : next.next() }
    self.scale = scale
  }

  /// The length of the scaled gradients; NaN or infinite where one of their elements is.
  package var total: Double {
    abs(scale) * squares.reduce(0) { $0 + ($1 ?? 0) }.squareRoot()
  }

  /// The first parameter whose gradient has an element that isn't finite; nil for none.
  ///
  /// The squares of finite floats add up to finite doubles, so this looks at no element again.
  package var firstNonFinite: Int? {
    squares.firstIndex { $0.map { !$0.isFinite } ?? false }
  }

  /// What shortens the scaled gradients to a length: min(1, maximum / (total + 10⁻⁶)).
  ///
  /// As PyTorch's `clip_grad_norm_` (Pascanu, Mikolov, Bengio 2013); NaN where the length is.
  ///
  /// - Parameter maximum: the length that isn't exceeded, positive.
  /// - Returns: the factor, at most 1.
  package func clipFactor(maximum: Double) -> Double {
    precondition(maximum > 0, "gradients clipped to \(maximum)")
    let factor = maximum / (total + 1e-6)
    return factor > 1 ? 1 : factor
  }

  /// The factor of gradients that a step takes: `scale`, and what clipping makes of it.
  ///
  /// - Parameter maximum: the length that isn't exceeded; nil to clip nothing.
  /// - Returns: the factor.
  package func gradientScale(clippingTo maximum: Double?) -> Double {
    scale * (maximum.map { clipFactor(maximum: $0) } ?? 1)
  }
}
