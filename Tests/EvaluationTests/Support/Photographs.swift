import Datasets
import Foundation
import Imaging
import TestSupport

/// Forty drawn photographs of 64 × 64 pixels as PNG files with a table per split: twenty to train,
/// ten to validate, ten to test, each disease equally often.
final class Photographs: Sendable {
  /// A row of a table.
  struct Row: Sendable {
    var image: String
    var disease: String
    var findings: [Int]
  }

  static let findings: [SyntheticFinding] = [.haemorrhage, .drusen, .largeCup, .myopicCrescent]
  static let splits = [("train", 4), ("validation", 2), ("test", 2)]

  /// The pictures, drawn once for all tests.
  private static let drawn: [(split: String, row: Row, picture: ImageBuffer)] = {
    let collection = SyntheticCollection(seed: 5, count: 400, size: 64, difficulty: 0.3)
    let byDisease = Dictionary(grouping: (0..<collection.count).map(collection.record), by: \.grade)
    return SyntheticGrade.allCases.enumerated().flatMap { index, grade in
      let records = byDisease[grade] ?? []
      let places = splits.flatMap { split, count in Array(repeating: split, count: count) }
      return zip(places, records).map { split, record in
        let row = Row(
          image: "\(record.id).png",
          disease: String(index),
          findings: findings.map { record.findings.contains($0) ? 1 : 0 }
        )
        return (split, row, collection.sample(record.index).image)
      }
    }
  }()

  /// The folder.
  let root: URL
  /// The tables' rows by split.
  let rows: [String: [Row]]

  /// Writes pictures and tables.
  ///
  /// - Parameter change: changes the tables, not the pictures.
  /// - Throws: what writing throws.
  init(_ change: (inout [String: [Row]]) -> Void = { _ in }) throws {
    root = try Fixtures.temporaryDirectory()
    var rows = Dictionary(grouping: Self.drawn, by: \.split).mapValues { $0.map(\.row) }
    for (split, row, picture) in Self.drawn {
      let file = root.appending(path: "\(split)/\(row.image)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try PNGWriter.write(picture, to: file.path(percentEncoded: false), compressionLevel: 1)
    }
    change(&rows)
    self.rows = rows
    let header = (["image", "disease"] + Self.findings.map(\.rawValue)).joined(separator: ",")
    for (split, _) in Self.splits {
      let lines = (rows[split] ?? []).map { row in
        ([row.image, row.disease] + row.findings.map(String.init)).joined(separator: ",")
      }
      let text = ([header] + lines).joined(separator: "\n") + "\n"
      try Data(text.utf8).write(to: root.appending(path: "\(split).csv"))
    }
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// A picture's file.
  func file(_ split: String, _ index: Int) throws -> URL {
    guard let rows = rows[split], rows.indices.contains(index) else { throw MissingValue() }
    return root.appending(path: "\(split)/\(rows[index].image)")
  }

  /// The set's description.
  static func dataset() throws -> Dataset {
    try DatasetCatalog(text: description, file: URL(filePath: "photographs.yaml"))["photographs"]
  }

  private static let description = """
    - name: photographs
      version: 1
      title: Forty drawn photographs in a real layout
      adapter: csv
      root: photographs
      image_column: image
      splits:
        train: { table: train.csv, images: train, count: 20 }
        validation: { table: validation.csv, images: validation, count: 10 }
        test: { table: test.csv, images: test, count: 10 }
      templates:
        zh: ["{}", "一张{}的眼底照片"]
      absent_templates:
        zh: ["无{}", "未见{}"]
      tasks:
        disease:
          title: The disease
          kind: multiclass
          column: disease
          classes: [normal, diabetic-retinopathy, macular-degeneration, glaucoma, myopia]
          prompts:
            zh:
              normal: [正常眼底]
              diabetic-retinopathy: [糖尿病视网膜病变, 糖网]
              macular-degeneration: [黄斑变性]
              glaucoma: [青光眼, 青光眼性视神经病变]
              myopia: [病理性近视]
        ill:
          title: Any disease
          kind: binary
          derive: { from: disease, positive: [1, 2, 3, 4] }
          classes: [healthy, ill]
          prompts:
            zh:
              healthy: [正常眼底]
              ill: [异常眼底]
        findings:
          title: What is seen
          kind: multilabel
          classes: [haemorrhage, drusen, large-cup, myopic-crescent]
          prompts:
            zh:
              haemorrhage: [出血]
              drusen: [玻璃膜疣]
              large-cup: [大视杯]
              myopic-crescent: [萎缩弧]
      license: Apache-2.0
      source: { title: Nobody }
    """
}

/// Something that the tests rely on is not there.
struct MissingValue: Error {}

/// The value, or an error where there is none.
func require<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw MissingValue() }
  return value
}
