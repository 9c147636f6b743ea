/// Everything that one run of a protocol says: the content of `result.json`.
///
/// A number without its protocol is no result: what was run on what, with which weights, on which
/// machine, and what was left out, stand beside the metrics.
package struct RunResult: Codable, Equatable, Sendable {
  /// The newest version of the file that this program writes and reads.
  package static let currentSchemaVersion = 1

  /// The version of the file's structure.
  package private(set) var schemaVersion = RunResult.currentSchemaVersion
  /// Which run this is and how it ended.
  package var run: RunRecord
  /// How the numbers were made.
  package var evaluationProtocol: ProtocolRecord
  /// What they were made on.
  package var dataset: DatasetRecord
  /// What was evaluated.
  package var model: ModelRecord
  /// The metrics over all classes, each the mean over the repeats.
  package var metrics: [MetricRecord]
  /// The metrics of each class, where the protocol has classes.
  package var classMetrics: [ClassRecord]
  /// Which classes were taken for which, where the task has one label per sample.
  package var confusionMatrix: ConfusionMatrix?
  /// Curves to draw, such as one ROC curve per class.
  package var curves: [Curve]
  /// Each repeat's seed and values.
  package var repeats: [RepeatRecord]
  /// How each repeat was trained; absent where nothing was trained by steps.
  package var training: [TrainingRecord]?
  /// The program, the machine and the libraries.
  package var environment: Environment
  /// The files written beside the result.
  package var artefacts: [Artefact]
  /// Those of them that reports show; absent where there are none.
  package var pictures: [PictureRecord]?

  /// Puts a result together.
  package init(
    run: RunRecord,
    evaluationProtocol: ProtocolRecord,
    dataset: DatasetRecord,
    model: ModelRecord,
    metrics: [MetricRecord] = [],
    classMetrics: [ClassRecord] = [],
    confusionMatrix: ConfusionMatrix? = nil,
    curves: [Curve] = [],
    repeats: [RepeatRecord] = [],
    training: [TrainingRecord]? = nil,
    environment: Environment,
    artefacts: [Artefact] = [],
    pictures: [PictureRecord]? = nil
  ) {
    self.run = run
    self.evaluationProtocol = evaluationProtocol
    self.dataset = dataset
    self.model = model
    self.metrics = metrics
    self.classMetrics = classMetrics
    self.confusionMatrix = confusionMatrix
    self.curves = curves
    self.repeats = repeats
    self.training = training
    self.environment = environment
    self.artefacts = artefacts
    self.pictures = pictures
  }

  private enum CodingKeys: String, CodingKey {
    case schemaVersion, run, dataset, model, metrics, classMetrics, confusionMatrix, curves
    case repeats, training, environment, artefacts, pictures
    case evaluationProtocol = "protocol"
  }
}
