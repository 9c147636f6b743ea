/// One score per sample and class, and the one class that each sample belongs to.
///
/// N samples, K classes. The predicted class is the one with the highest score; among equal scores
/// the first, as NumPy's `argmax` has it. Scores may be logits or probabilities; log loss needs
/// probabilities and is undefined otherwise.
package struct MulticlassPredictions: Predictions {
  /// K names of classes, for reasons and tables.
  package let classNames: [String]
  /// N × K scores, row-major.
  package let scores: [Double]
  /// N labels in `0..<K`.
  package let labels: [Int]
  /// N predicted classes in `0..<K`.
  package let predicted: [Int]
  /// How often each sample counts; N numbers.
  package private(set) var multiplicities: [Int32]

  private let sharedRankings = Lazily<[Ranking]>()
  private let sharedLosses = Lazily<SampleLosses>()

  /// Validates predictions.
  ///
  /// - Parameters:
  ///   - scores: N × K finite scores, row-major.
  ///   - labels: N labels in `0..<K`.
  ///   - classNames: K ≥ 2 names of classes.
  /// - Throws: `MetricsError` when lengths don't fit, a label is outside the range, a score is not
  ///   finite or two classes have one name.
  package init(scores: [Double], labels: [Int], classNames: [String]) throws {
    let subject = "multi-class predictions"
    let classCount = classNames.count
    try requireClasses(classNames, atLeast: 2, in: subject)
    try requireCount(scores.count, of: "scores", expected: labels.count * classCount, in: subject)
    if let row = labels.firstIndex(where: { $0 < 0 || $0 >= classCount }) {
      throw MetricsError(
        .labelOutOfRange(row: row, found: labels[row], classCount: classCount),
        in: subject
      )
    }
    try requireFinite(scores, columns: classCount, in: subject)
    self.classNames = classNames
    self.scores = scores
    self.labels = labels
    predicted = labels.indices.map { firstOfHighest(scores, row: $0, columns: classCount) }
    multiplicities = Array(repeating: 1, count: labels.count)
  }

  /// How many classes there are (K).
  package var classCount: Int { classNames.count }

  /// How many samples there are (N).
  package var sampleCount: Int { labels.count }

  /// The same samples, counted otherwise.
  ///
  /// - Parameter multiplicities: how often each sample counts; N numbers, none negative.
  /// - Returns: predictions that share everything else with these.
  package func counted(_ multiplicities: [Int32]) -> MulticlassPredictions {
    requireMultiplicities(multiplicities, sampleCount)
    var copy = self
    copy.multiplicities = multiplicities
    return copy
  }

  /// Per class, the samples in decreasing order of that class's score; K rankings.
  var rankings: [Ranking] {
    sharedRankings {
      let samples = labels.indices.map { Int32($0) }
      return classNames.indices.map { index in
        Ranking(
          scores: column(index, of: scores, columns: classCount),
          isPositive: labels.map { $0 == index },
          samples: samples
        )
      }
    }
  }

  /// Per class, what a walk down its ranking yields, and how reasons call the class.
  var rankingSummaries: [(RankingSummary, String)] {
    zip(rankings, classNames).map { (RankingSummary($0, multiplicities), quoted($1)) }
  }

  /// Each sample's logarithmic loss, or why there is none: rows lie in 0...1 and sum to 1 ± 1e-4.
  var losses: SampleLosses {
    sharedLosses {
      if let defect = outsideUnitInterval(scores, columns: classCount) {
        return .undefined(reason: defect)
      }
      for row in labels.indices {
        let sum = scores[row * classCount..<(row + 1) * classCount].reduce(0, +)
        if abs(sum - 1) > 1e-4 {
          return .undefined(reason: "the scores of row \(row) sum to \(sum), not to 1")
        }
      }
      return .values(
        labels.indices.map { logLoss(ofProbability: scores[$0 * classCount + labels[$0]]) }
      )
    }
  }
}

/// One column of a row-major matrix.
func column<Element>(_ index: Int, of matrix: [Element], columns: Int) -> [Element] {
  stride(from: index, to: matrix.count, by: columns).map { matrix[$0] }
}

/// The first column with the highest score of a row.
private func firstOfHighest(_ scores: [Double], row: Int, columns: Int) -> Int {
  var best = 0
  for column in 1..<columns where scores[row * columns + column] > scores[row * columns + best] {
    best = column
  }
  return best
}
