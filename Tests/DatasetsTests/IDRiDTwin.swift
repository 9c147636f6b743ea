import Datasets
import Foundation

/// A tiny set in IDRiD's layout: quirks and all.
struct IDRiDTwin {
  static let grading = "B. Disease Grading"
  static let trainTable =
    grading + "/2. Groundtruths/a. IDRiD_Disease Grading_Training Labels.csv"
  static let testTable = grading + "/2. Groundtruths/b. IDRiD_Disease Grading_Testing Labels.csv"
  static let trainImages = grading + "/1. Original Images/a. Training Set"
  static let testImages = grading + "/1. Original Images/b. Testing Set"

  /// A row: number of the image, grade, risk.
  typealias Row = (image: Int, grade: String, risk: String)

  let folder: TemporaryFolder
  var train: [Row] = (0..<30).map { ($0 + 1, "\($0 % 5)", "\($0 % 3)") }
  var test: [Row] = (0..<10).map { ($0 + 1, "\($0 % 5)", "\($0 % 3)") }

  init() throws { folder = try TemporaryFolder() }

  static func name(_ number: Int) -> String {
    let digits = String(number)
    return "IDRiD_" + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// The published training table: a trailing space in the header, nine columns without a name,
  /// CRLF line ends.
  static func trainText(_ rows: [Row]) -> String {
    let commas = String(repeating: ",", count: 9)
    let lines = rows.map { "\(name($0.image)),\($0.grade),\($0.risk)\(commas)\r\n" }
    return "Image name,Retinopathy grade,Risk of macular edema \(commas)\r\n" + lines.joined()
  }

  static func testText(_ rows: [Row]) -> String {
    let lines = rows.map { "\(name($0.image)),\($0.grade),\($0.risk)\n" }
    return "Image name,Retinopathy grade,Risk of macular edema \n" + lines.joined()
  }

  /// Writes images and tables.
  ///
  /// - Returns: the set's root.
  func write() throws -> URL {
    try folder.write(Self.trainText(train), Self.trainTable)
    try folder.write(Self.testText(test), Self.testTable)
    for row in train {
      let name = Self.name(row.image)
      try folder.write(tinyPNG("train \(name)"), "\(Self.trainImages)/\(name).jpg")
    }
    for row in test {
      let name = Self.name(row.image)
      try folder.write(tinyPNG("test \(name)"), "\(Self.testImages)/\(name).jpg")
    }
    return folder.url
  }

  /// The shipped description.
  static func dataset() throws -> Dataset {
    try DatasetCatalog(file: shippedCatalog)["idrid-grading"]
  }
}

/// The `datasets.yaml` of the package.
let shippedCatalog = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "datasets.yaml")

/// The value, or an error where there is none.
func require<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw MissingValue() }
  return value
}

struct MissingValue: Error {}
