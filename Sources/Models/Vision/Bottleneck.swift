import Kernels
import Layers

/// A residual bottleneck block: 1×1, 3×3 and 1×1 convolutions.
///
/// Source: He et al. 2016, figure 5.
///
/// CLIP's keeps convolutions at stride 1 and averages before the last one and before the shortcut's;
/// torchvision's strides in the 3×3 convolution and in the shortcut's.
final class Bottleneck {
  private let reduce: Convolution
  private let spatial: Convolution
  private let expand: Convolution
  private let shortcut: Convolution?
  private let pooling: PoolingShape?

  /// How many times wider a block's output is than its inner maps.
  static let expansion = 4

  /// Declares the block's parameters.
  ///
  /// - Parameters:
  ///   - inputChannels: of x.
  ///   - channels: of the inner maps.
  ///   - stride: 2 where the map is halved, else 1.
  ///   - averages: whether maps are halved by averaging, as CLIP's.
  ///   - scope: the block's scope.
  init(
    inputChannels: Int,
    channels: Int,
    stride: Int,
    averages: Bool,
    in scope: ParameterScope
  ) {
    let outputChannels = channels * Self.expansion
    reduce = .normed(inputChannels, channels, kernel: 1, "conv1", "bn1", scope)
    spatial = .normed(
      channels,
      channels,
      kernel: 3,
      stride: averages ? 1 : stride,
      "conv2",
      "bn2",
      scope
    )
    expand = .normed(channels, outputChannels, kernel: 1, "conv3", "bn3", scope)
    pooling = averages && stride > 1 ? PoolingShape(window: stride, stride: stride) : nil
    shortcut =
      stride > 1 || inputChannels != outputChannels
      ? .normed(
        inputChannels,
        outputChannels,
        kernel: 1,
        stride: averages ? 1 : stride,
        "downsample.0",
        "downsample.1",
        scope
      )
      : nil
  }

  /// Runs the block in place.
  ///
  /// - Parameters:
  ///   - x: [B, H, W, inputChannels]; becomes [B, H / stride, W / stride, 4 · channels].
  ///   - executor: what runs the operations.
  func callAsFunction<E: Executor>(_ x: inout E.Value, on executor: E) {
    var inner = executor.convolution(x, reduce, relu: true)
    inner = executor.convolution(inner, spatial, relu: true)
    if let pooling { inner = executor.pooled(inner, .average, pooling) }
    if let shortcut {
      if let pooling { x = executor.pooled(x, .average, pooling) }
      x = executor.convolution(x, shortcut, relu: false)
    }
    executor.addConvolution(inner, expand, to: &x)
  }

  /// The channels of a stem's map and of each stage's.
  ///
  /// - Parameters:
  ///   - stages: how many stages there are.
  ///   - width: the stem's channels, and the inner ones of the first stage.
  /// - Returns: one number per map.
  static func mapChannels(_ stages: Int, width: Int) -> [Int] {
    [width] + (0..<stages).map { (width << $0) * expansion }
  }

  /// The map that each stage ends in.
  ///
  /// - Parameters:
  ///   - x: what the first stage takes.
  ///   - stages: the stages' blocks.
  ///   - executor: what runs the operations.
  /// - Returns: one value per stage, each half as high and wide as the one before.
  static func maps<E: Executor>(
    _ x: E.Value,
    _ stages: [[Bottleneck]],
    on executor: E
  ) -> [E.Value] {
    var x = x
    return stages.map { blocks in
      // A name of its own for what the stage takes: its branches' gradients are added up first and
      // then to those of the map's other users, as where blocks run again.
      x = executor.reshaped(x, executor.shape(of: x))
      for block in blocks { executor.segment(&x) { block(&$0, on: executor) } }
      return x
    }
  }

  /// Declares the four stages of a network.
  ///
  /// - Parameters:
  ///   - layers: how many blocks each stage has.
  ///   - width: the inner channels of the first stage.
  ///   - inputChannels: the stem's output.
  ///   - averages: whether maps are halved by averaging, as CLIP's.
  ///   - scope: the network's scope.
  /// - Returns: the stages' blocks, in order.
  static func stages(
    _ layers: [Int],
    width: Int,
    inputChannels: Int,
    averages: Bool,
    in scope: ParameterScope
  ) -> [[Bottleneck]] {
    var channels = inputChannels
    return layers.enumerated().map { stage, count in
      (0..<count).map { index in
        let block = Bottleneck(
          inputChannels: channels,
          channels: width << stage,
          stride: stage > 0 && index == 0 ? 2 : 1,
          averages: averages,
          in: scope["layer\(stage + 1).\(index)"]
        )
        channels = (width << stage) * expansion
        return block
      }
    }
  }
}

extension Convolution {
  /// Declares a square convolution that keeps the size (up to its stride) and its batch norm.
  static func normed(
    _ inputs: Int,
    _ outputs: Int,
    kernel: Int,
    stride: Int = 1,
    _ name: String,
    _ norm: String,
    _ scope: ParameterScope
  ) -> Convolution {
    let shape = ConvolutionShape(
      inputChannels: inputs,
      outputChannels: outputs,
      kernelHeight: kernel,
      kernelWidth: kernel,
      stride: stride,
      padding: kernel / 2
    )
    return Convolution(shape, norm: BatchNorm(outputs, in: scope[norm]), in: scope[name])
  }
}
