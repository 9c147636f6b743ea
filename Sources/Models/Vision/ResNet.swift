import Kernels
package import Layers

/// torchvision's ResNet with bottleneck blocks, without its classifier.
///
/// Source: He, Zhang, Ren, Sun 2016.
package final class ResNet: ImageEncoder {
  private let architecture: ResNetArchitecture
  private let stem: Convolution
  private let stages: [[Bottleneck]]

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - architecture: sizes.
  ///   - scope: the model's root.
  package init(_ architecture: ResNetArchitecture, in scope: ParameterScope) {
    self.architecture = architecture
    stem = .normed(3, architecture.width, kernel: 7, stride: 2, "conv1", "bn1", scope)
    stages = Bottleneck.stages(
      architecture.layers,
      width: architecture.width,
      inputChannels: architecture.width,
      averages: false,
      in: scope
    )
  }

  package var availableFeatures: [ImageFeatureKind] { [.pooled] }

  package func width(of kind: ImageFeatureKind) -> Int { 32 * architecture.width }

  package var mapChannels: [Int] { Bottleneck.mapChannels(stages.count, width: architecture.width) }

  package func maps<E: Executor>(_ images: E.Value, on executor: E) -> [E.Value] {
    let map = executor.convolution(images, stem, relu: true)
    return [map] + Bottleneck.maps(pooled(map, on: executor), stages, on: executor)
  }

  private func pooled<E: Executor>(_ map: E.Value, on executor: E) -> E.Value {
    executor.pooled(map, .maximum, PoolingShape(window: 3, stride: 2, padding: 1))
  }

  package func features<E: Executor>(
    _ images: E.Value,
    _ kind: ImageFeatureKind,
    on executor: E
  ) -> [E.Value] {
    var x = pooled(executor.convolution(images, stem, relu: true), on: executor)
    for block in stages.joined() { executor.segment(&x) { block(&$0, on: executor) } }
    let shape = executor.shape(of: x)
    let map = executor.reshaped(x, [shape[0], shape[1] * shape[2], shape[3]])
    return [executor.meanToken(of: map, over: 0..<shape[1] * shape[2])]
  }
}
