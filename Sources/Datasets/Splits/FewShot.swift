/// A small training set: k samples of each class.
package struct FewShotSubset: Sendable, Equatable {
  /// Indices in `TaskContents.samples`, in rising order.
  package let indices: [Int]
  /// K counts of the samples that belong to (multilabel: carry) each class.
  package let classCounts: [Int]
  /// One line for each class that has fewer samples than asked for.
  package let warnings: [String]
}

extension TaskContents {
  /// Takes k samples of each class, or all of a class that has fewer.
  ///
  /// Subsets of one seed are nested: the 5-shot set contains the 1-shot set. Of a multilabel task,
  /// the first k carriers of each finding and the first k samples without any are taken, so that a
  /// common finding may have more than k.
  ///
  /// - Parameters:
  ///   - shots: k, at least 1.
  ///   - indices: the samples to take from: those of train.
  ///   - seed: of the random order.
  /// - Returns: the samples, and which classes fall short.
  package func fewShot(_ shots: Int, of indices: [Int], seed: UInt64) -> FewShotSubset {
    precondition(shots >= 1, "a few-shot subset has at least 1 sample of each class, not \(shots)")
    let order = SampleOrder(seed: seed, purpose: .fewShot)
    let shuffled = order.sorted(indices, ids: samples.map(\.id))
    var taken: Set<Int> = []
    var seen = Array(repeating: 0, count: task.classes.count + 1)
    for index in shuffled {
      let positives = labels.positives(at: index)
      for stratum in positives.isEmpty ? [task.classes.count] : positives {
        if seen[stratum] < shots { taken.insert(index) }
        seen[stratum] += 1
      }
    }
    let chosen = taken.sorted()
    let warnings = zip(task.classes, seen).filter { $0.1 < shots }.map { name, count in
      "‘\(task.name)’: ‘\(name)’ has \(count) training samples, fewer than \(shots) per class"
    }
    return FewShotSubset(indices: chosen, classCounts: classCounts(chosen), warnings: warnings)
  }
}
