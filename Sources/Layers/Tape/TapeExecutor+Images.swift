package import Autograd
package import Kernels

extension TapeExecutor {
  package func convolution(_ x: Variable, _ layer: Convolution, relu: Bool) -> Variable {
    convolved(x, layer, residual: nil, relu: relu)
  }

  package func addConvolution(_ x: Variable, _ layer: Convolution, to residual: inout Variable) {
    residual = convolved(x, layer, residual: residual, relu: true)
  }

  private func convolved(
    _ x: Variable,
    _ layer: Convolution,
    residual: Variable?,
    relu: Bool
  ) -> Variable {
    tape.place = layer.weight.name
    var y = tape.convolution(
      x,
      weight: variable(layer.weight),
      bias: layer.bias.map(variable),
      shape: layer.shape
    )
    if let norm = layer.norm {
      tape.place = norm.scale.name
      return tape.batchNorm(
        y,
        scale: variable(norm.scale),
        shift: variable(norm.shift),
        epsilon: norm.epsilon,
        mode: mode(of: norm),
        residual: residual,
        relu: relu
      )
    }
    if let residual { y = tape.add(residual, y) }
    return relu ? tape.activation(.relu, y) : y
  }

  /// A batch normalisation follows its batches' statistics while its own parameters are trained.
  func mode(of norm: BatchNorm) -> BatchNormMode {
    guard let momentum = statisticsMomentum, gradients[norm.scale] != nil else {
      return .frozen(mean: norm.mean.value, variance: norm.variance.value)
    }
    return .training(
      mean: norm.mean.value,
      variance: norm.variance.value,
      momentum: momentum
    )
  }

  package func patchEmbedding(_ x: Variable, _ layer: PatchEmbedding) -> Variable {
    tape.place = layer.weight.name
    let y = tape.convolution(
      x,
      weight: variable(layer.weight),
      bias: layer.bias.map(variable),
      shape: ConvolutionShape(
        inputChannels: 3,
        outputChannels: layer.width,
        kernelHeight: layer.patch,
        kernelWidth: layer.patch,
        stride: layer.patch,
        padding: 0
      )
    )
    return tape.reshaped(y, [y.shape[0], y.shape[1] * y.shape[2], layer.width])
  }

  package func pooled(_ x: Variable, _ kind: PoolingKind, _ window: PoolingShape) -> Variable {
    tape.pooled(x, kind, window)
  }
}
