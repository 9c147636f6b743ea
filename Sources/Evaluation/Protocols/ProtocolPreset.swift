package import Imaging
import Models
import Optimizers

/// A protocol with all its settings.
package enum ProtocolSettings: Equatable, Sendable {
  /// Prompts as weights.
  case zeroShot(ZeroShotSettings)
  /// Logistic regression on frozen features.
  case linearProbe(LinearProbeSettings)

  /// The protocol's name on the command line and in results.
  package var name: String {
    switch self {
    case .zeroShot: "zero-shot"
    case .linearProbe: "linear-probe"
    }
  }

  /// The names of the protocols that this version runs.
  package static let names = ["zero-shot", "linear-probe"]

  /// Raised when anything that changes a score changes.
  package static let version = 1
}

/// A named set of settings that makes numbers comparable with those of a known harness.
package struct ProtocolPreset: Sendable {
  /// The name.
  package let name: String
  /// What is run.
  package let settings: ProtocolSettings
  /// Changes to how images are prepared; nil for the checkpoint's own way.
  package let preparation: (@Sendable (Preprocessing) -> Preprocessing)?

  /// The presets that this version runs.
  package static let all: [ProtocolPreset] = [
    ProtocolPreset(
      name: "clip-zeroshot",
      settings: .zeroShot(ZeroShotSettings()),
      preparation: nil
    ),
    ProtocolPreset(name: "flair-zeroshot", settings: .zeroShot(flairZeroShot), preparation: nil),
    ProtocolPreset(
      name: "lbfgs-sweep",
      settings: .linearProbe(LinearProbeSettings()),
      preparation: nil
    ),
    ProtocolPreset(
      name: "flair-probe",
      settings: .linearProbe(flairProbe),
      preparation: flairPreparation
    ),
  ]

  /// The presets that train with AdamW.
  private static let training = [
    "vilref-head", "retclip-probe", "flair-finetune", "retfound-finetune", "clip-benchmark-probe",
    "eva-offline",
  ]

  /// FLAIR: descriptions averaged into a prototype whose length stays.
  private static let flairZeroShot: ZeroShotSettings = {
    var settings = ZeroShotSettings()
    settings.normalizesPrototypes = false
    return settings
  }()

  /// FLAIR: C = 0.316, balanced classes, at most 1,000 iterations, projected features of length 1.
  private static let flairProbe: LinearProbeSettings = {
    var settings = LinearProbeSettings()
    settings.features = .projected
    settings.scaling = .unitLength
    settings.strengths = [0.316]
    settings.classWeights = .balanced
    settings.evaluationLimit = 1000
    return settings
  }()

  /// FLAIR: the foreground on a black square, 512 × 512.
  private static let flairPreparation: @Sendable (Preprocessing) -> Preprocessing = { usual in
    var preparation = usual
    preparation.resizeMode = .foregroundCropPadSquare(threshold: 0)
    preparation.width = 512
    preparation.height = 512
    return preparation
  }

  /// The preset of a name.
  ///
  /// - Parameter name: the name.
  /// - Returns: the preset.
  /// - Throws: `EvaluationError` where no preset has the name or this version can't run it.
  package static func named(_ name: String) throws -> ProtocolPreset {
    if let found = all.first(where: { $0.name == name }) { return found }
    if training.contains(name) { throw EvaluationError(.presetNeedsTraining(name: name)) }
    throw EvaluationError(.unknownPreset(name: name, known: all.map(\.name)))
  }

  /// The same preset with other settings.
  ///
  /// - Parameter settings: the settings, of the same protocol.
  /// - Returns: the preset under its name.
  package func with(_ settings: ProtocolSettings) -> ProtocolPreset {
    ProtocolPreset(name: name, settings: settings, preparation: preparation)
  }

  /// The usual preset of a protocol.
  ///
  /// - Parameter name: the protocol's name.
  /// - Returns: the preset; nil for a protocol that this version doesn't run.
  package static func usual(forProtocol name: String) -> ProtocolPreset? {
    all.first { $0.settings.name == name }
  }
}
