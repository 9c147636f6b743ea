/// Layer normalisation over the last dimension (Ba, Kiros, Hinton 2016).
package final class LayerNorm {
  /// What normalised features are multiplied with.
  package let scale: Parameter
  /// What is added.
  package let shift: Parameter
  /// What is added to the variance.
  package let epsilon: Float

  /// Declares `weight` and `bias`.
  ///
  /// - Parameters:
  ///   - width: how many features are normalised together.
  ///   - epsilon: what is added to the variance.
  ///   - scope: where the parameters are declared.
  package init(_ width: Int, epsilon: Float, in scope: ParameterScope) {
    scale = scope.parameter("weight", [width], .constant(1))
    shift = scope.parameter("bias", [width])
    self.epsilon = epsilon
  }
}

/// Batch normalisation of feature maps with running statistics (Ioffe and Szegedy 2015).
package final class BatchNorm {
  /// What normalised features are multiplied with.
  package let scale: Parameter
  /// What is added.
  package let shift: Parameter
  /// The running mean.
  package let mean: Parameter
  /// The running variance.
  package let variance: Parameter
  /// What is added to the variance.
  package let epsilon: Float

  /// Declares `weight`, `bias`, `running_mean` and `running_var`.
  ///
  /// - Parameters:
  ///   - channels: how many channels.
  ///   - epsilon: what is added to the variance.
  ///   - scope: where the parameters are declared.
  package init(_ channels: Int, epsilon: Float = 1e-5, in scope: ParameterScope) {
    scale = scope.parameter("weight", [channels], .constant(1))
    shift = scope.parameter("bias", [channels])
    mean = scope.parameter("running_mean", [channels], isStatistic: true)
    variance = scope.parameter("running_var", [channels], .constant(1), isStatistic: true)
    self.epsilon = epsilon
  }
}
