import Kernels
package import Layers

/// A U-Net: maps are halved on the way down, doubled on the way up and joined at each resolution.
///
/// Sources: Ronneberger, Fischer, Brox 2015; blocks and names of Galdran et al. 2020.
package final class UNet: SegmentationNetwork {
  private let architecture: UNetArchitecture
  private let first: UNetBlock
  private let downward: [UNetBlock]
  private let upward: [UNetUpwardBlock]
  private let classifier: Convolution

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - architecture: sizes.
  ///   - scope: the network's scope.
  package init(_ architecture: UNetArchitecture, in scope: ParameterScope) {
    self.architecture = architecture
    let (widths, hasShortcut) = (architecture.widths, architecture.hasShortcuts)
    first = UNetBlock(
      architecture.inputChannels,
      widths[0],
      hasShortcut: hasShortcut,
      halves: false,
      in: scope["first"]
    )
    let stages = Array(zip(widths, widths.dropFirst()))
    downward = stages.enumerated().map { index, stage in
      UNetBlock(
        stage.0,
        stage.1,
        hasShortcut: hasShortcut,
        halves: true,
        in: scope["down_path.\(index)"]
      )
    }
    upward = stages.reversed().enumerated().map { index, stage in
      UNetUpwardBlock(
        stage.1,
        stage.0,
        hasShortcut: hasShortcut,
        hasBridge: architecture.hasBridges,
        in: scope["up_path.\(index)"]
      )
    }
    classifier = Convolution(
      ConvolutionShape(
        inputChannels: widths[0],
        outputChannels: architecture.classes,
        kernelHeight: 1,
        kernelWidth: 1,
        stride: 1,
        padding: 0
      ),
      hasBias: true,
      in: scope["final"]
    )
  }

  package func logits<E: Executor>(_ images: E.Value, on executor: E) -> [E.Value] {
    let shape = executor.shape(of: images)
    precondition(
      shape.count == 4 && shape[3] == architecture.inputChannels
        && shape[1] % architecture.divisor == 0 && shape[2] % architecture.divisor == 0,
      "\(shape) in a U-Net of \(architecture.widths.count) stages"
    )
    var x = images
    executor.segment(&x) { [first] in first(&$0, on: executor) }
    var others: [E.Value] = []
    for block in downward {
      others.append(x)
      executor.segment(&x) { block(&$0, on: executor) }
    }
    for block in upward { block(&x, others.removeLast(), on: executor) }
    return [executor.convolution(x, classifier, relu: false)]
  }
}
