package import Kernels

/// A convolution over NHWC images, followed by a batch normalisation where there is one.
package final class Convolution {
  /// The sizes.
  package let shape: ConvolutionShape
  /// [outputs, inputs, height, width].
  package let weight: Parameter
  /// One offset per output channel; nil for none.
  package let bias: Parameter?
  /// The batch normalisation that follows; nil for none.
  package let norm: BatchNorm?

  /// Declares `weight` and, where wanted, `bias`.
  ///
  /// - Parameters:
  ///   - shape: the sizes.
  ///   - hasBias: whether there are offsets.
  ///   - norm: the batch normalisation that follows; nil for none.
  ///   - scope: where the parameters are declared.
  package init(
    _ shape: ConvolutionShape,
    hasBias: Bool = false,
    norm: BatchNorm? = nil,
    in scope: ParameterScope
  ) {
    self.shape = shape
    self.norm = norm
    let fanIn = shape.inputChannels * shape.kernelHeight * shape.kernelWidth
    weight = scope.parameter(
      "weight",
      [shape.outputChannels, shape.inputChannels, shape.kernelHeight, shape.kernelWidth],
      .normal(standardDeviation: (2 / Float(fanIn)).squareRoot())
    )
    bias = hasBias ? scope.parameter("bias", [shape.outputChannels]) : nil
  }

  /// Whether each output pixel depends on one input pixel of the same place: a matrix product.
  package var isPointwise: Bool {
    shape.kernelHeight == 1 && shape.kernelWidth == 1 && shape.stride == 1 && shape.padding == 0
  }
}

/// The embedding of an image's square patches: a convolution whose stride is its window.
package final class PatchEmbedding {
  /// A patch's side in pixels.
  package let patch: Int
  /// How many features a patch's token has.
  package let width: Int
  /// [width, 3, patch, patch].
  package let weight: Parameter
  /// One offset per feature; nil for none.
  package let bias: Parameter?

  /// Declares `weight` and, where wanted, `bias`.
  ///
  /// - Parameters:
  ///   - patch: a patch's side in pixels.
  ///   - width: how many features a patch's token has.
  ///   - hasBias: whether there are offsets.
  ///   - scope: where the parameters are declared.
  package init(patch: Int, width: Int, hasBias: Bool, in scope: ParameterScope) {
    self.patch = patch
    self.width = width
    weight = scope.parameter(
      "weight",
      [width, 3, patch, patch],
      .normal(standardDeviation: 1 / Float(3 * patch * patch).squareRoot())
    )
    bias = hasBias ? scope.parameter("bias", [width]) : nil
  }
}
