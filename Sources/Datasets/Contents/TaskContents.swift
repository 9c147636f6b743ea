/// The labels of N samples.
package enum TaskLabels: Sendable, Equatable {
  /// N class indices in `0..<K`; of a binary or multiclass task.
  case classes([Int])
  /// N rows of K values of 0 and 1; of a multilabel task.
  case findings([[Int]])

  /// How many samples there are.
  package var count: Int {
    switch self {
    case .classes(let labels): labels.count
    case .findings(let rows): rows.count
    }
  }

  /// The labels at these indices, in their order.
  ///
  /// - Parameter indices: each in `0..<N`.
  package subscript(indices: [Int]) -> TaskLabels {
    switch self {
    case .classes(let labels): .classes(indices.map { labels[$0] })
    case .findings(let rows): .findings(indices.map { rows[$0] })
    }
  }

  /// The classes (findings) of one sample.
  ///
  /// - Parameter index: in `0..<N`.
  /// - Returns: class indices in rising order; none for a sample without any finding.
  package func positives(at index: Int) -> [Int] {
    switch self {
    case .classes(let labels): [labels[index]]
    case .findings(let rows): rows[index].indices.filter { rows[index][$0] == 1 }
    }
  }
}

/// A data set seen from one task: the samples that have its label.
package struct TaskContents: Sendable {
  /// The set.
  package let dataset: Dataset
  /// The task.
  package let task: TaskDescription
  /// N samples: the makers' splits in the order of the description, in each by id.
  package let samples: [Sample]
  /// N rising indices: where each sample stands in `DatasetContents.samples`.
  package let positions: [Int]
  /// Their labels.
  package let labels: TaskLabels
  /// What was left out of this task or of all, by name.
  package let exclusions: [SampleExclusion]
  /// What a reader of a score must know, one line each.
  package let warnings: [String]

  /// The samples of one of the makers' splits.
  ///
  /// - Parameter split: one of `SplitDescription.names`.
  /// - Returns: indices in `samples`, in rising order; empty where the set has no such split.
  package func indices(ofSplit split: String) -> [Int] {
    samples.indices.filter { samples[$0].split == split }
  }

  /// How many of some samples belong to (multilabel: carry) each class.
  ///
  /// - Parameter indices: of samples.
  /// - Returns: K counts.
  package func classCounts(_ indices: [Int]) -> [Int] {
    var counts = Array(repeating: 0, count: task.classes.count)
    for index in indices {
      for positive in labels.positives(at: index) { counts[positive] += 1 }
    }
    return counts
  }
}

extension DatasetContents {
  /// The set seen from one of its tasks.
  ///
  /// - Parameter task: one of `dataset.tasks`.
  /// - Returns: the samples with a label of that task.
  /// - Throws: `DatasetsError` where one of the makers' splits has no sample with this label.
  package func contents(of task: TaskDescription) throws -> TaskContents {
    let positions = samples.indices.filter { samples[$0].labels[task.name] != nil }
    let labelled = positions.map { samples[$0] }
    let exclusions = exclusions.filter { $0.task == nil || $0.task == task.name }
    for split in splitCounts where !labelled.contains(where: { $0.split == split.name }) {
      let names = exclusions.filter { $0.split == split.name }.map(\.description)
      throw DatasetsError(
        .emptySplit(split: split.name, excluded: names),
        path: root?.shortPath ?? dataset.place
      )
    }
    let contents = TaskContents(
      dataset: dataset,
      task: task,
      samples: labelled,
      positions: positions,
      labels: labels(of: task, labelled),
      exclusions: exclusions,
      warnings: warnings
    )
    return contents.addingWarnings(contents.classCountWarnings)
  }

  private func labels(of task: TaskDescription, _ samples: [Sample]) -> TaskLabels {
    guard task.kind == .multilabel else {
      return .classes(
        samples.compactMap {
          if case .classIndex(let index)? = $0.labels[task.name] { index } else { nil }
        }
      )
    }
    return .findings(
      samples.compactMap {
        if case .findings(let bits)? = $0.labels[task.name] { bits } else { nil }
      }
    )
  }
}

extension TaskContents {
  fileprivate func addingWarnings(_ more: [String]) -> TaskContents {
    TaskContents(
      dataset: dataset,
      task: task,
      samples: samples,
      positions: positions,
      labels: labels,
      exclusions: exclusions,
      warnings: warnings + more
    )
  }

  /// Where a split has its declared size but other class counts than declared, and where a class
  /// has no sample at all.
  fileprivate var classCountWarnings: [String] {
    var warnings: [String] = []
    for split in dataset.splits {
      let indices = indices(ofSplit: split.name)
      let found = classCounts(indices)
      if let declared = task.classCounts[split.name], split.count == indices.count,
        declared != found
      {
        warnings.append(
          "‘\(task.name)’, split ‘\(split.name)’: class counts are \(found), declared \(declared): "
            + "the labels aren't the published ones"
        )
      }
      for (name, count) in zip(task.classes, found) where count == 0 {
        warnings.append(
          "‘\(task.name)’, split ‘\(split.name)’: no sample of ‘\(name)’; "
            + "its own scores are undefined there"
        )
      }
    }
    return warnings
  }
}
