import Datasets
import Foundation
import Randomness
import TestSupport
import Testing

@Suite("Hostile input")
struct HostileInputTests {
  /// Removes, repeats, swaps and inserts pieces of a text.
  private func damaged(_ text: String, _ random: inout RandomSource) -> String {
    var characters = Array(text)
    for _ in 0...random.nextIndex(below: 4) where !characters.isEmpty {
      let place = random.nextIndex(below: characters.count)
      let length = 1 + random.nextIndex(below: min(12, characters.count - place))
      let inserted = Array("{}[]:,&*!|>'\"%@`\t\n \u{0}\u{FEFF}眼-#")
      switch random.nextIndex(below: 4) {
      case 0: characters.removeSubrange(place..<place + length)
      case 1: characters.insert(contentsOf: characters[place..<place + length], at: place)
      case 2: characters.swapAt(place, random.nextIndex(below: characters.count))
      default: characters.insert(inserted[random.nextIndex(below: inserted.count)], at: place)
      }
    }
    return String(characters)
  }

  @Test("A damaged catalog reads or is one error of ours", arguments: [UInt64(1), 2, 3])
  func catalog(_ seed: UInt64) throws {
    var refused = 0
    for round in 0..<300 {
      var random = RandomSource(seed: seed, UInt32(round))
      let text = damaged(smallCatalog, &random)
      do {
        _ = try DatasetCatalog(text: text, file: URL(filePath: "/sets.yaml"))
      } catch let error as DatasetsError {
        refused += 1
        #expect(!error.description.contains("\n"), "seed \(seed), round \(round): \(error)")
      }
    }
    #expect(refused > 100)
  }

  @Test("A damaged table reads or is one error of ours", arguments: [UInt64(1), 2])
  func table(_ seed: UInt64) throws {
    let twin = try IDRiDTwin()
    let root = try twin.write()
    let dataset = try IDRiDTwin.dataset()
    let text = IDRiDTwin.trainText(twin.train)
    for round in 0..<60 {
      var random = RandomSource(seed: seed, UInt32(round))
      try twin.folder.write(damaged(text, &random), IDRiDTwin.trainTable)
      do {
        let contents = try dataset.open(root: root)
        let count = contents.samples.count { $0.split == "train" }
        #expect(count <= 30, "seed \(seed), round \(round)")
      } catch let error as DatasetsError {
        #expect(error.path.contains("IDRiD"), "seed \(seed), round \(round): \(error)")
      }
    }
  }

  @Test(
    "Deep nesting, endless aliases and bytes that are no text are refused",
    arguments: [
      String(repeating: "[", count: 100_000), String(repeating: "- ", count: 20_000),
      String(repeating: "{a: ", count: 50_000), "&a [*a]", "*a", "--- 1\n--- 2\n",
      "%YAML 9.9\n---\n",
      "- name: x\n\tversion: 1", "- ? [a]\n  : b", "- 1: 2\n  1: 3", "\u{0}\u{1}\u{2}",
    ]
  )
  func yaml(_ text: String) throws {
    #expect(throws: DatasetsError.self) {
      try DatasetCatalog(text: text, file: URL(filePath: "/sets.yaml"))
    }
  }

  @Test("A binary file for a table is one line")
  func binaryTable() throws {
    let twin = try IDRiDTwin()
    let root = try twin.write()
    try twin.folder.write(Data([0x89, 0x50, 0x4E, 0x47, 0x0A, 0xFF, 0x00]), IDRiDTwin.trainTable)
    let error = #expect(throws: DatasetsError.self) { try IDRiDTwin.dataset().open(root: root) }
    #expect(error?.reason == .unreadable(detail: "it is not UTF-8; save it as UTF-8"))
    #expect(error?.line == 1)
  }

  @Test("A file in the place of a folder is named")
  func fileForFolder() throws {
    let twin = try IDRiDTwin()
    let root = try twin.write()
    try FileManager.default.removeItem(at: root.appending(path: IDRiDTwin.testImages))
    try twin.folder.write("x", IDRiDTwin.testImages)
    let error = #expect(throws: DatasetsError.self) { try IDRiDTwin.dataset().open(root: root) }
    #expect(error?.description.contains("expected a folder of images") == true)
    #expect(error?.path.hasSuffix(IDRiDTwin.testImages) == true)
  }

  @Test("Unreadable pictures are left out by name; the rest goes on")
  func unreadable() throws {
    let twin = try IDRiDTwin()
    let contents = try IDRiDTwin.dataset().open(root: twin.write())
    let rest = contents.removing(unreadable: [
      "train/IDRiD_002": "truncated", "test/IDRiD_002": "?",
    ])
    #expect(rest.samples.count == 38 && rest.splitCounts.map(\.found) == [29, 9])
    #expect(
      rest.exclusions.map(\.description) == [
        "train/IDRiD_002: unreadable image: truncated", "test/IDRiD_002: unreadable image: ?",
      ]
    )
    let task = try rest.contents(of: rest.dataset.tasks[0])
    #expect(task.positions.map { rest.samples[$0].id } == task.samples.map(\.id))
    let none = contents.removing(
      unreadable: Dictionary(
        uniqueKeysWithValues: contents.samples.filter { $0.split == "test" }.map { ($0.id, "?") }
      )
    )
    #expect(throws: DatasetsError.self) { try none.contents(of: none.dataset.tasks[0]) }
  }
}
