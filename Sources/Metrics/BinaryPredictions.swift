/// One score per sample for the positive class, and whether the sample is positive.
///
/// N samples. Any finite score will do for metrics that rank or decide; log loss needs
/// probabilities and is undefined otherwise.
package struct BinaryPredictions: Predictions {
  /// The names of the negative and of the positive class.
  package let classNames: [String]
  /// N scores; a higher one speaks for the positive class.
  package let scores: [Double]
  /// N labels; true is positive.
  package let labels: [Bool]
  /// A sample is decided positive when its score is at least this.
  package let threshold: Double
  /// How often each sample counts; N numbers.
  package private(set) var multiplicities: [Int32]

  private let sharedRanking = Lazily<Ranking>()
  private let sharedLosses = Lazily<SampleLosses>()

  /// Validates predictions.
  ///
  /// - Parameters:
  ///   - scores: N finite scores of the positive class.
  ///   - labels: N labels; true is positive.
  ///   - negativeName: the name of the negative class.
  ///   - positiveName: the name of the positive class.
  ///   - threshold: a sample is decided positive when its score is at least this; finite.
  /// - Throws: `MetricsError` when lengths differ, names are equal or a number is not finite.
  package init(
    scores: [Double],
    labels: [Bool],
    negativeName: String = "negative",
    positiveName: String = "positive",
    threshold: Double = 0.5
  ) throws {
    let subject = "binary predictions"
    try requireClasses([negativeName, positiveName], atLeast: 2, in: subject)
    try requireCount(scores.count, of: "scores", expected: labels.count, in: subject)
    try requireFinite(scores, columns: 1, in: subject)
    try requireThreshold(threshold, in: subject)
    classNames = [negativeName, positiveName]
    self.scores = scores
    self.labels = labels
    self.threshold = threshold
    multiplicities = Array(repeating: 1, count: labels.count)
  }

  /// How many samples there are (N).
  package var sampleCount: Int { labels.count }

  /// The name of the positive class.
  package var positiveName: String { classNames[1] }

  /// Whether each sample is decided positive; N decisions.
  package var decisions: [Bool] { scores.map { $0 >= threshold } }

  /// The same samples, counted otherwise.
  ///
  /// - Parameter multiplicities: how often each sample counts; N numbers, none negative.
  /// - Returns: predictions that share everything else with these.
  package func counted(_ multiplicities: [Int32]) -> BinaryPredictions {
    requireMultiplicities(multiplicities, sampleCount)
    var copy = self
    copy.multiplicities = multiplicities
    return copy
  }

  /// The samples in decreasing order of score.
  var ranking: Ranking {
    sharedRanking {
      Ranking(scores: scores, isPositive: labels, samples: labels.indices.map { Int32($0) })
    }
  }

  /// Each sample's logarithmic loss, or why there is none.
  var losses: SampleLosses {
    sharedLosses {
      if let defect = outsideUnitInterval(scores, columns: 1) { return .undefined(reason: defect) }
      return .values(zip(scores, labels).map { logLoss(ofProbability: $1 ? $0 : 1 - $0) })
    }
  }
}
