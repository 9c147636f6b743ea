/// One score per sample and class, and for each class whether the sample shows it.
///
/// N samples, K classes that may occur together or not at all. Scores may be logits or
/// probabilities; log loss needs probabilities and is undefined otherwise.
package struct MultilabelPredictions: Predictions {
  /// K names of classes, for reasons and tables.
  package let classNames: [String]
  /// N × K scores, row-major.
  package let scores: [Double]
  /// N × K labels, row-major.
  package let labels: [Bool]
  /// K thresholds: a class is decided present when its score is at least this.
  package let thresholds: [Double]
  /// How many samples there are (N).
  package let sampleCount: Int
  /// How often each sample counts; N numbers.
  package private(set) var multiplicities: [Int32]

  private let sharedRankings = Lazily<[Ranking]>()
  private let sharedPooledRanking = Lazily<Ranking>()
  private let sharedLosses = Lazily<SampleLosses>()

  /// Validates predictions.
  ///
  /// - Parameters:
  ///   - scores: N × K finite scores, row-major.
  ///   - labels: N × K labels, row-major.
  ///   - classNames: K ≥ 1 names of classes.
  ///   - thresholds: K finite decision thresholds; nil stands for 0.5 everywhere.
  /// - Throws: `MetricsError` when lengths don't fit, a number is not finite or two classes have one
  ///   name.
  package init(
    scores: [Double],
    labels: [Bool],
    classNames: [String],
    thresholds: [Double]? = nil
  ) throws {
    let subject = "multi-label predictions"
    let classCount = classNames.count
    try requireClasses(classNames, atLeast: 1, in: subject)
    let wholeRows = labels.count / classCount * classCount
    try requireCount(labels.count, of: "labels", expected: wholeRows, in: subject)
    try requireCount(scores.count, of: "scores", expected: labels.count, in: subject)
    try requireFinite(scores, columns: classCount, in: subject)
    let thresholds = thresholds ?? Array(repeating: 0.5, count: classCount)
    try requireCount(thresholds.count, of: "thresholds", expected: classCount, in: subject)
    for threshold in thresholds { try requireThreshold(threshold, in: subject) }
    self.classNames = classNames
    self.scores = scores
    self.labels = labels
    self.thresholds = thresholds
    sampleCount = labels.count / classCount
    multiplicities = Array(repeating: 1, count: sampleCount)
  }

  /// How many classes there are (K).
  package var classCount: Int { classNames.count }

  /// The same samples, counted otherwise.
  ///
  /// - Parameter multiplicities: how often each sample counts; N numbers, none negative.
  /// - Returns: predictions that share everything else with these.
  package func counted(_ multiplicities: [Int32]) -> MultilabelPredictions {
    requireMultiplicities(multiplicities, sampleCount)
    var copy = self
    copy.multiplicities = multiplicities
    return copy
  }

  /// Whether a sample is decided to show a class, entry by entry; N × K decisions, row-major.
  package var decisions: [Bool] {
    scores.indices.map { scores[$0] >= thresholds[$0 % classCount] }
  }

  /// Per class, the samples in decreasing order of that class's score; K rankings.
  var rankings: [Ranking] {
    sharedRankings {
      let samples = (0..<sampleCount).map { Int32($0) }
      return classNames.indices.map { index in
        Ranking(
          scores: column(index, of: scores, columns: classCount),
          isPositive: column(index, of: labels, columns: classCount),
          samples: samples
        )
      }
    }
  }

  /// Per class, what a walk down its ranking yields, and how reasons call the class.
  var rankingSummaries: [(RankingSummary, String)] {
    zip(rankings, classNames).map { (RankingSummary($0, multiplicities), quoted($1)) }
  }

  /// All N · K entries in one decreasing order of score.
  var pooledRanking: Ranking {
    sharedPooledRanking {
      Ranking(
        scores: scores,
        isPositive: labels,
        samples: labels.indices.map { Int32($0 / classCount) }
      )
    }
  }

  /// Each sample's logarithmic loss, the mean over its K decisions, or why there is none.
  var losses: SampleLosses {
    sharedLosses {
      if let defect = outsideUnitInterval(scores, columns: classCount) {
        return .undefined(reason: defect)
      }
      return .values(
        (0..<sampleCount).map { sample in
          let entries = sample * classCount..<(sample + 1) * classCount
          let sum = entries.reduce(0.0) { sum, entry in
            sum + logLoss(ofProbability: labels[entry] ? scores[entry] : 1 - scores[entry])
          }
          return sum / Double(classCount)
        }
      )
    }
  }
}
