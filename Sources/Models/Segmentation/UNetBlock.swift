import Kernels
import Layers

/// Two 3×3 convolutions, each with ReLU and then a batch normalisation, and what passes them by.
///
/// Source: Galdran et al. 2020, "The Little W-Net That Could".
final class UNetBlock {
  private let first: RectifiedConvolution
  private let second: RectifiedConvolution
  private let shortcut: Convolution?
  private let halves: Bool

  /// Declares the block's parameters.
  ///
  /// - Parameters:
  ///   - inputs: channels of x.
  ///   - outputs: channels of the result.
  ///   - hasShortcut: whether a 1×1 convolution with its batch normalisation is added.
  ///   - halves: whether x is halved first, by the largest of 2 × 2 pixels.
  ///   - scope: the block's scope.
  init(_ inputs: Int, _ outputs: Int, hasShortcut: Bool, halves: Bool, in scope: ParameterScope) {
    shortcut =
      hasShortcut
      ? .normed(inputs, outputs, kernel: 1, "0", "1", scope["shortcut"]) : nil
    first = .spatial(inputs, outputs, "0", "2", scope["block"])
    second = .spatial(outputs, outputs, "3", "5", scope["block"])
    self.halves = halves
  }

  /// Runs the block in place.
  ///
  /// - Parameters:
  ///   - x: [B, H, W, inputs]; becomes [B, H, W, outputs], or half as high and wide.
  ///   - executor: what runs the operations.
  func callAsFunction<E: Executor>(_ x: inout E.Value, on executor: E) {
    if halves { x = executor.pooled(x, .maximum, PoolingShape(window: 2, stride: 2)) }
    let inner = executor.rectifiedConvolution(x, first)
    guard let shortcut else {
      x = executor.rectifiedConvolution(inner, second)
      return
    }
    x = executor.convolution(x, shortcut, relu: false)
    executor.addRectifiedConvolution(inner, second, to: &x)
  }
}

/// Doubles a map, joins it with the one of the way down, and runs a block.
final class UNetUpwardBlock {
  private let enlarge: TransposedConvolution
  private let bridge: RectifiedConvolution?
  private let block: UNetBlock

  /// Declares the block's parameters.
  ///
  /// - Parameters:
  ///   - inputs: channels of x.
  ///   - outputs: channels of the other map and of the result.
  ///   - hasShortcut: whether a 1×1 convolution passes the inner block by.
  ///   - hasBridge: whether the other map crosses a convolution.
  ///   - scope: the block's scope.
  init(
    _ inputs: Int,
    _ outputs: Int,
    hasShortcut: Bool,
    hasBridge: Bool,
    in scope: ParameterScope
  ) {
    enlarge = TransposedConvolution(inputs, outputs, factor: 2, in: scope["up_layer.block.0"])
    block = UNetBlock(
      2 * outputs,
      outputs,
      hasShortcut: hasShortcut,
      halves: false,
      in: scope["conv_layer"]
    )
    bridge =
      hasBridge ? .spatial(outputs, outputs, "0", "2", scope["conv_bridge_layer.block"]) : nil
  }

  /// Runs the block in place.
  ///
  /// - Parameters:
  ///   - x: [B, H, W, inputs]; becomes [B, 2·H, 2·W, outputs].
  ///   - other: [B, 2·H, 2·W, outputs].
  ///   - executor: what runs the operations.
  func callAsFunction<E: Executor>(_ x: inout E.Value, _ other: E.Value, on executor: E) {
    let crossed = bridge.map { executor.rectifiedConvolution(other, $0) } ?? other
    x = executor.concatenated([executor.transposedConvolution(x, enlarge), crossed])
    executor.segment(&x) { [block] in block(&$0, on: executor) }
  }
}

extension RectifiedConvolution {
  /// Declares a 3×3 convolution that keeps the size, and its batch normalisation.
  fileprivate static func spatial(
    _ inputs: Int,
    _ outputs: Int,
    _ name: String,
    _ norm: String,
    _ scope: ParameterScope
  ) -> RectifiedConvolution {
    let shape = ConvolutionShape(
      inputChannels: inputs,
      outputChannels: outputs,
      kernelHeight: 3,
      kernelWidth: 3,
      stride: 1,
      padding: 1
    )
    return RectifiedConvolution(shape, in: scope[name], norm: scope[norm])
  }
}
