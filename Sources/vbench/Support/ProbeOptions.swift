import ArgumentParser
import Datasets
import Evaluation
import Models
import Optimizers
import Training

/// The options of protocols.
struct ProbeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A named set of settings: "
        + (ProtocolPreset.all.map(\.name) + SegmentationPreset.all.map(\.name))
        .joined(separator: ", ") + "."
    )
  )
  var preset: String?

  @Option(
    name: .customLong("features"),
    help: ArgumentHelp(
      "Which features a classifier sees: "
        + ImageFeatureKind.allCases.map(\.rawValue).joined(separator: ", ") + "."
    )
  )
  var featureName: String?

  @Option(
    help: "Inverse penalties C of the probe, with commas; more than one are chosen on validation."
  )
  var strength: String?

  @Option(help: "Training samples per class, with commas, such as 1,5,10,20,full. (default: full)")
  var shots: String?

  @Option(
    help: "How many repeats: of few shots' draws and of trainings. (default: the preset's, or 5)"
  )
  var seeds: Int?

  @Option(help: "How a linear probe is fitted: lbfgs, to the minimum, or adamw, by steps.")
  var solver: ProbeSolver?

  @Option(
    help: """
      From which probability on a sample is positive: validation (of highest F1) or a number; a pixel \
      of a mask: train or validation (of highest Dice) or a number.
      """
  )
  var threshold: String?

  @Option(help: "How more than two classes are told apart: multinomial or one-vs-rest.")
  var scheme: LogisticRegression.Scheme?

  @Option(help: "What is done to features first: none, standardized or unit_length.")
  var scaling: FeatureScaling?

  @Option(help: "How classes are weighted: uniform or balanced.")
  var classWeights: ClassWeights?

  @Option(help: "The prompts' language: zh or en.")
  var language: PromptLanguage?

  @OptionGroup(title: "Training by steps") var training: TrainingOptions

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
    try requireTraining(asked ?? usual)
    let presets = try (asked ?? usual).flatMap { name -> [ProtocolPreset] in
      guard let base = ProtocolPreset.usual(forProtocol: name, solver: solver) else {
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
    try requireReaders(of: presets)
    return presets
  }

  /// Refuses options that none of the settings takes.
  private func requireReaders(of presets: [ProtocolPreset]) throws {
    let kinds = presets.map(\.settings)
    func refuse(_ name: String, _ found: String?, _ expected: String) throws {
      guard let found else { return }
      throw EvaluationError(.invalidOption(name: name, found: found, expected: expected))
    }
    if !kinds.contains(where: { if case .linearProbe = $0 { true } else { false } }) {
      try refuse("--strength", strength, "nothing: only the lbfgs solver has strengths")
      try refuse("--scheme", scheme?.rawValue, "nothing: only the lbfgs solver has schemes")
    }
    if !kinds.contains(where: { if case .fineTune = $0 { true } else { false } }),
      let name = training.fineTuningOption
    {
      try refuse(name, "given", "nothing: only --protocol finetune looks at it")
    }
    let areTrained = kinds.contains {
      switch $0 {
      case .trainedProbe, .fineTune: true
      case .linearProbe, .zeroShot, .retrieval: false
      }
    }
    if !areTrained, let name = training.stepsOption {
      try refuse(name, "given", "--protocol finetune or --solver adamw, which train by steps")
    }
  }

  /// Refuses options that none of the protocols looks at.
  private func requireTraining(_ protocols: [String]) throws {
    func refuse(_ name: String, _ found: String?, _ why: String) throws {
      guard let found else { return }
      throw EvaluationError(.invalidOption(name: name, found: found, expected: "nothing: \(why)"))
    }
    if protocols.allSatisfy({ $0 == "zero-shot" || $0 == "retrieval" }) {
      let names = Set(protocols).sorted(by: >).joined(separator: " and ")
      try refuse("--shots", shots, "nothing is trained by \(names)")
      try refuse("--seeds", seeds.map(String.init), "nothing is drawn by \(names)")
      try refuse("--threshold", threshold, "no validation samples are seen by \(names)")
      try refuse("--class-weights", classWeights?.rawValue, "nothing is trained by \(names)")
      try refuse("--features", featureName, "projected features are compared by \(names)")
    }
    if !protocols.contains("zero-shot") {
      try refuse("--language", language?.rawValue, "only zero-shot has prompts")
    }
    if !protocols.contains("linear-probe") {
      try refuse("--scaling", scaling?.rawValue, "only a linear probe scales features")
      try refuse("--solver", solver?.rawValue, "only a linear probe has a solver")
    }
  }

  private func applied(to preset: ProtocolPreset) throws -> [ProtocolPreset] {
    switch preset.settings {
    case .retrieval: return [preset]
    case .zeroShot(var settings):
      if let language { settings.language = language }
      return [preset.with(.zeroShot(settings))]
    case .linearProbe(var settings):
      if let scheme { settings.scheme = scheme }
      if let scaling { settings.scaling = scaling }
      if let classWeights { settings.classWeights = classWeights }
      if let strength { settings.strengths = try numbers(strength, of: "--strength") }
      if let rule = try decisionRule() { settings.decision = rule }
      // A fit to the minimum depends on few shots' draws only.
      settings.seeds = try repeats(usual: 5)
      return try shotCounts().map { shots in
        settings.shots = shots
        try settings.validate()
        return preset.with(.linearProbe(settings))
      }
    case .trainedProbe(var settings):
      if let scaling { settings.scaling = scaling }
      training.apply(to: &settings.training, classWeights: weighting)
      if training.epochs != nil { settings.stepLimit = nil }
      if training.patience != nil { settings.patienceSteps = nil }
      if let decays = try training.weightDecays() { settings.weightDecays = decays }
      if let rule = try decisionRule() { settings.decision = rule }
      settings.seeds = try repeats(usual: settings.seeds.count)
      return try shotCounts().map { shots in
        settings.shots = shots
        try settings.validate()
        return preset.with(.trainedProbe(settings))
      }
    case .fineTune(var settings):
      try training.apply(to: &settings, classWeights: weighting)
      if let rule = try decisionRule() { settings.decision = rule }
      settings.seeds = try repeats(usual: settings.seeds.count)
      return try shotCounts().map { shots in
        settings.shots = shots
        try settings.validate()
        return preset.with(.fineTune(settings))
      }
    }
  }

  private var weighting: TrainingSettings.ClassWeighting? {
    classWeights.map { $0 == .balanced ? .balanced : .uniform }
  }

  func repeats(usual: Int) throws -> [UInt64] {
    let count = seeds ?? usual
    guard (1...1000).contains(count) else {
      throw EvaluationError(
        .invalidOption(name: "--seeds", found: "\(count)", expected: "1 to 1000")
      )
    }
    return (0..<UInt64(count)).map { $0 }
  }

  private func decisionRule() throws -> DecisionRule? {
    guard let threshold else { return nil }
    if threshold == "validation" { return .validation }
    guard let number = Double(threshold), (0...1).contains(number) else {
      throw EvaluationError(
        .invalidOption(
          name: "--threshold",
          found: threshold,
          expected: "validation, or a probability from 0 to 1"
        )
      )
    }
    return .fixed(number)
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

extension ProbeSolver: ExpressibleByArgument {}
extension LogisticRegression.Scheme: ExpressibleByArgument {}
extension FeatureScaling: ExpressibleByArgument {}
extension ClassWeights: ExpressibleByArgument {}
extension PromptLanguage: ExpressibleByArgument {}
