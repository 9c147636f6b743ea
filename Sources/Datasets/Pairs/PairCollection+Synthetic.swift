package import Parallelism

extension PairCollection {
  /// The photographs that the program draws, with their reports; both eyes of a patient in one split.
  ///
  /// - Parameters:
  ///   - collection: the generator's seed, count, size, difficulty and healthy share.
  ///   - pool: writes the reports; on the caller's thread where nil.
  ///   - isLabelled: whether each pair carries what the generator knows to be there, by the names of
  ///     `SyntheticFinding`: the truth, not a reading of the report.
  /// - Returns: `collection.count` pairs; no picture is drawn yet.
  package static func synthetic(
    _ collection: SyntheticCollection,
    on pool: WorkerPool? = nil,
    isLabelled: Bool = false
  ) -> PairCollection {
    let records =
      pool?.mapChunks(of: collection.count, grain: 16) { $0.map(collection.record) }
      .flatMap(\.self) ?? (0..<collection.count).map(collection.record)
    let pairs = records.map { record in
      let labels = SyntheticFinding.allCases.map {
        ($0.rawValue, record.findings.contains($0))
      }
      return ReportPair(
        id: record.id,
        image: .synthetic(index: record.index),
        rawReport: record.report,
        group: record.patient,
        split: record.split.rawValue,
        labels: isLabelled ? Dictionary(uniqueKeysWithValues: labels) : nil
      )
    }
    return PairCollection(name: "synthetic", pairs: pairs, drawing: collection)
  }
}
