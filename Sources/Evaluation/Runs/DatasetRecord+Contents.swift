import Datasets
import Results

extension DatasetRecord {
  /// What a run was made on.
  ///
  /// - Parameters:
  ///   - contents: the data set.
  ///   - task: the task's samples.
  ///   - splits: which samples were for what.
  ///   - subset: what part of the training data was used, where not all was.
  init(
    _ contents: DatasetContents,
    _ task: TaskContents,
    _ splits: TaskSplits,
    subset: String?
  ) {
    let counts = task.classCounts(splits.test)
    var checksums = contents.checksums.map { FileChecksum(name: $0.path, sha256: $0.sha256) }
    checksums.append(FileChecksum(name: "splits", sha256: task.checksum(of: splits)))
    self.init(
      name: contents.dataset.name,
      version: contents.dataset.version,
      task: task.task.name,
      taskKind: task.task.kind.rawValue,
      evaluatedSplit: "test",
      evaluatedCount: splits.test.count,
      splits: Self.splits(contents.dataset, splits),
      classes: zip(task.task.classes, counts).map { ClassCount(name: $0, count: $1) },
      subset: subset,
      exclusions: task.exclusions.map {
        Exclusion(name: $0.name, split: $0.split, reason: "\($0.kind.rawValue): \($0.detail)")
      },
      checksums: checksums
    )
  }

  /// The splits' declared and used sizes.
  ///
  /// A validation split that was made is a part of the makers' training split, whose declared size
  /// is compared with both together.
  private static func splits(_ dataset: Dataset, _ splits: TaskSplits) -> [SplitRecord] {
    func declared(_ name: String) -> Int? { dataset.split(name)?.count }
    let isMade = splits.validationOrigin != .makers
    let train = splits.train.count + (isMade ? splits.validation.count : 0)
    return [
      SplitRecord(name: "train", declaredCount: declared("train"), usedCount: train),
      SplitRecord(
        name: isMade ? "validation (of train)" : "validation",
        declaredCount: declared("validation"),
        usedCount: splits.validation.count
      ),
      SplitRecord(name: "test", declaredCount: declared("test"), usedCount: splits.test.count),
    ]
  }
}
