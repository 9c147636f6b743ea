/// What a protocol says about the samples of the evaluated split.
package struct ScoredSamples: Equatable, Sendable {
  /// Which samples of the task, in order.
  package var indices: [Int]
  /// Probabilities: N × K, row by row; of a binary task K is 2.
  package var scores: [Double]
  /// Parameters that the protocol chose, by name, such as the strength.
  package var chosen: [(name: String, value: Double)]
  /// What a reader must know, in one line each.
  package var notes: [String]

  /// Whether two are alike.
  package static func == (left: ScoredSamples, right: ScoredSamples) -> Bool {
    left.indices == right.indices && left.scores == right.scores && left.notes == right.notes
      && left.chosen.map(\.name) == right.chosen.map(\.name)
      && left.chosen.map(\.value) == right.chosen.map(\.value)
  }
}
