package import Datasets
import Metrics

/// From which probability on a sample is decided to be positive, in binary and multilabel tasks.
package enum DecisionRule: Equatable, Sendable {
  /// From the threshold on that gives the highest F1 on validation samples, one for each finding.
  case validation
  /// From this probability on.
  case fixed(Double)

  /// As results write it.
  package var name: String {
    switch self {
    case .validation: "highest F1 on validation"
    case .fixed(let threshold): "\(threshold)"
    }
  }

  /// Whether validation samples have to be scored for a task.
  package func needsValidation(_ task: TaskContents) -> Bool {
    self == .validation && task.task.kind != .multiclass
  }

  /// The thresholds of a task.
  ///
  /// - Parameters:
  ///   - scores: the probabilities of validation samples, N × K; nil where there are none.
  ///   - task: the task.
  ///   - indices: which N samples.
  /// - Returns: one per class that is decided (1 for a binary task, K for findings), with what a
  ///   reader must know; nil for a multiclass task, whose likeliest class is decided.
  package func thresholds(
    _ scores: [Double]?,
    of task: TaskContents,
    _ indices: [Int]
  ) -> (values: [Double], notes: [String])? {
    let classes = task.task.classes
    guard task.task.kind != .multiclass else { return nil }
    let decided = task.task.kind == .binary ? [1] : Array(classes.indices)
    switch self {
    case .fixed(let threshold):
      return (Array(repeating: threshold, count: decided.count), [])
    case .validation:
      var notes: [String] = []
      let values = decided.map { index in
        let labels = indices.map { task.labels.positives(at: $0).contains(index) }
        let column = scores.map { scores in
          indices.indices.map { scores[$0 * classes.count + index] }
        }
        if let best = column.flatMap({ thresholdOfBestF1(scores: $0, labels: labels) }) {
          return best.threshold
        }
        notes.append("no validation sample shows \(classes[index]): it is decided from 0.5 on")
        return 0.5
      }
      return (values, notes)
    }
  }
}
