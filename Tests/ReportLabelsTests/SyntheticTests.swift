import Datasets
import ReportLabels
import Testing

/// The generator's reports against what their photographs show.
@Suite struct SyntheticTests {
  /// The table's names of the generator's findings.
  private static func name(_ finding: SyntheticFinding) -> String {
    switch finding {
    case .normal: "normal-fundus"
    case .microaneurysm: "microaneurysm"
    case .haemorrhage: "haemorrhage"
    case .hardExudate: "hard-exudate"
    case .cottonWoolSpot: "cotton-wool-spot"
    case .drusen: "drusen"
    case .largeCup: "large-cup"
    case .myopicCrescent: "peripapillary-atrophy"
    case .tessellation: "tessellated-fundus"
    case .blur: "blurred-fundus"
    }
  }

  @Test func findingsAreReadFromTheGeneratorsReports() throws {
    let table = try FindingTable.standard()
    let extractor = LabelExtractor(table)
    let collection = SyntheticCollection(seed: 77, count: 2000, size: 64)
    var counts = [(hits: Int, extra: Int, missed: Int)](
      repeating: (0, 0, 0),
      count: SyntheticFinding.allCases.count
    )
    let places = try SyntheticFinding.allCases.map {
      try #require(table.index(of: Self.name($0)))
    }
    for index in 0..<2000 {
      let record = collection.record(index)
      let reading = extractor.labels(of: record.report)
      for (position, isPresent) in record.labels.enumerated() {
        let isRead = reading.labels[places[position]]
        if isRead, isPresent { counts[position].hits += 1 }
        if isRead, !isPresent { counts[position].extra += 1 }
        if !isRead, isPresent { counts[position].missed += 1 }
      }
      let eye: Eye = record.eye == .left ? .left : .right
      #expect(reading.evidence.allSatisfy { $0.eye == eye }, "\(record.report)")
    }
    for (finding, count) in zip(SyntheticFinding.allCases, counts) {
      let precision = Double(count.hits) / Double(max(1, count.hits + count.extra))
      let recall = Double(count.hits) / Double(max(1, count.hits + count.missed))
      #expect(count.hits > 20, "\(finding)")
      #expect(precision >= 0.97 && recall >= 0.97, "\(finding): \(count)")
    }
  }
}
