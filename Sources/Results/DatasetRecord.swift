/// What the numbers were made on.
package struct DatasetRecord: Codable, Equatable, Sendable {
  /// The data set's name in `datasets.yaml`.
  package var name: String
  /// Its version there.
  package var version: Int
  /// What the labels mean, such as `dr-grade`, where a set has more than one task.
  package var task: String?
  /// `binary`, `multiclass`, `multilabel`, `segmentation` or `retrieval`.
  package var taskKind: String
  /// The split that the metrics were computed on.
  package var evaluatedSplit: String
  /// How many samples of that split the metrics were computed on.
  package var evaluatedCount: Int
  /// Each split's declared and used size.
  package var splits: [SplitRecord]
  /// The classes with their counts in the evaluated split, in label order.
  package var classes: [ClassCount]
  /// What part of the data was used, where not all was, such as "5 per class, seed 1".
  package var subset: String?
  /// The samples left out, by name.
  package var exclusions: [Exclusion]
  /// The files that the data was read from.
  package var checksums: [FileChecksum]

  /// Records a data set.
  package init(
    name: String,
    version: Int,
    task: String? = nil,
    taskKind: String,
    evaluatedSplit: String,
    evaluatedCount: Int,
    splits: [SplitRecord] = [],
    classes: [ClassCount] = [],
    subset: String? = nil,
    exclusions: [Exclusion] = [],
    checksums: [FileChecksum] = []
  ) {
    self.name = name
    self.version = version
    self.task = task
    self.taskKind = taskKind
    self.evaluatedSplit = evaluatedSplit
    self.evaluatedCount = evaluatedCount
    self.splits = splits
    self.classes = classes
    self.subset = subset
    self.exclusions = exclusions
    self.checksums = checksums
  }
}

/// A split's size on paper and in the run.
package struct SplitRecord: Codable, Equatable, Sendable {
  /// `train`, `validation` or `test`.
  package var name: String
  /// How many samples `datasets.yaml` declares; absent where the split was made by the program.
  package var declaredCount: Int?
  /// How many were used.
  package var usedCount: Int

  /// Records a split.
  package init(name: String, declaredCount: Int?, usedCount: Int) {
    self.name = name
    self.declaredCount = declaredCount
    self.usedCount = usedCount
  }
}

/// A class and how many samples of the evaluated split carry it.
package struct ClassCount: Codable, Equatable, Sendable {
  /// The class.
  package var name: String
  /// Its samples in the evaluated split.
  package var count: Int

  /// Records a class.
  package init(name: String, count: Int) {
    self.name = name
    self.count = count
  }
}

/// A sample that was left out, and why.
package struct Exclusion: Codable, Equatable, Sendable {
  /// The sample's name or path.
  package var name: String
  /// The split it belongs to, where known.
  package var split: String?
  /// Why it was left out.
  package var reason: String

  /// Records an exclusion.
  package init(name: String, split: String? = nil, reason: String) {
    self.name = name
    self.split = split
    self.reason = reason
  }
}

/// A file's name and content.
package struct FileChecksum: Codable, Equatable, Sendable {
  /// The file's path inside its data set or run folder.
  package var name: String
  /// The SHA-256 of its bytes, in lower-case hexadecimal digits.
  package var sha256: String

  /// Records a file.
  package init(name: String, sha256: String) {
    self.name = name
    self.sha256 = sha256
  }
}

/// A file written beside the result, such as `predictions.h5`.
package typealias Artefact = FileChecksum
