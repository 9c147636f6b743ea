import ArgumentParser
import Datasets
import Evaluation
import Models
import Optimizers

/// The options of protocols.
struct ProbeOptions: ParsableArguments {
  @Option(
    help: "A named set of settings: clip-zeroshot, flair-zeroshot, lbfgs-sweep or flair-probe."
  )
  var preset: String?

  @Option(
    name: .customLong("features"),
    help: "Which features a probe sees: pooled, projected or pooled_and_mean_patch."
  )
  var featureName: String?

  @Option(
    help: "Inverse penalties C of the probe, with commas; more than one are chosen on validation."
  )
  var strength: String?

  @Option(help: "Training samples per class, with commas, such as 1,5,10,20,full. (default: full)")
  var shots: String?

  @Option(help: "How many draws of few shots.")
  var seeds: Int = 5

  @Option(help: "How more than two classes are told apart: multinomial or one-vs-rest.")
  var scheme: LogisticRegression.Scheme?

  @Option(help: "What is done to features first: none, standardized or unit_length.")
  var scaling: FeatureScaling?

  @Option(help: "How classes are weighted: uniform or balanced.")
  var classWeights: ClassWeights?

  @Option(help: "The prompts' language: zh or en.")
  var language: PromptLanguage?

  /// Which features the user wants; nil for the usual ones.
  func features() throws -> ImageFeatureKind? {
    guard let featureName else { return nil }
    guard let kind = ImageFeatureKind(rawValue: featureName) else {
      throw EvaluationError(
        .invalidOption(
          name: "--features",
          found: featureName,
          expected: ImageFeatureKind.allCases.map(\.rawValue).joined(separator: ", ")
        )
      )
    }
    return kind
  }

  /// The protocols to run, with the user's wishes applied.
  ///
  /// - Parameters:
  ///   - protocols: names with commas; nil for what the model can do.
  ///   - canZeroShot: whether the model encodes texts.
  /// - Returns: one preset per protocol and number of shots.
  /// - Throws: `EvaluationError` for names and values that don't exist.
  func presets(protocols: String?, canZeroShot: Bool) throws -> [ProtocolPreset] {
    let asked = try protocols.map { try commaList($0, of: "--protocol") }
    let chosen = try preset.map(ProtocolPreset.named)
    let usual =
      chosen.map { [$0.settings.name] } ?? (canZeroShot ? ["zero-shot"] : []) + ["linear-probe"]
    if let shots, !(asked ?? usual).contains("linear-probe") {
      throw EvaluationError(
        .invalidOption(name: "--shots", found: shots, expected: "nothing: zero-shot trains nothing")
      )
    }
    return try (asked ?? usual).flatMap { name -> [ProtocolPreset] in
      guard let base = ProtocolPreset.usual(forProtocol: name) else {
        throw EvaluationError(
          .invalidOption(
            name: "--protocol",
            found: name,
            expected: ProtocolSettings.names.joined(separator: " or ")
          )
        )
      }
      if let chosen, chosen.settings.name != name {
        throw EvaluationError(
          .presetOfOtherProtocol(
            name: chosen.name,
            belongsTo: chosen.settings.name,
            asked: name
          )
        )
      }
      return try applied(to: chosen ?? base)
    }
  }

  private func applied(to preset: ProtocolPreset) throws -> [ProtocolPreset] {
    switch preset.settings {
    case .zeroShot(var settings):
      if let language { settings.language = language }
      return [preset.with(.zeroShot(settings))]
    case .linearProbe(var settings):
      if let scheme { settings.scheme = scheme }
      if let scaling { settings.scaling = scaling }
      if let classWeights { settings.classWeights = classWeights }
      if let strength { settings.strengths = try numbers(strength, of: "--strength") }
      guard (1...1000).contains(seeds) else {
        throw EvaluationError(
          .invalidOption(name: "--seeds", found: "\(seeds)", expected: "1 to 1000")
        )
      }
      settings.seeds = (0..<UInt64(seeds)).map { $0 }
      return try shotCounts().map { shots in
        settings.shots = shots
        try settings.validate()
        return preset.with(.linearProbe(settings))
      }
    }
  }

  private func numbers(_ text: String, of name: String) throws -> [Double] {
    try commaList(text, of: name).map { part in
      guard let number = Double(part) else {
        throw EvaluationError(
          .invalidOption(name: name, found: part, expected: "numbers with commas")
        )
      }
      return number
    }
  }

  private func shotCounts() throws -> [Int?] {
    guard let shots else { return [nil] }
    return try commaList(shots, of: "--shots").map { part in
      if part == "full" { return nil }
      guard let count = Int(part), count >= 1 else {
        throw EvaluationError(
          .invalidOption(
            name: "--shots",
            found: part,
            expected: "numbers from 1 on, or full"
          )
        )
      }
      return count
    }
  }
}

extension LogisticRegression.Scheme: ExpressibleByArgument {}
extension FeatureScaling: ExpressibleByArgument {}
extension ClassWeights: ExpressibleByArgument {}
extension PromptLanguage: ExpressibleByArgument {}
