import Foundation
package import Parallelism

/// What was found when a set on disk was compared with its description.
package struct DatasetCheck: Sendable, Equatable {
  /// How bad a finding is.
  package enum Level: String, Sendable, CaseIterable, Codable {
    /// Worth knowing.
    case note
    /// Scores may not compare with published ones.
    case warning
    /// Samples are lost or can't be used.
    case error
  }

  /// One line of the check.
  package struct Finding: Sendable, Equatable {
    /// How bad it is.
    package let level: Level
    /// What was found, what was expected and what it means.
    package let text: String
  }

  /// The samples of one class of one task.
  package struct ClassRow: Sendable, Equatable {
    /// The task.
    package let task: String
    /// The class.
    package let name: String
    /// The samples found, by split in the order of `DatasetCheck.splits`.
    package let found: [Int]
    /// The samples declared, likewise; nil where the description doesn't say.
    package let declared: [Int?]
  }

  /// The set's name.
  package let dataset: String
  /// The splits' sizes.
  package let splits: [DatasetContents.SplitCount]
  /// The class counts, by task in the order of the description.
  package let classes: [ClassRow]
  /// The samples that were left out.
  package let exclusions: [SampleExclusion]
  /// The tables that were read.
  package let checksums: [FileDigest]
  /// The findings, the worst first.
  package let findings: [Finding]

  /// Whether nothing is lost: there is no finding of level error.
  package var isClean: Bool { !findings.contains { $0.level == .error } }
}

extension DatasetContents {
  /// Compares the set with its description.
  ///
  /// - Parameters:
  ///   - pool: reads all image files and looks for the same picture twice; nil to leave that out.
  ///   - masks: what `maskFindings` found; empty where masks were not read.
  /// - Returns: counts and findings; nothing is thrown, what can't be used is a finding.
  package func check(
    readingImagesOn pool: WorkerPool? = nil,
    masks: [DatasetCheck.Finding] = []
  ) -> DatasetCheck {
    var findings = masks
    var classes: [DatasetCheck.ClassRow] = []
    var lines = warnings
    for task in dataset.tasks {
      do {
        let contents = try contents(of: task)
        classes += rows(contents)
        lines += contents.warnings.filter { !lines.contains($0) }
      } catch {
        findings.append(.init(level: .error, text: "‘\(task.name)’: \(error)"))
      }
    }
    for task in dataset.maskTasks {
      do {
        let contents = try contents(of: task)
        classes += rows(contents)
        lines += contents.warnings.filter { !lines.contains($0) }
      } catch {
        findings.append(.init(level: .error, text: "‘\(task.name)’: \(error)"))
      }
    }
    findings += lines.map { .init(level: .warning, text: $0) }
    findings += exclusionFindings + emptyFiles
    if let pool { findings += duplicates(pool) }
    findings += checksums.map { .init(level: .note, text: "\($0.path): SHA-256 \($0.sha256)") }
    let order: [DatasetCheck.Level] = [.error, .warning, .note]
    return DatasetCheck(
      dataset: dataset.name,
      splits: splitCounts,
      classes: classes,
      exclusions: exclusions,
      checksums: checksums,
      findings: order.flatMap { level in findings.filter { $0.level == level } }
    )
  }

  private func rows(_ contents: TaskContents) -> [DatasetCheck.ClassRow] {
    let found = dataset.splits.map { contents.classCounts(contents.indices(ofSplit: $0.name)) }
    return contents.task.classes.enumerated().map { index, name in
      DatasetCheck.ClassRow(
        task: contents.task.name,
        name: name,
        found: found.map { $0[index] },
        declared: dataset.splits.map { contents.task.classCounts[$0.name]?[index] }
      )
    }
  }

  /// How many photographs have a mask of each class; in one row where only decoding can tell classes
  /// apart.
  private func rows(_ contents: MaskContents) -> [DatasetCheck.ClassRow] {
    let presence = contents.samples.map { $0.masks.source.presence(contents.task.classes.count) }
    let names =
      switch contents.task.places {
      case .files, .boxes: contents.task.classes
      case .file, .drawn: [contents.task.classes.joined(separator: ", ")]
      }
    return names.enumerated().map { index, name in
      DatasetCheck.ClassRow(
        task: contents.task.name,
        name: name,
        found: dataset.splits.map { split in
          contents.indices(ofSplit: split.name).count { presence[$0][index] == 1 }
        },
        declared: dataset.splits.map { _ in nil }
      )
    }
  }

  /// One finding per kind of exclusion, with the first three images by name; of masks that are missing
  /// one for each.
  private var exclusionFindings: [DatasetCheck.Finding] {
    SampleExclusion.Kind.allCases.compactMap { kind in
      let matches = leftOut(kind)
      guard !matches.isEmpty, kind != .missingMask else { return nil }
      let first = matches.prefix(3).map { "\($0.split)/\($0.name) (\($0.detail))" }
      let more = matches.count > 3 ? " and \(matches.count - 3) more" : ""
      return .init(
        level: kind == .ungradable ? .note : .error,
        text: "\(kind.rawValue): \(matches.count) left out: "
          + first.joined(separator: "; ") + more
      )
    }
      + exclusions.filter { $0.kind == .missingMask }.map {
        .init(level: .error, text: $0.description)
      }
  }

  /// The images that some task left out for a reason of this kind, each once.
  func leftOut(_ kind: SampleExclusion.Kind) -> [SampleExclusion] {
    var seen: Set<String> = []
    return exclusions.filter {
      $0.kind == kind && seen.insert("\($0.split)/\($0.name)").inserted
    }
  }

  private var emptyFiles: [DatasetCheck.Finding] {
    samples.compactMap { sample in
      guard case .file(let url) = sample.source,
        let size = try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize, size == 0
      else { return nil }
      return .init(level: .error, text: "\(sample.id): \(url.shortPath) is empty; fetch it again")
    }
  }

  private func duplicates(_ pool: WorkerPool) -> [DatasetCheck.Finding] {
    let keys = contentKeys(of: samples.map(\.source), pool: pool)
    var findings: [DatasetCheck.Finding] = []
    var ids: [String: [Sample]] = [:]
    for (sample, key) in zip(samples, keys) {
      switch key {
      case .success(let key): ids[key, default: []].append(sample)
      case .failure(let error): findings.append(.init(level: .error, text: "\(error)"))
      }
    }
    let repeated = ids.values.filter { $0.count > 1 }.sorted { $0[0].id < $1[0].id }
    for samples in repeated {
      let crosses = Set(samples.map(\.split)).count > 1
      let names = samples.map(\.id).joined(separator: ", ")
      findings.append(
        .init(
          level: .warning,
          text: "the same picture: \(names)"
            + (crosses ? "; it lies in several splits: scores may be too good" : "")
        )
      )
    }
    return findings
  }
}
