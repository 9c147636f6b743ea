package import Foundation

/// A data set as it lies on disk, read and checked against its description.
package struct DatasetContents: Sendable {
  /// A split's size on paper and in fact.
  package struct SplitCount: Sendable, Equatable {
    /// The split.
    package let name: String
    /// What the description declares; nil where it doesn't say.
    package let declared: Int?
    /// The samples with a label or masks of at least one task.
    package let found: Int
  }

  /// The description.
  package let dataset: Dataset
  /// The folder; nil where the program draws the set.
  package let root: URL?
  /// The samples that have a label or masks of at least one task: the splits in the order of the
  /// description, in each by id, so that the order of a table's rows has no effect.
  package let samples: [Sample]
  /// What was left out, by name.
  package let exclusions: [SampleExclusion]
  /// The tables that were read.
  package let checksums: [FileDigest]
  /// The splits' sizes, in the order of the description.
  package let splitCounts: [SplitCount]
  /// What a reader of a score must know, one line each: a subset, a group in two splits, ….
  package let warnings: [String]
}

extension DatasetContents {
  /// The set without images that turned out to be unreadable, which are then listed.
  ///
  /// - Parameter faults: why, by sample id.
  /// - Returns: the set with the remaining samples.
  package func removing(unreadable faults: [Sample.ID: String]) -> DatasetContents {
    let kept = samples.filter { faults[$0.id] == nil }
    let lost = samples.compactMap { sample in
      faults[sample.id].map { fault in
        SampleExclusion(
          name: String(sample.id.dropFirst(sample.split.count + 1)),
          split: sample.split,
          task: nil,
          kind: .unreadableImage,
          detail: fault
        )
      }
    }
    return DatasetContents(
      dataset: dataset,
      root: root,
      samples: kept,
      exclusions: exclusions + lost,
      checksums: checksums,
      splitCounts: splitCounts.map { count in
        SplitCount(
          name: count.name,
          declared: count.declared,
          found: kept.count { $0.split == count.name }
        )
      },
      warnings: warnings
    )
  }
}

extension Dataset {
  /// Reads the set: locates tables, images and masks, reads all labels, compares with the description.
  ///
  /// Images are not decoded. Rows without images, images without rows and labels out of range are
  /// left out and listed; a size that isn't the declared one is a warning.
  ///
  /// - Parameter root: the folder of the set's root, from `DataRoots.resolve`; nil for a set that
  ///   the program draws.
  /// - Returns: the samples, and what was left out.
  /// - Throws: `DatasetsError` where a table, column or folder is missing or malformed, or a split
  ///   has no usable sample.
  package func open(root: URL?) throws -> DatasetContents {
    let raw = try adapter(root: root).read()
    var exclusions = raw.exclusions
    var locators = try MaskLocators(self, root: root)
    let labelled = Dictionary(grouping: label(raw, &locators, &exclusions), by: \.split)
    let samples = splits.flatMap { (labelled[$0.name] ?? []).sorted { $0.id < $1.id } }
    let counts = try splits.map { split in
      let found = samples.count { $0.split == split.name }
      guard found > 0 else {
        let names = exclusions.filter { $0.split == split.name }.map(\.description)
        throw DatasetsError(
          .emptySplit(split: split.name, excluded: names),
          path: root?.shortPath ?? place
        )
      }
      return DatasetContents.SplitCount(name: split.name, declared: split.count, found: found)
    }
    return DatasetContents(
      dataset: self,
      root: root,
      samples: samples,
      exclusions: exclusions,
      checksums: raw.digests,
      splitCounts: counts,
      warnings: raw.warnings + warnings(samples, counts) + locators.warnings
    )
  }

  private func adapter(root: URL?) throws -> any Adapter {
    switch (adapter, root) {
    case (.csv, let root?): return TableAdapter(dataset: self, root: root)
    case (.folders, let root?): return FolderAdapter(dataset: self, root: root)
    case (.csv, nil), (.folders, nil):
      throw DatasetsError(.rootNotGiven(root: self.root ?? name, looked: ["nothing"]))
    case (.synthetic, _): return SyntheticAdapter(dataset: self)
    }
  }

  /// Reads the labels of all tasks and finds the masks of all tasks of masks.
  private func label(
    _ contents: RawContents,
    _ locators: inout MaskLocators,
    _ exclusions: inout [SampleExclusion]
  ) -> [Sample] {
    let raws = contents.samples
    let readers = tasks.map { (task: $0, reader: LabelReader($0)) }
    let repeated = Dictionary(grouping: raws) { "\($0.split)/\($0.name)" }.filter { $1.count > 1 }
    var samples: [Sample] = []
    samples.reserveCapacity(raws.count)
    for raw in raws {
      var labels: [String: SampleLabel] = [:]
      var outcomes: [String: LabelReader.Outcome] = [:]
      for (task, reader) in readers {
        let outcome = reader.read(raw.texts, earlier: outcomes)
        outcomes[task.name] = outcome
        switch outcome {
        case .label(let label): labels[task.name] = label
        case .absent(let kind, let detail):
          exclusions.append(SampleExclusion(raw, task: task.name, kind: kind, detail: detail))
        }
      }
      let masks = locators.find(raw, &exclusions)
      guard !labels.isEmpty || !masks.isEmpty else { continue }
      var id = "\(raw.split)/\(raw.name)"
      if repeated[id] != nil, case .file(let url) = raw.source { id += ".\(url.pathExtension)" }
      samples.append(
        Sample(
          id: id,
          source: raw.source,
          split: raw.split,
          group: raw.group,
          report: raw.report.map(LeadingEyeMark.dropped).flatMap { $0.isEmpty ? nil : $0 },
          labels: labels,
          masks: masks
        )
      )
    }
    return samples
  }

  private func warnings(
    _ samples: [Sample],
    _ counts: [DatasetContents.SplitCount]
  ) -> [String] {
    var warnings: [String] = []
    for count in counts {
      guard let declared = count.declared, declared != count.found else { continue }
      warnings.append("split ‘\(count.name)’: \(count.found) of \(declared) declared samples")
    }
    if group != nil {
      let ungrouped = samples.count { $0.group == nil }
      if ungrouped > 0 {
        warnings.append("\(ungrouped) samples have no group; each counts as a group of its own")
      }
    }
    let grouped = samples.filter { $0.group != nil }
    let crossing = Dictionary(grouping: grouped) { $0.group ?? "" }
      .mapValues { Set($0.map(\.split)) }.filter { $1.count > 1 }
    if let first = crossing.min(by: { $0.key < $1.key }) {
      let splits = first.value.sorted().joined(separator: " and ")
      warnings.append(
        "\(crossing.count) groups lie in several splits of the makers', e.g. ‘\(first.key)’ in "
          + "\(splits): scores may be too good"
      )
    }
    return warnings
  }
}

extension SampleExclusion {
  /// An image that one task leaves out.
  init(_ raw: RawSample, task: String, kind: Kind, detail: String) {
    self.init(
      name: raw.name,
      split: raw.split,
      task: task,
      kind: kind,
      detail: "\(raw.place): \(detail)"
    )
  }
}
