package import Results

/// What a protocol says about the samples of the evaluated split.
package struct ScoredSamples: Sendable {
  /// Which samples of the task, in order.
  package var indices: [Int]
  /// Probabilities: N × K, row by row; of a binary task K is 2.
  package var scores: [Double]
  /// From which probability on a class is decided: 1 for a binary task, K for findings; nil for 0.5,
  /// and where the likeliest class is decided.
  package var thresholds: [Double]?
  /// Parameters that the protocol chose, by name, such as the strength.
  package var chosen: [(name: String, value: Double)]
  /// What a reader must know, in one line each.
  package var notes: [String]
  /// How the classifier was trained; nil where nothing was trained by steps.
  package var training: TrainingRecord?
  /// Why there are no scores; nil where there are.
  package var failure: String?
}
