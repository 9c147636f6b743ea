/// A transposed convolution over NHWC images whose windows tile the result.
///
/// Each side grows by the window's side, as with PyTorch's `ConvTranspose2d` whose stride is its
/// window and whose padding is 0.
package final class TransposedConvolution {
  /// The channels of x.
  package let inputChannels: Int
  /// The channels of the result.
  package let outputChannels: Int
  /// How many times higher and wider the result is: the window's side, which is the stride too.
  package let factor: Int
  /// [inputs, outputs, factor, factor].
  package let weight: Parameter
  /// One offset per output channel.
  package let bias: Parameter

  /// Declares `weight` and `bias`.
  ///
  /// - Parameters:
  ///   - inputChannels: the channels of x.
  ///   - outputChannels: the channels of the result.
  ///   - factor: how many times higher and wider the result is, at least 1.
  ///   - scope: where the parameters are declared.
  package init(_ inputChannels: Int, _ outputChannels: Int, factor: Int, in scope: ParameterScope) {
    precondition(factor >= 1, "a map enlarged by \(factor)")
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.factor = factor
    // Each pixel of the result is one product with the channels of one pixel of x.
    weight = scope.parameter(
      "weight",
      [inputChannels, outputChannels, factor, factor],
      .normal(standardDeviation: 1 / Float(inputChannels).squareRoot())
    )
    bias = scope.parameter("bias", [outputChannels])
  }
}
