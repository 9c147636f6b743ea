package import Tensors

/// How the parameters of one group are trained.
package struct ParameterGroup: Equatable, Hashable, Sendable {
  /// What the schedule's learning rate is multiplied with.
  package var learningRateFactor: Double
  /// λ, at least 0; each optimiser says what it does.
  package var weightDecay: Double

  /// States a group's settings.
  ///
  /// - Parameters:
  ///   - learningRateFactor: what the schedule's learning rate is multiplied with.
  ///   - weightDecay: λ, at least 0.
  package init(learningRateFactor: Double = 1, weightDecay: Double = 0) {
    precondition(
      learningRateFactor >= 0 && weightDecay >= 0,
      "a learning rate's factor of \(learningRateFactor) with weight decay \(weightDecay)"
    )
    self.learningRateFactor = learningRateFactor
    self.weightDecay = weightDecay
  }
}

/// A learnt array that an optimiser changes.
package struct OptimizedParameter {
  /// The name in PyTorch's state dict.
  package let name: String
  /// The values, written in place by each step: no tape holds them between steps.
  package let value: Tensor
  /// How it is trained.
  package let group: ParameterGroup

  /// Puts a parameter together.
  ///
  /// - Parameters:
  ///   - name: the name in PyTorch's state dict; no two parameters share one.
  ///   - value: the values; all tensors that share their memory see each step.
  ///   - group: how it is trained.
  package init(name: String, value: Tensor, group: ParameterGroup = ParameterGroup()) {
    self.name = name
    self.value = value
    self.group = group
  }
}
