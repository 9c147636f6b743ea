import Checkpoints
import Imaging
package import Models
package import Tensors

/// The checkpoint that masks are predicted with: a segmentation network, or an encoder that gets a
/// decoder.
package enum SegmentationStart {
  /// A network whose logits are masks'.
  case network(SegmentationBundle)
  /// An image encoder.
  case encoder(ModelBundle)

  /// Opens a checkpoint of either kind.
  ///
  /// - Parameters:
  ///   - path: the checkpoint.
  ///   - device: where the model lies.
  /// - Throws: `CheckpointError`, `ModelsError`.
  package init(checkpoint path: String, on device: Device) throws {
    let header = try CheckpointFile(path).header
    self =
      SegmentationArchitecture.isDescribed(by: header.architecture)
      ? .network(try SegmentationBundle(checkpoint: path, on: device))
      : .encoder(try ModelBundle(checkpoint: path, on: device))
  }

  /// The checkpoint's file.
  package var path: String {
    switch self {
    case .network(let bundle): bundle.path
    case .encoder(let bundle): bundle.path
    }
  }

  /// Whether there is an encoder beside what gives masks.
  package var hasEncoder: Bool {
    switch self {
    case .encoder: return true
    case .network(let bundle):
      if case .encoderDecoder = bundle.model.architecture.network { return true }
      return false
    }
  }

  /// The SHA-256 of the file.
  var sha256: String {
    switch self {
    case .network(let bundle): bundle.sha256
    case .encoder(let bundle): bundle.sha256
    }
  }

  /// How the checkpoint's pictures are prepared.
  var preprocessing: Preprocessing {
    switch self {
    case .network(let bundle): bundle.preprocessing
    case .encoder(let bundle): bundle.preprocessing
    }
  }

  /// The network's input under a view.
  ///
  /// Pictures are resized whatever their aspect: masks of parts that were cut off couldn't be predicted.
  func input(_ view: PictureView) -> Preprocessing {
    var input = preprocessing
    input.resizeMode = .stretch
    if let size = view.imageSize { (input.width, input.height) = (size, size) }
    return input
  }

  /// The network that a run works with.
  ///
  /// - Parameters:
  ///   - form: the masks that are wanted; read for new decoders only.
  ///   - decoder: the new decoder's kind; nil for the one that fits.
  ///   - size: the input's side.
  /// - Returns: the architecture.
  /// - Throws: `ModelsError` where encoder and decoder don't fit or take no such images.
  func architecture(
    _ form: MaskLogits,
    decoder: MaskDecoderKind?,
    size: Int
  ) throws -> SegmentationArchitecture {
    switch self {
    case .network(let bundle): bundle.model.architecture
    case .encoder(let bundle):
      try .decoder(
        of: bundle.model.architecture,
        kind: decoder,
        classes: form.logitCount,
        imageSize: size
      )
    }
  }

  /// A model with weights of its own: the checkpoint's, and random ones of a new decoder.
  func model(
    _ architecture: SegmentationArchitecture,
    seed: UInt64,
    on device: Device
  ) throws -> SegmentationModel {
    let model = try SegmentationModel(architecture)
    switch self {
    case .network(let bundle):
      _ = try model.load(from: CheckpointFile(bundle.path), on: device)
    case .encoder(let bundle):
      let source = try Model(bundle.model.architecture)
      _ = try source.load(from: CheckpointFile(bundle.path), on: device)
      model.begin(with: source, seed: seed, on: device)
    }
    return model
  }
}
