package import Checkpoints
package import Layers
package import Tensors

/// A segmentation network with its parameters.
package final class SegmentationModel {
  /// What the model is made of.
  package let architecture: SegmentationArchitecture
  /// All parameters.
  package let parameters = ParameterSet()
  /// The network.
  package let network: any SegmentationNetwork

  /// Builds a model without values.
  ///
  /// - Parameter architecture: what it is made of.
  /// - Throws: `ModelsError` where sizes don't fit together.
  package init(_ architecture: SegmentationArchitecture) throws {
    try architecture.validate()
    self.architecture = architecture
    network =
      switch architecture.network {
      case .uNet(let unet): UNet(unet, in: parameters.root)
      case .wNet(let unet): WNet(unet, in: parameters.root)
      }
  }

  /// The logits of images.
  ///
  /// - Parameters:
  ///   - images: [B, H, W, inputChannels], preprocessed; `requireImages` says which sizes.
  ///   - executor: what runs the operations.
  /// - Returns: one or more values [B, H, W, classes]; the last one is the answer.
  package func logits<E: Executor>(_ images: E.Value, on executor: E) -> [E.Value] {
    network.logits(images, on: executor)
  }

  /// Loads every parameter from a file of tensors.
  ///
  /// - Parameters:
  ///   - archive: the file; tensors that no parameter needs are left.
  ///   - device: where the memory comes from.
  /// - Returns: the names of tensors that no parameter needed.
  /// - Throws: `ModelsError.mismatch` that names missing and mis-shaped tensors, before any is read;
  ///   `CheckpointError`.
  package func load(from archive: any TensorArchive, on device: Device) throws -> [String] {
    try parameters.load(from: archive, on: device)
  }
}
