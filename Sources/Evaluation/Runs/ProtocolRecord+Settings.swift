import Datasets
import Imaging
import Metrics
import Models
import Optimizers
import Results
import Training

extension ProtocolSettings {
  /// The settings as they were used, in a fixed order.
  ///
  /// - Parameters:
  ///   - preset: the preset's name that they started from.
  ///   - kind: which features the protocol worked on.
  ///   - preprocessing: how pictures were prepared.
  ///   - options: what the user chose for all runs.
  /// - Returns: the record.
  func record(
    preset: String,
    kind: ImageFeatureKind,
    preprocessing: Preprocessing,
    options: EvaluationOptions
  ) -> ProtocolRecord {
    var parameters: [Parameter]
    switch self {
    case .zeroShot(let settings):
      parameters = [
        Parameter("language", .text(settings.language.rawValue)),
        Parameter("normalizes prototypes", .flag(settings.normalizesPrototypes)),
      ]
    case .retrieval(let settings):
      // Nothing is divided or drawn: the splits' options have no effect.
      return ProtocolRecord(
        name: name,
        version: Self.version,
        preset: preset,
        parameters: [
          Parameter("right candidates", .text(settings.match.rawValue)),
          Parameter("ties", .text(settings.ties.rawValue)),
          Parameter("eye marks", .text(LeadingEyeMark.rule)),
          Parameter("preprocessing", .text(preprocessing.identifier)),
          Parameter("bootstrap replicates", .integer(options.bootstrap?.replicates ?? 0)),
        ]
      )
    case .linearProbe(let settings):
      parameters = [
        Parameter("solver", .text("lbfgs")),
        Parameter("scaling", .text(settings.scaling.rawValue)),
        Parameter("scheme", .text(settings.scheme.rawValue)),
        Parameter("strengths", .list(settings.strengths.map { .real($0) })),
        Parameter("class weights", .text(settings.classWeights.rawValue)),
        Parameter("evaluation limit", .integer(settings.evaluationLimit)),
        Parameter("refits with validation", .flag(settings.refitsWithValidation)),
        Parameter("decision threshold", .text(settings.decision.name)),
        Parameter("shots per class", settings.shots.map { .integer($0) } ?? .text("full")),
        Parameter("seeds", .list(settings.seeds.map { .text(String($0)) })),
      ]
    case .trainedProbe(let settings):
      parameters = [
        Parameter("solver", .text("steps")),
        Parameter("scaling", .text(settings.scaling.rawValue)),
        Parameter("loss", .text(settings.loss.rawValue)),
        Parameter("weight decays", .list(settings.weightDecays.map { .real($0) })),
        Parameter("step limit", settings.stepLimit.map { .integer($0) } ?? .none),
        Parameter("patience in steps", settings.patienceSteps.map { .integer($0) } ?? .none),
        Parameter("decision threshold", .text(settings.decision.name)),
        Parameter("shots per class", settings.shots.map { .integer($0) } ?? .text("full")),
        Parameter("seeds", .list(settings.seeds.map { .text(String($0)) })),
      ]
      parameters += settings.training.parameters.filter { $0.name != "weight decay" }
    case .fineTune(let settings):
      parameters = settings.facts(kind).map { Parameter($0.name, .text($0.value)) }
      parameters.append(Parameter("seeds", .list(settings.seeds.map { .text(String($0)) })))
      parameters += settings.training.parameters
    }
    parameters += [
      Parameter("validation share", .real(options.splits.validationShare)),
      Parameter("split seed", .text(String(options.splits.seed))),
      Parameter("preprocessing", .text(preprocessing.identifier)),
      Parameter("bootstrap replicates", .integer(options.bootstrap?.replicates ?? 0)),
    ]
    return ProtocolRecord(
      name: name,
      version: Self.version,
      preset: preset,
      parameters: parameters
    )
  }
}

extension TrainingSettings {
  /// The settings as a result records them; the seed stands with the protocol's seeds.
  fileprivate var parameters: [Parameter] {
    facts.filter { $0.name != "seed" }.map { Parameter($0.name, .text($0.value)) }
  }
}
