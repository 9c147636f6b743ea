import Checkpoints
import Models

/// What a file's model is made of: encoders, or a segmentation network.
enum ModelArchitecture: Encodable {
  /// An image encoder, perhaps with a text encoder.
  case encoders(Architecture)
  /// A network that gives masks.
  case segmentation(SegmentationArchitecture)

  /// Reads what a checkpoint's header holds.
  ///
  /// - Parameter json: the header's architecture.
  /// - Throws: `ModelsError` where the JSON describes no model that can be built.
  init(json: String) throws {
    self =
      SegmentationArchitecture.isDescribed(by: json)
      ? .segmentation(try SegmentationArchitecture(json: json))
      : .encoders(try Architecture(json: json))
  }

  /// The architecture's name.
  var name: String {
    switch self {
    case .encoders(let architecture): architecture.name
    case .segmentation(let architecture): architecture.name
    }
  }

  /// The sizes in one line per network, for people.
  var summary: [String] {
    switch self {
    case .encoders(let architecture): architecture.summary
    case .segmentation(let architecture): [architecture.summary]
    }
  }

  /// Compares the model's parameters with a file's tensors.
  ///
  /// - Parameter tensors: the file's tensors.
  /// - Returns: how they differ.
  /// - Throws: `ModelsError` where sizes don't fit together.
  func compare(with tensors: [TensorDescription]) throws -> CheckpointComparison {
    switch self {
    case .encoders(let architecture):
      try Model(architecture).compare(with: tensors)
    case .segmentation(let architecture):
      try SegmentationModel(architecture).parameters.compare(with: tensors)
    }
  }

  /// Writes the architecture as the checkpoint's header holds it.
  ///
  /// - Parameter encoder: where to.
  /// - Throws: what the encoder throws.
  func encode(to encoder: any Encoder) throws {
    switch self {
    case .encoders(let architecture): try architecture.encode(to: encoder)
    case .segmentation(let architecture): try architecture.encode(to: encoder)
    }
  }
}

extension SegmentationArchitecture {
  /// The sizes in one line.
  fileprivate var summary: String {
    let kind =
      switch network {
      case .uNet: "a U-Net"
      case .wNet: "a W-Net: two U-Nets, the second sees the first one's logits"
      }
    let parts = [unet.hasShortcuts ? "shortcuts" : nil, unet.hasBridges ? "bridges" : nil]
    let extras = parts.compactMap(\.self).joined(separator: " and ")
    return "masks: \(kind), widths \(unet.widths)" + (extras.isEmpty ? "" : ", \(extras)")
      + ", \(unet.inputChannels) channels to \(unet.classes.of("logit")) per pixel, "
      + "\(imageSize) × \(imageSize) pixels or others that \(unet.divisor) divides"
  }
}
