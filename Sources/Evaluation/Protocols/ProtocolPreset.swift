package import Imaging
package import Models
import Optimizers

/// A protocol with all its settings.
package enum ProtocolSettings: Equatable, Sendable {
  /// Prompts as weights.
  case zeroShot(ZeroShotSettings)
  /// Images searched by reports, and reports by images.
  case retrieval(RetrievalSettings)
  /// Logistic regression on frozen features.
  case linearProbe(LinearProbeSettings)
  /// A linear classifier on frozen features, trained by steps.
  case trainedProbe(TrainedProbeSettings)
  /// The encoder and a classifier, trained by steps.
  case fineTune(FineTuneSettings)

  /// The protocol's name on the command line and in results.
  package var name: String {
    switch self {
    case .zeroShot: "zero-shot"
    case .retrieval: "retrieval"
    case .linearProbe, .trainedProbe: "linear-probe"
    case .fineTune: "finetune"
    }
  }

  /// The names of the protocols that this version runs.
  package static let names = ["zero-shot", "retrieval", "linear-probe", "finetune"]

  /// Whether a run is of a whole data set, whatever its tasks.
  package var isOfWholeSet: Bool {
    if case .retrieval = self { true } else { false }
  }

  /// Raised when anything that changes a score changes.
  package static let version = 2
}

/// A named set of settings that makes numbers comparable with those of a known harness.
package struct ProtocolPreset: Sendable {
  /// The name.
  package let name: String
  /// What is run.
  package let settings: ProtocolSettings
  /// Changes to how images are prepared; nil for the checkpoint's own way.
  package let preparation: (@Sendable (Preprocessing) -> Preprocessing)?

  /// What the settings become for an encoder, where the harness has others per encoder.
  private(set) var adaptation: (@Sendable (Architecture, ProtocolSettings) -> ProtocolSettings)?

  /// States a preset.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - settings: what is run.
  ///   - preparation: changes to how images are prepared; nil for the checkpoint's own way.
  ///   - adaptation: what the settings become for an encoder; nil for the same.
  init(
    name: String,
    settings: ProtocolSettings,
    preparation: (@Sendable (Preprocessing) -> Preprocessing)? = nil,
    adaptation: (@Sendable (Architecture, ProtocolSettings) -> ProtocolSettings)? = nil
  ) {
    self.name = name
    self.settings = settings
    self.preparation = preparation
    self.adaptation = adaptation
  }

  /// The presets that this version runs; the first of a protocol is its usual one.
  package static let all: [ProtocolPreset] =
    [
      ProtocolPreset(name: "clip-zeroshot", settings: .zeroShot(ZeroShotSettings())),
      ProtocolPreset(name: "flair-zeroshot", settings: .zeroShot(flairZeroShot)),
      ProtocolPreset(name: "exact-pair", settings: .retrieval(RetrievalSettings())),
      ProtocolPreset(
        name: "same-text",
        settings: .retrieval(RetrievalSettings(match: .sameText))
      ),
      ProtocolPreset(name: "lbfgs-sweep", settings: .linearProbe(LinearProbeSettings())),
      ProtocolPreset(
        name: "flair-probe",
        settings: .linearProbe(flairProbe),
        preparation: flairPreparation
      ),
    ] + trainedProbes + fineTunings

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
    throw EvaluationError(.unknownPreset(name: name, known: all.map(\.name)))
  }

  /// The same preset with other settings.
  ///
  /// - Parameter settings: the settings, of the same protocol.
  /// - Returns: the preset under its name.
  package func with(_ settings: ProtocolSettings) -> ProtocolPreset {
    ProtocolPreset(
      name: name,
      settings: settings,
      preparation: preparation,
      adaptation: adaptation
    )
  }

  /// The preset for an encoder.
  ///
  /// - Parameter architecture: the encoder's.
  /// - Returns: the preset under its name, with settings that no longer depend on the encoder.
  package func adapted(to architecture: Architecture) -> ProtocolPreset {
    ProtocolPreset(
      name: name,
      settings: adaptation?(architecture, settings) ?? settings,
      preparation: preparation
    )
  }

  /// The usual preset of a protocol.
  ///
  /// - Parameters:
  ///   - name: the protocol's name.
  ///   - solver: how a linear probe is fitted; nil for to the minimum.
  /// - Returns: the preset; nil for a protocol that this version doesn't run.
  package static func usual(
    forProtocol name: String,
    solver: ProbeSolver? = nil
  ) -> ProtocolPreset? {
    all.first { preset in
      guard preset.settings.name == name else { return false }
      if case .trainedProbe = preset.settings { return solver == .adamW }
      return solver != .adamW || name != "linear-probe"
    }
  }
}

/// How a linear probe is fitted.
package enum ProbeSolver: String, CaseIterable, Sendable {
  /// To the minimum of the penalised loss, whose strength is swept on validation.
  case lbfgs
  /// By steps of AdamW.
  case adamW = "adamw"
}
