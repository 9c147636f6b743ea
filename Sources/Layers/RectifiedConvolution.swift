package import Kernels

/// A convolution over NHWC images, ReLU, and then a batch normalisation.
///
/// The order of Galdran et al. 2020 and of other small segmentation networks; `Convolution` has the
/// usual one, the normalisation before ReLU. A normalisation after ReLU can't be folded into the
/// weights.
package final class RectifiedConvolution {
  /// The convolution, without a normalisation of its own.
  package let convolution: Convolution
  /// The normalisation of what ReLU let pass.
  package let norm: BatchNorm

  /// Declares the convolution's weights and offsets, then the normalisation's parameters.
  ///
  /// - Parameters:
  ///   - shape: the sizes.
  ///   - scope: where the convolution's parameters are declared.
  ///   - normScope: where the normalisation's are.
  package init(
    _ shape: ConvolutionShape,
    in scope: ParameterScope,
    norm normScope: ParameterScope
  ) {
    convolution = Convolution(shape, hasBias: true, in: scope)
    norm = BatchNorm(shape.outputChannels, in: normScope)
  }
}
