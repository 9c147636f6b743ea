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
    "masks: \(networkSummary), \(inputChannels) channels to \(classes.of("logit")) per pixel, "
      + "\(imageSize) × \(imageSize) pixels or others that \(divisor) divides"
  }

  private var networkSummary: String {
    switch network {
    case .uNet(let unet): "a U-Net, \(unet.summary)"
    case .wNet(let unet):
      "a W-Net: two U-Nets, the second sees the first one's logits, \(unet.summary)"
    case .encoderDecoder(let both):
      "an encoder with a \(both.decoder.kind.rawValue) decoder"
        + (both.decoder.widths.isEmpty ? "" : ", widths \(both.decoder.widths)")
    }
  }
}

extension UNetArchitecture {
  /// The sizes in one line.
  fileprivate var summary: String {
    let parts = [hasShortcuts ? "shortcuts" : nil, hasBridges ? "bridges" : nil]
    let extras = parts.compactMap(\.self).joined(separator: " and ")
    return "widths \(widths)" + (extras.isEmpty ? "" : ", \(extras)")
  }
}
