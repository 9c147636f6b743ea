import Datasets
import Foundation
import Parallelism
import TestSupport
import Testing

@Suite("IDRiD's layout")
struct IDRiDTests {
  private func open(_ twin: IDRiDTwin) throws -> DatasetContents {
    try IDRiDTwin.dataset().open(root: twin.write())
  }

  @Test("Quirks of the published tables are read; sizes are reported, not refused")
  func published() throws {
    let contents = try open(IDRiDTwin())
    #expect(contents.samples.count == 40 && contents.exclusions.isEmpty)
    #expect(contents.splitCounts.map(\.found) == [30, 10])
    #expect(
      contents.warnings == [
        "split ‘train’: 30 of 413 declared samples", "split ‘test’: 10 of 103 declared samples",
      ]
    )
    #expect(Set(contents.samples.map(\.id)).count == 40)
    #expect(contents.samples.map(\.id).filter { $0.hasSuffix("/IDRiD_001") }.count == 2)
    #expect(contents.checksums.map(\.path) == [IDRiDTwin.trainTable, IDRiDTwin.testTable])
    let digits = "0123456789abcdef"
    #expect(contents.checksums.allSatisfy { $0.sha256.count == 64 })
    #expect(contents.checksums.allSatisfy { $0.sha256.allSatisfy(digits.contains) })
  }

  @Test("Each task has its own labels")
  func tasks() throws {
    let contents = try open(IDRiDTwin())
    let dataset = contents.dataset
    let grade = try contents.contents(of: dataset.task("dr-grade"))
    #expect(grade.labels == .classes((0..<30).map { $0 % 5 } + (0..<10).map { $0 % 5 }))
    #expect(grade.indices(ofSplit: "test") == Array(30..<40))
    #expect(grade.classCounts(grade.indices(ofSplit: "train")) == [6, 6, 6, 6, 6])
    let referable = try contents.contents(of: dataset.task("referable"))
    #expect(
      referable.labels[Array(0..<5)] == .classes([0, 0, 1, 1, 1])
    )
    let risk = try contents.contents(of: dataset.task("dme-risk"))
    #expect(risk.classCounts(risk.indices(ofSplit: "test")) == [4, 3, 3])
  }

  @Test("The order of a table's rows has no effect")
  func rowOrder() throws {
    var reversed = try IDRiDTwin()
    reversed.train.reverse()
    let first = try open(IDRiDTwin())
    let second = try open(reversed)
    #expect(first.samples.map(\.id) == second.samples.map(\.id))
    #expect(first.samples.map(\.labels) == second.samples.map(\.labels))
  }

  @Test("A label out of range leaves the image out of that task only, with file and line")
  func outOfRange() throws {
    var twin = try IDRiDTwin()
    twin.train[3].grade = "7"
    twin.train[4].grade = ""
    let contents = try open(twin)
    #expect(contents.samples.count == 40)
    let exclusions = contents.exclusions.filter { $0.task == "dr-grade" }
    #expect(exclusions.map(\.kind) == [.labelOutOfRange, .missingLabel])
    #expect(
      contents.exclusions.filter { $0.task == "referable" }.map(\.kind)
        == [.labelOutOfRange, .missingLabel]
    )
    #expect(exclusions.map(\.name) == ["IDRiD_004", "IDRiD_005"])
    #expect(
      exclusions[0].detail
        == "\(IDRiDTwin.trainTable):5: column ‘Retinopathy grade’ is ‘7’, expected 0, 1, 2, 3, 4"
    )
    let dataset = contents.dataset
    let grade = try contents.contents(of: dataset.task("dr-grade"))
    #expect(grade.positions == Array(0..<30).filter { $0 != 3 && $0 != 4 } + Array(30..<40))
    #expect(grade.positions.map { contents.samples[$0].id } == grade.samples.map(\.id))
    #expect(try contents.contents(of: dataset.task("referable")).samples.count == 38)
    #expect(try contents.contents(of: dataset.task("dme-risk")).samples.count == 40)
    #expect(try contents.contents(of: dataset.task("dme-risk")).exclusions.isEmpty)
  }

  @Test("Rows without images and images without rows are left out by name")
  func unmatched() throws {
    let twin = try IDRiDTwin()
    let root = try twin.write()
    try FileManager.default.removeItem(
      at: root.appending(path: "\(IDRiDTwin.testImages)/IDRiD_002.jpg")
    )
    try twin.folder.write(tinyPNG(), "\(IDRiDTwin.trainImages)/IDRiD_099.JPG")
    try twin.folder.write("x", "\(IDRiDTwin.trainImages)/Thumbs.db")
    let contents = try IDRiDTwin.dataset().open(root: root)
    #expect(contents.exclusions.map(\.kind) == [.missingImage, .imageWithoutRow])
    #expect(contents.exclusions.map(\.name) == ["IDRiD_002", "IDRiD_099"])
    #expect(contents.exclusions.map(\.split) == ["test", "train"])
    #expect(contents.exclusions[0].detail.hasPrefix("\(IDRiDTwin.testTable):3: "))
    #expect(contents.samples.count == 39)
  }

  @Test("Folders whose names differ in letter case or white space are found")
  func folderNames() throws {
    let twin = try IDRiDTwin()
    let root = try twin.write()
    try FileManager.default.moveItem(
      at: root.appending(path: IDRiDTwin.grading),
      to: root.appending(path: "B.  disease grading")
    )
    let contents = try IDRiDTwin.dataset().open(root: root)
    #expect(contents.samples.count == 40)
    #expect(contents.checksums[0].path.hasPrefix("B.  disease grading/2. Groundtruths/"))
    try twin.folder.write("x", "B. DISEASE GRADING/x")
    #expect(throws: DatasetsError.self) { try IDRiDTwin.dataset().open(root: root) }
  }

  @Test("Repeated rows count once, contradictory ones not at all")
  func repeated() throws {
    var twin = try IDRiDTwin()
    twin.train.append(twin.train[0])
    twin.train.append((2, "4", "2"))
    let contents = try open(twin)
    #expect(
      contents.exclusions.map(\.kind) == [.contradictoryRows, .repeatedRow, .contradictoryRows]
    )
    #expect(contents.splitCounts.map(\.found) == [29, 10])
  }

  @Test("Missing columns, folders and empty tables stop the set with what was found")
  func structure() throws {
    let twin = try IDRiDTwin()
    let root = try twin.write()
    try twin.folder.write("Image name,Grade\nIDRiD_001,2\n", IDRiDTwin.testTable)
    let column = #expect(throws: DatasetsError.self) {
      try IDRiDTwin.dataset().open(root: root)
    }
    #expect(
      column?.reason
        == .missingColumn(column: "Retinopathy grade", found: ["Image name", "Grade"])
    )
    #expect(column?.path.hasSuffix(IDRiDTwin.testTable) == true && column?.line == 1)
    let header = "Image name,Retinopathy grade,Risk of macular edema\n"
    try twin.folder.write(header, IDRiDTwin.testTable)
    let empty = #expect(throws: DatasetsError.self) { try IDRiDTwin.dataset().open(root: root) }
    guard case .emptySplit("test", let excluded) = empty?.reason else {
      Issue.record("\(String(describing: empty))")
      return
    }
    #expect(excluded.count == 10)
    try twin.folder.write(header + "IDRiD_001,9,9\n", IDRiDTwin.testTable)
    #expect(throws: DatasetsError.self) { try IDRiDTwin.dataset().open(root: root) }
    try twin.folder.write("", IDRiDTwin.testTable)
    let blank = #expect(throws: DatasetsError.self) { try IDRiDTwin.dataset().open(root: root) }
    #expect(blank?.description.contains("it is empty, expected a header") == true)
    let wrongRoot = #expect(throws: DatasetsError.self) {
      try IDRiDTwin.dataset().open(root: root.appending(path: IDRiDTwin.grading))
    }
    #expect(
      wrongRoot?.reason
        == .missingInLayout(
          wanted: IDRiDTwin.trainTable,
          present: ["1. Original Images", "2. Groundtruths"]
        )
    )
    #expect(wrongRoot?.isMissingInput == true)
  }

  @Test("Content keys are the files' SHA-256, on any number of threads")
  func contentKeys() throws {
    let twin = try IDRiDTwin()
    let contents = try open(twin)
    let sources = contents.samples.map(\.source)
    let keys = try contents.contentKeys(of: sources, pool: WorkerPool(threadCount: 2))
      .map { try $0.get() }
    #expect(keys == (try sources.map { try contents.contentKey(of: $0) }))
    #expect(Set(keys).count == 40)
    let folder = twin.folder
    let file = try folder.write("abc", "abc.txt")
    #expect(
      try fileSHA256(file) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    #expect(throws: DatasetsError.self) { try fileSHA256(folder.url.appending(path: "none")) }
  }
}

