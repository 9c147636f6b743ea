import Datasets
import Foundation
import Imaging
import Parallelism
import Synchronization
import Testing

@Suite("Folders of synthetic photographs")
struct SyntheticFolderTests {
  private let temporary: TemporaryFolder
  private let collection = SyntheticCollection(seed: 41, count: 9, size: 48)
  private let pool = WorkerPool(threadCount: 2)

  init() throws { temporary = try TemporaryFolder() }

  private var folder: URL { temporary.url.appending(path: "fundus") }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: path).path)
  }

  @Test func filesHoldTheSamples() throws {
    let told = Mutex<[Int]>([])
    try SyntheticFolder.write(collection, to: folder, on: pool) { done in
      told.withLock { $0.append(done) }
    }
    #expect(told.withLock { $0.sorted() } == Array(1...9))
    for index in 0..<9 {
      let sample = collection.sample(index)
      let image = folder.appending(path: "images/\(sample.id).png").path
      #expect(try ImageBuffer(contentsOf: image) == sample.image)
      for (kind, mask) in sample.masks {
        let path = "masks/\(kind.rawValue)/\(sample.id).png"
        guard mask.contains(255) else {
          #expect(!exists(path), "\(path) is empty")
          continue
        }
        let read = try GrayImage(contentsOf: folder.appending(path: path).path)
        #expect(read.samples == mask.map { UInt16($0) }, "\(path)")
      }
    }
  }

  @Test func tablesHoldTheRecords() throws {
    try SyntheticFolder.write(collection, to: folder, on: pool)
    let table = try String(contentsOf: folder.appending(path: "labels.csv"), encoding: .utf8)
    let rows = table.split(separator: "\n").map(String.init)
    #expect(rows.count == 10)
    #expect(rows[0] == SyntheticFolder.labelsHeader.joined(separator: ","))
    let text = try String(contentsOf: folder.appending(path: "reports.jsonl"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 9)
    for index in 0..<9 {
      let record = collection.record(index)
      let labels = record.labels.map { $0 ? "1" : "0" }
      let cells =
        ["\(record.id).png", record.patient, record.eye.rawValue, record.split.rawValue]
        + [record.grade.rawValue] + labels
      #expect(rows[index + 1].hasPrefix(cells.joined(separator: ",") + ",0."))
      #expect(rows[index + 1].hasSuffix(",\"\(record.report)\""))
      let object = try JSONDecoder().decode([String: String].self, from: Data(lines[index].utf8))
      #expect(object["report"] == record.report)
      #expect(object["image"].map(exists) == true)
    }
  }

  @Test func aFolderKnowsItsCollection() throws {
    #expect(!SyntheticFolder.holds(collection, in: folder))
    try SyntheticFolder.write(collection, to: folder, on: pool)
    #expect(SyntheticFolder.holds(collection, in: folder))
    let other = SyntheticCollection(seed: 42, count: 9, size: 48)
    #expect(!SyntheticFolder.holds(other, in: folder))
  }

  @Test func whatIsThereIsNotOverwritten() throws {
    try temporary.write("mine", "fundus/notes.txt")
    #expect(throws: DatasetsError.self) {
      try SyntheticFolder.write(collection, to: folder, on: pool)
    }
    #expect(namesBeside() == ["fundus"])
    #expect(exists("notes.txt") && !exists("labels.csv"))
  }

  @Test func anEmptyFolderGivesWay() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try SyntheticFolder.write(collection, to: folder, on: pool)
    #expect(exists("labels.csv"))
    #expect(namesBeside() == ["fundus"])
  }

  @Test func aFolderThatCannotBeMadeIsAnError() throws {
    try temporary.write("a file", "blocked")
    let below = temporary.url.appending(path: "blocked/fundus")
    #expect(throws: DatasetsError.self) {
      try SyntheticFolder.write(collection, to: below, on: pool)
    }
    #expect(namesBeside() == ["blocked"])
  }

  private func namesBeside() -> [String] {
    let path = temporary.url.path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

@Suite("Contact sheets of synthetic photographs")
struct SyntheticContactSheetTests {
  @Test func rowsAreGrades() {
    let collection = SyntheticCollection(count: 120, size: 64)
    let sheet = SyntheticContactSheet(columns: 3).draw(collection, on: WorkerPool(threadCount: 2))
    #expect(sheet.rows.count == SyntheticGrade.allCases.count)
    for (grade, row) in zip(SyntheticGrade.allCases, sheet.rows) {
      #expect(row.count == 3)
      #expect(row.allSatisfy { $0.grade == grade })
      #expect(Set(row.map(\.patient)).count == 3)
    }
    let first = collection.sample(sheet.rows[0][0].index).image
    let middle = sheet.image[4 + 32, 4 + 32]
    #expect(middle == first[32, 32])
    // The captions below the first photograph are written in its bright and its dim grey.
    let caption = (4 + 64..<4 + 64 + 36).flatMap { y in
      (4..<68).map { x in sheet.image[x, y].red }
    }
    #expect(caption.contains(235) && caption.contains(170))
  }

  @Test func shortCollectionsGiveShortRows() {
    let collection = SyntheticCollection(count: 1, size: 48)
    let sheet = SyntheticContactSheet().draw(collection, on: WorkerPool(threadCount: 1))
    #expect(sheet.rows.map(\.count).reduce(0, +) == 1)
  }
}
