package import Results

/// How often each class was decided for each true class: all that metrics of decisions need.
package struct ConfusionCounts: Equatable, Sendable {
  /// How many classes there are (K).
  package let classCount: Int
  /// K × K counts, row-major: row is the true class, column the decided one.
  package private(set) var counts: [Int]

  /// Counts pairs.
  ///
  /// - Parameters:
  ///   - labels: N true classes in `0..<classCount`.
  ///   - decided: N decided classes in `0..<classCount`.
  ///   - multiplicities: how often each of the N samples counts.
  ///   - classCount: how many classes there are.
  init(labels: [Int], decided: [Int], multiplicities: [Int32], classCount: Int) {
    self.classCount = classCount
    counts = Array(repeating: 0, count: classCount * classCount)
    for sample in labels.indices {
      counts[labels[sample] * classCount + decided[sample]] += Int(multiplicities[sample])
    }
  }

  /// Takes the four counts of one class as those of two classes, the negative one first.
  ///
  /// - Parameter counts: the decisions for one class.
  init(_ counts: BinaryCounts) {
    classCount = 2
    self.counts = [
      counts.trueNegatives, counts.falsePositives, counts.falseNegatives, counts.truePositives,
    ]
  }

  /// How often `decided` was said where `label` is true.
  ///
  /// - Parameters:
  ///   - label: the true class.
  ///   - decided: the decided class.
  package subscript(label: Int, decided: Int) -> Int { counts[label * classCount + decided] }

  /// How many samples there are.
  package var total: Int { counts.reduce(0, +) }

  /// How often each class is true; K numbers.
  package var labelTotals: [Int] {
    (0..<classCount).map { label in
      (0..<classCount).reduce(0) { $0 + self[label, $1] }
    }
  }

  /// How often each class is decided; K numbers.
  package var decidedTotals: [Int] {
    (0..<classCount).map { decided in
      (0..<classCount).reduce(0) { $0 + self[$1, decided] }
    }
  }

  /// How many decisions are right.
  package var diagonal: Int { (0..<classCount).reduce(0) { $0 + self[$1, $1] } }

  /// Each class against the rest; K times four counts.
  package var classCounts: [BinaryCounts] {
    let labelTotals = labelTotals
    let decidedTotals = decidedTotals
    let total = total
    return (0..<classCount).map { index in
      let hits = self[index, index]
      return BinaryCounts(
        truePositives: hits,
        falsePositives: decidedTotals[index] - hits,
        falseNegatives: labelTotals[index] - hits,
        trueNegatives: total - labelTotals[index] - decidedTotals[index] + hits
      )
    }
  }

  /// The counts as results store them.
  ///
  /// - Parameter classNames: K names.
  /// - Returns: K rows of K counts.
  package func matrix(classNames: [String]) -> ConfusionMatrix {
    ConfusionMatrix(
      classes: classNames,
      counts: (0..<classCount).map { label in (0..<classCount).map { self[label, $0] } }
    )
  }
}

extension MulticlassPredictions {
  /// K × K counts, decided by the highest score.
  package var confusionCounts: ConfusionCounts {
    ConfusionCounts(
      labels: labels,
      decided: predicted,
      multiplicities: multiplicities,
      classCount: classCount
    )
  }
}
