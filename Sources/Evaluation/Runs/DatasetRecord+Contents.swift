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
      splits: SplitRecord.records(
        contents.dataset,
        validationFrom: splits.validationOrigin,
        train: splits.train.count,
        validation: splits.validation.count,
        test: splits.test.count
      ),
      classes: zip(task.task.classes, counts).map { ClassCount(name: $0, count: $1) },
      subset: subset,
      exclusions: task.exclusions.map {
        Exclusion(name: $0.name, split: $0.split, reason: "\($0.kind.rawValue): \($0.detail)")
      },
      checksums: checksums
    )
  }
}

extension SplitRecord {
  /// The splits' declared and used sizes: train, validation, test.
  ///
  /// A validation split that was made is a part of the makers' training split, whose declared size
  /// is compared with both together.
  ///
  /// - Parameters:
  ///   - dataset: declares sizes.
  ///   - origin: where the validation split comes from.
  ///   - train: how many samples are trained on.
  ///   - validation: how many choose.
  ///   - test: how many are evaluated.
  /// - Returns: three records.
  static func records(
    _ dataset: Dataset,
    validationFrom origin: TaskSplits.Origin,
    train: Int,
    validation: Int,
    test: Int
  ) -> [SplitRecord] {
    func declared(_ name: String) -> Int? { dataset.split(name)?.count }
    let isMade = origin != .makers
    return [
      SplitRecord(
        name: "train",
        declaredCount: declared("train"),
        usedCount: train + (isMade ? validation : 0)
      ),
      SplitRecord(
        name: isMade ? "validation (of train)" : "validation",
        declaredCount: declared("validation"),
        usedCount: validation
      ),
      SplitRecord(name: "test", declaredCount: declared("test"), usedCount: test),
    ]
  }

  /// Why a run isn't trusted whose split lacks samples that the makers have; nil where none lacks.
  var shortfall: String? {
    guard let declaredCount, usedCount < declaredCount else { return nil }
    return "the \(name) split has \(usedCount) of \(declaredCount) declared samples"
  }
}
