package import Kernels
import Tensors

extension Tape {
  /// A convolution over NHWC images, plus offsets.
  ///
  /// y[n, i, j, o] = Σ x[n, i·stride + u − padding, j·stride + v − padding, c] · w[o, c, u, v] + b[o].
  /// Windows of one pixel with stride 1 are products of matrices. Kept: x where weights are trained
  /// (4 bytes per element), the weights where x has a gradient.
  ///
  /// - Parameters:
  ///   - x: [N, H, W, inputChannels].
  ///   - weight: [outputChannels, inputChannels, kernelHeight, kernelWidth].
  ///   - bias: outputChannels floats; nil for none.
  ///   - shape: the convolution's sizes; the window is no larger than the padded image.
  /// - Returns: [N, H', W', outputChannels].
  package func convolution(
    _ x: Variable,
    weight: Variable,
    bias: Variable?,
    shape: ConvolutionShape
  ) -> Variable {
    let window = [
      shape.outputChannels, shape.inputChannels, shape.kernelHeight, shape.kernelWidth,
    ]
    precondition(
      x.shape.count == 4 && x.shape[3] == shape.inputChannels && weight.shape == window
        && (bias?.value.count ?? shape.outputChannels) == shape.outputChannels,
      "a convolution of \(x.shape) with weights \(weight.shape), biases \(bias?.shape ?? []): "
        + "\(shape)"
    )
    let sizes = (images: x.shape[0], height: x.shape[1], width: x.shape[2])
    let result = [
      sizes.images, shape.outputHeight(sizes.height), shape.outputWidth(sizes.width),
      shape.outputChannels,
    ]
    if shape.isPointwise {
      return rowProduct("convolution", x, weight, bias: bias, shape: result)
    }
    let y = Tensor(uninitialized: result, on: device)
    withViews(x.value, weight.value, y) { x, weight, y in
      withOptionalView(bias?.value) { bias in
        device.compute.convolve(
          x,
          weight: weight,
          bias: bias,
          sizes: sizes,
          shape: shape,
          into: y
        )
      }
    }
    let (dx, dWeight, dBias) = (x.gradient, weight.gradient, bias?.gradient)
    let keptX = dWeight == nil ? nil : x.value
    let keptWeight = dx == nil ? nil : weight.value
    return record("convolution", y, [dx, dWeight, dBias]) { [device] dy in
      dBias?.addColumnSums(of: dy, columns: shape.outputChannels, on: device)
      if let keptX {
        dWeight?.addConvolution(keptX, dy, sizes: sizes, shape: shape, on: device)
      }
      guard let dx, let keptWeight else { return }
      dx.accumulate(on: device) { dx, adds in
        withViews(dy, keptWeight) { dy, weight in
          device.compute.convolveImageGradient(
            dy,
            weight: weight,
            sizes: sizes,
            shape: shape,
            adds: adds,
            into: dx
          )
        }
      }
    }
  }
}

extension ConvolutionShape {
  /// Whether each output pixel depends on one input pixel of the same place.
  fileprivate var isPointwise: Bool {
    kernelHeight == 1 && kernelWidth == 1 && stride == 1 && padding == 0
  }
}

extension Gradient {
  /// Adds the gradient of a convolution's weights.
  ///
  /// - Parameters:
  ///   - x: the convolution's images.
  ///   - dy: the gradient of its output.
  ///   - sizes: of x.
  ///   - shape: the convolution's sizes.
  ///   - device: where to run.
  func addConvolution(
    _ x: Tensor,
    _ dy: Tensor,
    sizes: ComputeContext.ImageSizes,
    shape: ConvolutionShape,
    on device: Device
  ) {
    accumulate(on: device) { dWeight, adds in
      withViews(x, dy) { x, dy in
        device.compute.convolveWeightGradient(
          x,
          dy,
          sizes: sizes,
          shape: shape,
          adds: adds,
          into: dWeight
        )
      }
    }
  }
}
