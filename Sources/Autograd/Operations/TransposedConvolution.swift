import Kernels
import Tensors

extension Tape {
  /// A transposed convolution over NHWC images, plus offsets; as PyTorch's `ConvTranspose2d`.
  ///
  /// Forward it is the gradient of the images of a convolution from y's channels to x's (Dumoulin and
  /// Visin 2016, section 4); its own gradients are that convolution of dy and that convolution's
  /// gradient of weights with x and dy in exchanged roles. Kept: x where weights are trained, the
  /// weights where x has a gradient.
  ///
  /// - Parameters:
  ///   - x: [N, H, W, inputs].
  ///   - weight: [inputs, outputs, kernelHeight, kernelWidth].
  ///   - bias: `outputs` floats; nil for none.
  ///   - stride: the distance between windows in y, both ways; at least 1.
  ///   - padding: how many rows and columns of y are cut off on each side.
  /// - Returns: [N, (H − 1)·stride − 2·padding + kernelHeight, likewise, outputs].
  package func transposedConvolution(
    _ x: Variable,
    weight: Variable,
    bias: Variable?,
    stride: Int,
    padding: Int = 0
  ) -> Variable {
    precondition(
      x.shape.count == 4 && weight.shape.count == 4 && x.shape[3] == weight.shape[0]
        && (bias?.value.count ?? weight.shape[1]) == weight.shape[1],
      "a transposed convolution of \(x.shape) with weights \(weight.shape), "
        + "biases \(bias?.shape ?? [])"
    )
    let shape = ConvolutionShape(
      inputChannels: weight.shape[1],
      outputChannels: weight.shape[0],
      kernelHeight: weight.shape[2],
      kernelWidth: weight.shape[3],
      stride: stride,
      padding: padding
    )
    let sizes = (
      images: x.shape[0],
      height: (x.shape[1] - 1) * stride - 2 * padding + shape.kernelHeight,
      width: (x.shape[2] - 1) * stride - 2 * padding + shape.kernelWidth
    )
    let outputs = shape.inputChannels
    let y = Tensor(
      uninitialized: [sizes.images, sizes.height, sizes.width, outputs],
      on: device
    )
    withViews(x.value, weight.value, y) { x, weight, y in
      device.compute.convolveImageGradient(
        x,
        weight: weight,
        sizes: sizes,
        shape: shape,
        adds: false,
        into: y
      )
    }
    if let bias {
      withViews(y, bias.value) { y, bias in device.compute.add(y, row: bias, into: y) }
    }
    let (dx, dWeight, dBias) = (x.gradient, weight.gradient, bias?.gradient)
    let keptX = dWeight == nil ? nil : x.value
    let keptWeight = dx == nil ? nil : weight.value
    return record("transposed_convolution", y, [dx, dWeight, dBias]) { [device] dy in
      dBias?.addColumnSums(of: dy, columns: outputs, on: device)
      if let keptX {
        dWeight?.addConvolution(dy, keptX, sizes: sizes, shape: shape, on: device)
      }
      guard let dx, let keptWeight else { return }
      let fresh = Tensor(uninitialized: dx.shape, on: device)
      withViews(dy, keptWeight, fresh) { dy, weight, fresh in
        device.compute.convolve(
          dy,
          weight: weight,
          bias: nil,
          sizes: sizes,
          shape: shape,
          into: fresh
        )
      }
      dx.add(fresh, on: device)
    }
  }
}
