/// A named set of settings that makes masks' numbers comparable with those of a known harness.
package struct SegmentationPreset: Sendable {
  /// The name.
  package let name: String
  /// What is run.
  package var settings: SegmentationSettings

  /// States a preset.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - settings: what is run.
  package init(name: String, settings: SegmentationSettings) {
    self.name = name
    self.settings = settings
  }

  /// The protocol's name on the command line and in results.
  package static let protocolName = "segmentation"

  /// Raised when anything that changes a score changes.
  package static let version = 1

  /// The presets that this version runs: the usual one of networks first, then that of encoders.
  package static let all = [
    SegmentationPreset(name: "wnet-drive", settings: wNetDRIVE),
    SegmentationPreset(name: "mask-decoder", settings: trained(encoder: false)),
    SegmentationPreset(name: "mask-finetune", settings: trained(encoder: true)),
  ]

  /// The preset of a name; nil where none has it.
  package static func named(_ name: String) -> SegmentationPreset? {
    all.first { $0.name == name }
  }

  /// What a checkpoint is evaluated with unless something else is said: a segmentation network as it
  /// is, an encoder with a decoder that is trained on its frozen maps.
  ///
  /// - Parameter start: the checkpoint.
  /// - Returns: the preset.
  package static func usual(for start: SegmentationStart) -> SegmentationPreset {
    switch start {
    case .network: all[0]
    case .encoder: all[1]
    }
  }

  /// What Galdran and others did on DRIVE in 2020.
  ///
  /// The field of view's box at the network's size, the mean of four mirror images' probabilities,
  /// back by cubic splines, stored in 8 bits, the threshold of highest Dice on the training
  /// photographs, pixels pooled inside the field of view.
  private static let wNetDRIVE: SegmentationSettings = {
    var settings = SegmentationSettings()
    settings.averagesFlips = true
    settings.restoring = .spline
    settings.storage = .eightBits
    settings.threshold = .bestDice(on: .train)
    return settings
  }()

  private static func trained(encoder: Bool) -> SegmentationSettings {
    var settings = SegmentationSettings()
    settings.threshold = .bestDice(on: .validation)
    settings.training = MaskTraining()
    settings.training?.trainsEncoder = encoder
    return settings
  }
}
