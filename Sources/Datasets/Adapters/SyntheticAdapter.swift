import Foundation

/// Reads the labels of the collection that the program draws: the synthetic adapter.
///
/// Its table has a column of 0 and 1 for each `SyntheticFinding` and the column `disease` with the
/// name of the eye's `SyntheticGrade`.
struct SyntheticAdapter: Adapter {
  /// The columns that labels can be read from.
  static let columns = SyntheticFinding.allCases.map(\.rawValue) + ["disease"]

  let dataset: Dataset

  func read() throws -> RawContents {
    var contents = RawContents()
    guard let collection = dataset.collection else { return contents }
    try checkColumns()
    for index in 0..<collection.count {
      let record = collection.record(index)
      guard dataset.split(record.split.rawValue) != nil else { continue }
      var cells = ["disease": record.grade.rawValue]
      for (finding, isPresent) in zip(SyntheticFinding.allCases, record.labels) {
        cells[finding.rawValue] = isPresent ? "1" : "0"
      }
      contents.samples.append(
        RawSample(
          name: record.id,
          split: record.split.rawValue,
          source: .synthetic(index: index),
          group: record.patient,
          report: record.report,
          place: "sample \(index)",
          texts: LabelTexts(cells: cells, name: record.id)
        )
      )
    }
    return contents
  }

  private func checkColumns() throws {
    for column in dataset.labelColumns where !Self.columns.contains(column) {
      throw DatasetsError(
        .missingColumn(column: column, found: Self.columns),
        path: dataset.place
      )
    }
  }
}

extension Dataset {
  /// The collection that the program draws; nil for sets on disk.
  package var collection: SyntheticCollection? {
    generator.map {
      SyntheticCollection(
        seed: $0.seed,
        count: $0.count,
        size: $0.size,
        difficulty: $0.difficulty,
        healthy: $0.healthy
      )
    }
  }

  /// The columns that the tasks' labels stand in, in the order of the tasks.
  var labelColumns: [String] {
    tasks.flatMap { task in
      switch task.labels {
      case .column(let column, _): [column]
      case .columns(let columns): columns
      case .folder, .name, .derived: [String]()
      }
    }
  }
}
