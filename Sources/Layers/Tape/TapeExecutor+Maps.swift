package import Autograd
import Tensors

/// What segmentation networks need besides convolutions.
extension TapeExecutor {
  package func rectifiedConvolution(_ x: Variable, _ layer: RectifiedConvolution) -> Variable {
    rectified(x, layer, residual: nil)
  }

  package func addRectifiedConvolution(
    _ x: Variable,
    _ layer: RectifiedConvolution,
    to residual: inout Variable
  ) {
    residual = rectified(x, layer, residual: residual)
  }

  private func rectified(
    _ x: Variable,
    _ layer: RectifiedConvolution,
    residual: Variable?
  ) -> Variable {
    let y = convolution(x, layer.convolution, relu: true)
    tape.place = layer.norm.scale.name
    return tape.batchNorm(
      y,
      scale: variable(layer.norm.scale),
      shift: variable(layer.norm.shift),
      epsilon: layer.norm.epsilon,
      mode: mode(of: layer.norm),
      residual: residual,
      relu: false
    )
  }

  package func transposedConvolution(
    _ x: Variable,
    _ layer: TransposedConvolution
  ) -> Variable {
    tape.place = layer.weight.name
    return tape.transposedConvolution(
      x,
      weight: variable(layer.weight),
      bias: variable(layer.bias),
      stride: layer.factor
    )
  }

  package func resized(_ x: Variable, height: Int, width: Int) -> Variable {
    tape.resized(x, height: height, width: width, .bilinear, alignCorners: false)
  }
}
