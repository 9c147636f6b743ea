package import Autograd
package import Tensors

/// The parameters that are trained, each with the sum of its gradients.
package final class ParameterGradients {
  /// The trained parameters, in a fixed order.
  package let parameters: [Parameter]
  private let gradients: [ObjectIdentifier: Gradient]

  /// Makes empty sums.
  ///
  /// - Parameter parameters: what is trained; statistics can't be.
  package init(of parameters: [Parameter]) {
    precondition(parameters.allSatisfy { !$0.isStatistic }, "running statistics aren't trained")
    self.parameters = parameters
    gradients = Dictionary(
      uniqueKeysWithValues: parameters.map { (ObjectIdentifier($0), Gradient(shape: $0.shape)) }
    )
  }

  /// The sum of a parameter's gradients; nil for a parameter that isn't trained.
  package subscript(parameter: Parameter) -> Gradient? { gradients[ObjectIdentifier(parameter)] }

  /// The gradients in the order of the parameters; nil where nothing has flowed.
  package var sums: [Tensor?] { parameters.map { self[$0]?.sum } }

  /// How many bytes the sums take now.
  package var byteCount: Int { sums.reduce(0) { $0 + ($1?.byteCount ?? 0) } }

  /// Forgets all sums.
  package func clear() {
    for gradient in gradients.values { gradient.clear() }
  }
}
