package import Layers

/// Two U-Nets in a row: the second sees the images and the first one's logits.
///
/// Source: Galdran et al. 2020, "The Little W-Net That Could".
package final class WNet: SegmentationNetwork {
  private let first: UNet
  private let second: UNet

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - architecture: the sizes of the first network; the second one's images have as many channels
  ///     more as there are classes.
  ///   - scope: the network's scope.
  package init(_ architecture: UNetArchitecture, in scope: ParameterScope) {
    first = UNet(architecture, in: scope["unet1"])
    var refining = architecture
    refining.inputChannels += architecture.classes
    second = UNet(refining, in: scope["unet2"])
  }

  package func logits<E: Executor>(_ images: E.Value, on executor: E) -> [E.Value] {
    let coarse = first.logits(images, on: executor)
    return coarse + second.logits(executor.concatenated([images] + coarse), on: executor)
  }
}
