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
      case .encoderDecoder(let both): EncoderDecoder(both, in: parameters.root)
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

  /// The parameters that logits depend on and that a training may change: no statistics, and none of
  /// an encoder's poolings and projections, which maps don't cross.
  package var trainable: [Parameter] {
    parameters.parameters.filter { parameter in
      guard !parameter.isStatistic else { return false }
      guard EncoderDecoder.isOfEncoder(parameter) else { return true }
      let name = parameter.name.dropFirst(EncoderDecoder.scopes.encoder.count + 1)
      return name != "proj" && !name.hasPrefix("attnpool.")
    }
  }

  /// The trainable parameters of the decoder; all of them in networks that have no encoder.
  package var trainableDecoder: [Parameter] {
    trainable.filter { !EncoderDecoder.isOfEncoder($0) }
  }

  /// Gives a new decoder random weights and the encoder copies of those of a checkpoint.
  ///
  /// - Parameters:
  ///   - model: the checkpoint's model, whose image encoder has the same architecture.
  ///   - seed: the decoder's seed; the same seed gives the same bits.
  ///   - device: where the weights lie.
  package func begin(with model: Model, seed: UInt64, on device: Device) {
    guard case .encoderDecoder = architecture.network else {
      preconditionFailure("\(architecture.name) has no encoder")
    }
    parameters.initialize(seed: seed, on: device)
    let prefix = model.architecture.text == nil ? "" : "visual."
    for parameter in parameters.parameters {
      let parts = parameter.name.split(separator: ".", maxSplits: 1)
      guard parts.count == 2, parts[0] == EncoderDecoder.scopes.encoder else { continue }
      guard let source = model.parameters[prefix + parts[1]] else {
        preconditionFailure("the checkpoint has no \(prefix)\(parts[1])")
      }
      // A training writes to its weights and statistics in place: the checkpoint keeps its own.
      parameter.load(Tensor(source.value.elements, shape: source.shape, on: device))
    }
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
