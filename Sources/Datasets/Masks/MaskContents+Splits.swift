extension MaskContents {
  /// The makers' splits, and group-respecting shares where they made none; see `TaskContents.splits`.
  ///
  /// Where a missing file means that a class is absent, shares have each class about equally often.
  ///
  /// - Parameter options: shares and seed.
  /// - Returns: three disjoint lists of indices in `samples` that together hold all of them.
  /// - Throws: `DatasetsError` where a share is outside of (0, 1) or leaves a split empty.
  package func splits(_ options: SplitOptions = SplitOptions()) throws -> TaskSplits {
    try presence.splits(options)
  }

  /// Divides samples into parts of equal size; see `TaskContents.folds`.
  ///
  /// - Parameters:
  ///   - count: how many parts, at least 2; as many as there are samples to leave one out at a time.
  ///   - indices: the samples to divide.
  ///   - seed: of the random order.
  /// - Returns: `count` disjoint lists in rising order that together hold `indices`.
  /// - Throws: `DatasetsError` where there are fewer samples or groups than parts.
  package func folds(_ count: Int, of indices: [Int], seed: UInt64) throws -> [[Int]] {
    try presence.folds(count, of: indices, seed: seed)
  }

  /// A text that says where each sample is; see `TaskContents.listing`.
  ///
  /// - Parameter splits: of this task.
  /// - Returns: a line per sample: split, tab, id.
  package func listing(of splits: TaskSplits) -> String {
    presence.listing(of: splits)
  }

  /// The SHA-256 of `listing(of:)`.
  ///
  /// - Parameter splits: of this task.
  /// - Returns: 64 hexadecimal digits.
  package func checksum(of splits: TaskSplits) -> String {
    presence.checksum(of: splits)
  }

  /// The task as one of labels: which classes have a mask in which photograph.
  private var presence: TaskContents {
    let rows = samples.map { $0.masks.source.presence(task.classes.count) }
    return TaskContents(
      dataset: dataset,
      task: TaskDescription(
        name: task.name,
        title: task.title,
        kind: .multilabel,
        classes: task.classes,
        isOrdered: false,
        labels: .columns(task.classes),
        classCounts: [:],
        prompts: []
      ),
      samples: samples.map {
        Sample(
          id: $0.id,
          source: $0.image,
          split: $0.split,
          group: $0.group,
          report: nil,
          labels: [:],
          masks: [task.name: $0.masks]
        )
      },
      positions: Array(samples.indices),
      labels: .findings(rows),
      exclusions: exclusions,
      warnings: warnings
    )
  }
}
