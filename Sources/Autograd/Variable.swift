package import Tensors

/// A tensor, and where the gradient of the loss with respect to it is summed.
package struct Variable {
  /// The numbers.
  package let value: Tensor
  /// Where its gradient is summed; nil for a constant, whose gradient nobody wants.
  package let gradient: Gradient?

  /// Puts a variable together.
  ///
  /// - Parameters:
  ///   - value: the numbers.
  ///   - gradient: where its gradient is summed, of the same shape; nil for a constant.
  package init(_ value: Tensor, gradient: Gradient? = nil) {
    precondition(
      gradient.map { $0.shape == value.shape } ?? true,
      "a value of \(value.shape) with a gradient of \(gradient?.shape ?? [])"
    )
    self.value = value
    self.gradient = gradient
  }

  /// The sizes.
  package var shape: [Int] { value.shape }
}
