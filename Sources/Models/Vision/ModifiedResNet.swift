import Kernels
package import Layers

/// CLIP's modified ResNet: a stem of three convolutions, averaging before strides, attention pooling.
///
/// Source: Radford et al. 2021, section 2.4.
package final class ModifiedResNet: ImageEncoder {
  private let architecture: ModifiedResNetArchitecture
  private let stem: [Convolution]
  private let stages: [[Bottleneck]]
  private let positions: PositionTable
  private let query: Linear
  private let keyValue: Linear
  private let output: Linear

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - architecture: sizes.
  ///   - scope: `visual` of a CLIP model.
  package init(_ architecture: ModifiedResNetArchitecture, in scope: ParameterScope) {
    self.architecture = architecture
    let width = architecture.width
    stem = [
      .normed(3, width / 2, kernel: 3, stride: 2, "conv1", "bn1", scope),
      .normed(width / 2, width / 2, kernel: 3, "conv2", "bn2", scope),
      .normed(width / 2, width, kernel: 3, "conv3", "bn3", scope),
    ]
    stages = Bottleneck.stages(
      architecture.layers,
      width: width,
      inputChannels: width,
      averages: true,
      in: scope
    )
    let pool = scope["attnpool"]
    let features = 32 * width
    let tokens = 1 + architecture.positionGrid * architecture.positionGrid
    positions = PositionTable(
      parameter: pool.parameter(
        "positional_embedding",
        [tokens, features],
        .normal(standardDeviation: 1 / Float(features).squareRoot())
      ),
      learntGrid: architecture.positionGrid,
      rule: .alignedCorners
    )
    query = Linear(features, features, in: pool["q_proj"])
    keyValue = Linear(
      parts: ["k_proj", "v_proj"].map { .declared(features, features, in: pool[$0]) },
      inputCount: features
    )
    output = Linear(features, architecture.projectionWidth, in: pool["c_proj"])
  }

  package var availableFeatures: [ImageFeatureKind] { [.pooled, .projected] }

  package func width(of kind: ImageFeatureKind) -> Int { architecture.projectionWidth }

  package var mapChannels: [Int] { Bottleneck.mapChannels(stages.count, width: architecture.width) }

  package func maps<E: Executor>(_ images: E.Value, on executor: E) -> [E.Value] {
    let map = stemMap(images, on: executor)
    return [map] + Bottleneck.maps(pooled(map, on: executor), stages, on: executor)
  }

  private func stemMap<E: Executor>(_ images: E.Value, on executor: E) -> E.Value {
    var x = images
    for convolution in stem { x = executor.convolution(x, convolution, relu: true) }
    return x
  }

  private func pooled<E: Executor>(_ map: E.Value, on executor: E) -> E.Value {
    executor.pooled(map, .average, PoolingShape(window: 2, stride: 2))
  }

  package func features<E: Executor>(
    _ images: E.Value,
    _ kind: ImageFeatureKind,
    on executor: E
  ) -> [E.Value] {
    var x = pooled(stemMap(images, on: executor), on: executor)
    for block in stages.joined() { executor.segment(&x) { block(&$0, on: executor) } }
    let shape = executor.shape(of: x)
    let map = executor.reshaped(x, [shape[0], shape[1] * shape[2], shape[3]])
    let tokens = executor.prependMean(to: map, positions: positions)
    let attended = executor.crossAttention(
      executor.linear(executor.token(0, of: tokens), query, activation: nil),
      executor.linear(tokens, keyValue, activation: nil),
      heads: architecture.heads,
      lengths: nil
    )
    return [executor.linear(attended, output, activation: nil)]
  }
}
