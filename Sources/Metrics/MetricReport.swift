package import Results

/// Everything that a suite says about one set of predictions, in the records of a result.
package struct MetricReport: Equatable, Sendable {
  /// The metrics over all classes, in the suite's order.
  package let metrics: [MetricRecord]
  /// The metrics of each class, in label order.
  package let classMetrics: [ClassRecord]
  /// Which classes were taken for which; nil in a multi-label task.
  package let confusionMatrix: ConfusionMatrix?
  /// One ROC and one precision-recall curve per class that has them.
  package let curves: [Curve]
  /// What is to be known about intervals: those that are missing and those of fewer replicates.
  package let intervalNotes: [IntervalNote]
  /// Why a reader should mistrust the predictions, though the metrics are right.
  package let mistrustReasons: [String]
}

/// Why an interval is missing, or rests on fewer replicates than were drawn.
package struct IntervalNote: Equatable, Sendable {
  /// The metric's identifier.
  package let identifier: String
  /// How classes were put together.
  package let averaging: Averaging
  /// The class; nil over all classes.
  package let className: String?
  /// Whether there is no interval at all.
  package let isMissing: Bool
  /// How many replicates have no value.
  package let undefinedReplicates: Int
  /// How many replicates were drawn.
  package let replicates: Int
  /// Why the first replicate without a value has none.
  package let reason: String
}

extension IntervalNote: CustomStringConvertible {
  /// One line, such as `auc (macro): no interval, 374 of 1000 resamples have no value: …`.
  package var description: String {
    let scope = className.map { ", \(quoted($0))" } ?? ""
    let consequence = isMissing ? "no interval, " : "interval without some resamples, "
    return "\(identifier) (\(averaging.rawValue)\(scope)): \(consequence)"
      + "\(undefinedReplicates) of \(replicates) resamples have no value: \(reason)"
  }
}
