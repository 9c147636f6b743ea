import Datasets
import Metrics
import Results

/// The macro AUC of scores, for choosing on validation samples; nil where no class has one.
///
/// - Parameters:
///   - scores: N × K probabilities, row by row.
///   - task: the task.
///   - indices: which N samples.
/// - Returns: the mean over the classes that have one.
/// - Throws: `MetricsError` where a score is not finite.
func macroAUC(_ scores: [Double], of task: TaskContents, _ indices: [Int]) throws -> Double? {
  switch try TaskPredictions(scores, of: task, indices) {
  case .binary(let predictions): binaryAUROC(predictions).number
  case .multiclass(let predictions): multiclassAUROC(predictions).value.number
  case .multilabel(let predictions): multilabelAUROC(predictions).value.number
  }
}

/// Scores and labels in the form that the task's metrics take.
enum TaskPredictions {
  case binary(BinaryPredictions)
  case multiclass(MulticlassPredictions)
  case multilabel(MultilabelPredictions)

  /// Joins scores and labels.
  ///
  /// - Parameters:
  ///   - scores: N × K probabilities, row by row; of a binary task K is 2.
  ///   - task: the task.
  ///   - indices: which N samples.
  ///   - thresholds: from which probability on a class is decided; nil for 0.5.
  /// - Throws: `MetricsError` where a score is not finite.
  init(
    _ scores: [Double],
    of task: TaskContents,
    _ indices: [Int],
    thresholds: [Double]? = nil
  ) throws {
    let classes = task.task.classes
    switch task.labels[indices] {
    case .classes(let labels) where task.task.kind == .binary:
      self = .binary(
        try BinaryPredictions(
          scores: indices.indices.map { scores[2 * $0 + 1] },
          labels: labels.map { $0 == 1 },
          negativeName: classes[0],
          positiveName: classes[1],
          threshold: thresholds?.first ?? 0.5
        )
      )
    case .classes(let labels):
      self = .multiclass(
        try MulticlassPredictions(scores: scores, labels: labels, classNames: classes)
      )
    case .findings(let rows):
      self = .multilabel(
        try MultilabelPredictions(
          scores: scores,
          labels: rows.flatMap { $0.map { $0 == 1 } },
          classNames: classes,
          thresholds: thresholds
        )
      )
    }
  }

  /// All metrics of the task's kind.
  ///
  /// - Parameters:
  ///   - bootstrap: how intervals are made; nil makes none.
  ///   - groups: the number of each sample's patient; nil where patients are unknown.
  /// - Returns: the metrics.
  func report(bootstrap: BootstrapOptions?, groups: [Int]?) -> MetricReport {
    switch self {
    case .binary(let predictions):
      MetricSuite.evaluate(predictions, bootstrap: bootstrap, groups: groups)
    case .multiclass(let predictions):
      MetricSuite.evaluate(predictions, bootstrap: bootstrap, groups: groups)
    case .multilabel(let predictions):
      MetricSuite.evaluate(predictions, bootstrap: bootstrap, groups: groups)
    }
  }
}

extension TaskContents {
  /// The number of each sample's group, so that a patient's eyes are resampled together.
  ///
  /// - Parameter indices: which samples.
  /// - Returns: one number per sample; nil where no sample has a group.
  func groupNumbers(_ indices: [Int]) -> [Int]? {
    numbersOfGroups(indices.map { (samples[$0].id, samples[$0].group) })
  }
}

/// The number of each sample's group; a sample without one has a number of its own.
///
/// - Parameter samples: each sample's id and group.
/// - Returns: one number per sample; nil where none has a group.
func numbersOfGroups(_ samples: [(id: Sample.ID, group: String?)]) -> [Int]? {
  guard samples.contains(where: { $0.group != nil }) else { return nil }
  var numbers: [String: Int] = [:]
  return samples.map { sample in
    let name = sample.group.map { "g\($0)" } ?? "s\(sample.id)"
    let number = numbers[name] ?? numbers.count
    numbers[name] = number
    return number
  }
}
