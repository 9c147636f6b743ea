package import Parallelism

extension Dataset {
  /// Whether some task has mask files, which only decoding can tell to be right.
  package var hasMaskFiles: Bool {
    maskTasks.contains { task in
      switch task.places {
      case .file, .files: true
      case .boxes, .drawn: false
      }
    }
  }
}

extension DatasetContents {
  /// How many photographs `maskFindings` reads.
  package var maskReadingCount: Int {
    samples.reduce(0) { $0 + $1.masks.count }
  }

  /// Reads every photograph with its masks.
  ///
  /// - Parameters:
  ///   - pool: reads one photograph per thread at a time.
  ///   - progress: called once per photograph and task, from any thread.
  /// - Returns: an error for each bad mask file, with sample, file and remedy: another size than the
  ///   photograph's, unknown values, all ignored, gone, not to be decoded; and for each photograph that
  ///   can't be decoded. Samples in their order, each file once.
  package func maskFindings(
    on pool: WorkerPool,
    progress: @escaping @Sendable () -> Void = {}
  ) -> [DatasetCheck.Finding] {
    var seen: Set<String> = []
    return dataset.maskTasks.flatMap { task -> [DatasetCheck.Finding] in
      // A task with an empty split is a finding of the check itself.
      guard let contents = try? contents(of: task) else { return [] }
      let faults = contents.faults(on: pool, progress: progress)
      return contents.samples.flatMap { faults[$0.id] ?? [] }
        .filter { seen.insert($0).inserted }
        .map { .init(level: .error, text: $0) }
    }
  }
}
