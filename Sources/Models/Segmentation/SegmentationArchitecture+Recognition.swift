package import Checkpoints

/// A segmentation network found by names and shapes, and what they did not say.
package struct SegmentationRecognition: Equatable, Sendable {
  /// The architecture.
  package var architecture: SegmentationArchitecture
  /// What was assumed, since no tensor says it; each a sentence.
  package var assumptions: [String]
}

extension SegmentationArchitecture {
  /// Recognises a segmentation network by the names and shapes of its tensors.
  ///
  /// - Parameter tensors: a file's tensors under PyTorch's names.
  /// - Returns: the architecture with what was assumed; nil where the names are no segmentation
  ///   network's.
  /// - Throws: `ModelsError` where the names are one's and the shapes make none.
  package static func recognize(
    _ tensors: [TensorDescription]
  ) throws -> SegmentationRecognition? {
    let names = TensorNames(tensors)
    let architecture: SegmentationArchitecture
    if names.has("unet1.\(opening)"), names.has("unet2.\(opening)") {
      architecture = .wNet(try unet(names, "unet1."))
    } else if names.has(opening), names.has("final.weight") {
      architecture = .uNet(try unet(names, ""))
    } else {
      return nil
    }
    try architecture.validate()
    return SegmentationRecognition(
      architecture: architecture,
      assumptions: ["images of 512 pixels, resized bilinearly, divided by 255"]
    )
  }

  /// The weights of the first convolution of a block.
  private static let opening = "first.block.0.weight"

  private static func unet(_ names: TensorNames, _ prefix: String) throws -> UNetArchitecture {
    let stages = names.count("\(prefix)down_path.", ".block.0.weight")
    let widths = try (0..<stages).map { stage in
      try names.size(0, of: "\(prefix)down_path.\(stage).block.0.weight", rank: 4)
    }
    return UNetArchitecture(
      inputChannels: try names.size(1, of: prefix + opening, rank: 4),
      classes: try names.size(0, of: "\(prefix)final.weight", rank: 4),
      widths: [try names.size(0, of: prefix + opening, rank: 4)] + widths,
      hasShortcuts: names.has("\(prefix)first.shortcut.0.weight"),
      hasBridges: names.has("\(prefix)up_path.0.conv_bridge_layer.block.0.weight")
    )
  }
}
