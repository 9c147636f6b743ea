import Kernels
package import Tensors

/// What segmentation networks need besides convolutions.
extension InferenceExecutor {
  package func rectifiedConvolution(_ x: Tensor, _ layer: RectifiedConvolution) -> Tensor {
    let y = convolution(x, layer.convolution, relu: true)
    normalize(y, layer.norm, residual: nil, into: y)
    return y
  }

  package func addRectifiedConvolution(
    _ x: Tensor,
    _ layer: RectifiedConvolution,
    to residual: inout Tensor
  ) {
    let y = convolution(x, layer.convolution, relu: true)
    precondition(residual.shape == y.shape, "\(x.shape) convolved onto \(residual.shape)")
    own(&residual)
    normalize(y, layer.norm, residual: residual, into: residual)
  }

  /// One row of x makes `factor` rows of the result and nothing else, so that threads share rows.
  package func transposedConvolution(_ x: Tensor, _ layer: TransposedConvolution) -> Tensor {
    precondition(
      x.shape.count == 4 && x.shape[3] == layer.inputChannels,
      "\(x.shape) in \(layer.weight.name) of \(layer.weight.shape)"
    )
    let (factor, width) = (layer.factor, x.shape[2] * layer.factor)
    let y = Tensor(
      uninitialized: [x.shape[0], x.shape[1] * factor, width, layer.outputChannels],
      on: device
    )
    withViews(x, layer.weight.value, layer.bias.value, y) { pixels, weight, bias, y in
      compute.convolveImageGradient(
        pixels,
        weight: weight,
        sizes: (images: x.shape[0] * x.shape[1], height: factor, width: width),
        shape: ConvolutionShape(
          inputChannels: layer.outputChannels,
          outputChannels: layer.inputChannels,
          kernelHeight: factor,
          kernelWidth: factor,
          stride: factor,
          padding: 0
        ),
        adds: false,
        into: y
      )
      compute.add(y, row: bias, into: y)
    }
    return y
  }

  package func resized(_ x: Tensor, height: Int, width: Int) -> Tensor {
    precondition(
      x.shape.count == 4 && x.count > 0 && height > 0 && width > 0,
      "\(x.shape) resized to \(height)×\(width)"
    )
    if (x.shape[1], x.shape[2]) == (height, width) { return x }
    let resizing = FeatureResizing(
      from: (x.shape[1], x.shape[2]),
      to: (height, width),
      .bilinear,
      alignCorners: false
    )
    return resizing(x, on: device)
  }

  /// (x − mean) · factor + shift + residual.
  private func normalize(_ x: Tensor, _ layer: BatchNorm, residual: Tensor?, into y: Tensor) {
    let norm = prepared(layer)
    withViews(norm.mean, norm.factor, norm.shift) { mean, factor, shift in
      withViews(x, residual ?? x, y) { x, other, y in
        compute.normalizeChannels(
          x,
          (mean, factor, shift),
          residual: residual == nil ? nil : other,
          relu: false,
          passed: nil,
          into: y
        )
      }
    }
  }
}