@Suite(
  "IDRiD, the real subset",
  .enabled(if: Fixtures.realData != nil, "the real data's folder: needs VBENCH_DATA")
)
struct RealIDRiDTests {
  @Test("121 and 62 photographs, with the known class counts")
  func counts() throws {
    let root = try require(Fixtures.realData).appending(path: "IDRiD")
    let contents = try IDRiDTwin.dataset().open(root: root)
    #expect(contents.splitCounts.map(\.found) == [121, 62])
    #expect(contents.exclusions.isEmpty)
    #expect(contents.warnings.first == "split ‘train’: 121 of 413 declared samples")
    let grade = try contents.contents(of: contents.dataset.task("dr-grade"))
    #expect(grade.classCounts(grade.indices(ofSplit: "train")) == [39, 6, 40, 22, 14])
    #expect(grade.classCounts(grade.indices(ofSplit: "test")) == [20, 4, 19, 11, 8])
    let risk = try contents.contents(of: contents.dataset.task("dme-risk"))
    #expect(risk.classCounts(risk.indices(ofSplit: "train")) == [50, 12, 59])
    #expect(risk.classCounts(risk.indices(ofSplit: "test")) == [27, 5, 30])
    let splits = try grade.splits()
    #expect(grade.classCounts(splits.validation) == [8, 1, 8, 4, 3])
    #expect(splits.train.count == 97)
    #expect(contents.check(readingImagesOn: WorkerPool(threadCount: 2)).isClean)
  }
}
