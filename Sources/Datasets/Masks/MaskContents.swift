import Foundation
package import Parallelism

/// A photograph with masks for one task; nothing is decoded yet.
package struct SegmentationSample: Sendable, Equatable, Identifiable {
  /// As `Sample.id`.
  package let id: Sample.ID
  /// The photograph.
  package let image: ImageSource
  /// The makers' split.
  package let split: String
  /// The patient or what else must not lie in two splits.
  package let group: String?
  /// Where the masks come from.
  package let masks: SampleMasks
}

/// A data set seen from one task of masks: the samples that have them.
package struct MaskContents: Sendable {
  /// The set.
  package let dataset: Dataset
  /// The task.
  package let task: MaskTaskDescription
  /// N samples: the makers' splits in the order of the description, in each by id.
  package let samples: [SegmentationSample]
  /// What was left out, by name.
  package let exclusions: [SampleExclusion]
  /// What a reader of a score must know, one line each: that masks are approximations, ….
  package let warnings: [String]
  /// The set, for content keys.
  private let contents: DatasetContents

  /// The set seen from a task.
  fileprivate init(_ contents: DatasetContents, _ task: MaskTaskDescription) {
    self.contents = contents
    self.task = task
    dataset = contents.dataset
    samples = contents.samples.compactMap { sample in
      sample.masks[task.name].map {
        SegmentationSample(
          id: sample.id,
          image: sample.source,
          split: sample.split,
          group: sample.group,
          masks: $0
        )
      }
    }
    exclusions = contents.exclusions.filter { $0.task == nil || $0.task == task.name }
    let absences = Self.absences(contents.dataset, task, samples)
    warnings = contents.warnings + [task.approximation].compactMap(\.self) + absences
  }

  /// Reads the samples' pictures.
  package var reader: MaskReader { MaskReader(task, of: dataset) }

  /// The samples of one of the makers' splits.
  ///
  /// - Parameter split: one of `SplitDescription.names`.
  /// - Returns: indices in `samples`, in rising order; empty where the set has no such split.
  package func indices(ofSplit split: String) -> [Int] {
    samples.indices.filter { samples[$0].split == split }
  }

  /// What identifies a sample: changes when its photograph or masks may.
  ///
  /// - Parameter sample: one of the samples.
  /// - Returns: 64 hexadecimal digits: the SHA-256 of the keys of the photograph, of each mask's file
  ///   or boxes, and of the field of view.
  /// - Throws: `DatasetsError` where a file is missing or can't be read.
  package func contentKey(of sample: SegmentationSample) throws -> String {
    var lines = ["masks 1", try contents.contentKey(of: sample.image)]
    switch sample.masks.source {
    case .file(let url): lines.append(try fileSHA256(url))
    case .files(let urls): lines += try urls.map { try $0.map(fileSHA256) ?? "absent" }
    case .boxes(let lists): lines.append("\(lists)")
    case .drawn(let masks): lines.append("\(masks.map(\.rawValue))")
    }
    if case .file(let url) = sample.masks.field { lines.append(try fileSHA256(url)) }
    return hexadecimalSHA256(Data(lines.joined(separator: "\n").utf8))
  }

  /// What identifies a sample's photograph, whatever masks it has here.
  ///
  /// - Parameter sample: one of the samples.
  /// - Returns: 64 hexadecimal digits.
  /// - Throws: `DatasetsError` where the file is missing or can't be read.
  package func pictureKey(of sample: SegmentationSample) throws -> String {
    try contents.contentKey(of: sample.image)
  }

  /// Reads every photograph with its masks and tells which can't be used.
  ///
  /// - Parameters:
  ///   - pool: reads one sample per thread at a time.
  ///   - progress: called once per sample, from any thread.
  /// - Returns: by sample why, a line for each bad file; without the samples that can be used.
  package func faults(
    on pool: WorkerPool,
    progress: @escaping @Sendable () -> Void = {}
  ) -> [Sample.ID: [String]] {
    let reader = reader
    let faults = pool.mapChunks(of: samples.count, grain: 1) { range in
      defer { progress() }
      return reader.faults(of: samples[range.lowerBound])
    }
    let found = zip(samples, faults).filter { !$1.isEmpty }.map { ($0.id, $1) }
    return Dictionary(uniqueKeysWithValues: found)
  }

  /// Classes without a mask in a whole split, where a missing file means absence.
  private static func absences(
    _ dataset: Dataset,
    _ task: MaskTaskDescription,
    _ samples: [SegmentationSample]
  ) -> [String] {
    dataset.splits.flatMap { split in
      let rows = samples.filter { $0.split == split.name }
        .map { $0.masks.source.presence(task.classes.count) }
      return task.classes.enumerated().filter { index, _ in
        !rows.isEmpty && !rows.contains { $0[index] == 1 }
      }.map { _, name in
        "‘\(task.name)’, split ‘\(split.name)’: no mask of ‘\(name)’; its own scores are undefined "
          + "there"
      }
    }
  }
}

extension DatasetContents {
  /// The set seen from one of its tasks of masks.
  ///
  /// - Parameter task: one of `dataset.maskTasks`.
  /// - Returns: the samples with masks of that task.
  /// - Throws: `DatasetsError` where one of the makers' splits has no sample with them.
  package func contents(of task: MaskTaskDescription) throws -> MaskContents {
    let contents = MaskContents(self, task)
    for split in splitCounts where contents.indices(ofSplit: split.name).isEmpty {
      let names = contents.exclusions.filter { $0.split == split.name }.map(\.description)
      throw DatasetsError(
        .emptySplit(split: split.name, excluded: names),
        path: root?.shortPath ?? dataset.place
      )
    }
    return contents
  }
}
