import Datasets
import Foundation
import Parallelism
import TestSupport
import Testing

@Suite("Check, page and list")
struct CheckTests {
  @Test("A set as published has no finding but the subset's size")
  func clean() throws {
    let twin = try IDRiDTwin()
    let check = try IDRiDTwin.dataset().open(root: twin.write()).check()
    #expect(check.isClean)
    #expect(check.findings.map(\.level) == [.warning, .warning, .note, .note])
    #expect(check.classes.count == 5 + 2 + 3)
    #expect(check.classes[1].name == "mild")
    #expect(check.classes[1].found == [6, 2] && check.classes[1].declared == [20, 5])
  }

  @Test("Losses are errors, by kind and name; repeated pictures are found by content")
  func findings() throws {
    var twin = try IDRiDTwin()
    twin.train[3].grade = "9"
    let root = try twin.write()
    let place = { (folder: String, number: Int) in
      root.appending(path: "\(folder)/\(IDRiDTwin.name(number)).jpg")
    }
    try Data().write(to: place(IDRiDTwin.testImages, 3))
    try FileManager.default.removeItem(at: place(IDRiDTwin.trainImages, 9))
    try Data(contentsOf: place(IDRiDTwin.trainImages, 1))
      .write(to: place(IDRiDTwin.testImages, 7))
    let check = try IDRiDTwin.dataset().open(root: root)
      .check(readingImagesOn: WorkerPool(threadCount: 2))
    #expect(!check.isClean)
    let errors = check.findings.filter { $0.level == .error }.map(\.text)
    #expect(errors.count == 3)
    #expect(errors[0].hasPrefix("missing image: 1 left out: train/IDRiD_009"))
    #expect(errors[1].contains("label out of range: 1 left out: train/IDRiD_004"))
    #expect(errors[2].contains("test/IDRiD_003") && errors[2].contains("is empty"))
    #expect(
      check.findings.map(\.text).contains(
        "the same picture: train/IDRiD_001, test/IDRiD_007; it lies in several splits: "
          + "scores may be too good"
      )
    )
  }

  @Test("Class counts that differ at the declared size are reported")
  func classCounts() throws {
    var dataset = try IDRiDTwin.dataset()
    dataset.splits[1].count = 10
    dataset.tasks[0].classCounts["test"] = [3, 1, 2, 2, 2]
    let twin = try IDRiDTwin()
    let check = try dataset.open(root: twin.write()).check()
    #expect(
      check.findings.contains {
        $0.level == .warning
          && $0.text.hasPrefix(
            "‘dr-grade’, split ‘test’: class counts are [2, 2, 2, 2, 2], declared [3, 1, 2, 2, 2]"
          )
      }
    )
  }

  @Test("The page is made for every set, with and without its files")
  func pages() throws {
    let twin = try IDRiDTwin()
    let root = try twin.write()
    for dataset in try DatasetCatalog(file: shippedCatalog).datasets {
      let page = dataset.page()
      #expect(page.hasPrefix("# \(dataset.name)\n\n\(dataset.title)\n"))
      for task in dataset.tasks { #expect(page.contains("## Task `\(task.name)`")) }
      for table in page.split(separator: "\n\n") where table.hasPrefix("|") {
        let widths = Set(table.split(separator: "\n").map { $0.count { $0 == "|" } })
        #expect(widths.count == 1, "\(table)")
      }
    }
    let dataset = try IDRiDTwin.dataset()
    let page = try dataset.page(contents: dataset.open(root: root))
    #expect(page.contains("| train | 413 | 30 |"))
    #expect(page.contains("| 1 | mild | 20 | 6 | 5 | 2 |"))
    #expect(page.contains("Derived from `dr-grade`: positive where its index is 2, 3, 4."))
    #expect(page.contains("- split ‘train’: 30 of 413 declared samples"))
  }

  @Test("The list says what there is and where")
  func list() throws {
    let catalog = try DatasetCatalog(file: shippedCatalog)
    let folder = try TemporaryFolder()
    let file = try folder.write("roots: { idrid: nowhere }", "roots.yaml")
    let summaries = catalog.summaries(
      roots: try DataRoots(pairs: [], file: file, known: catalog.rootNames)
    )
    #expect(
      summaries.map(\.name) == [
        "synthetic-fundus", "synthetic-small", "synthetic-screening", "idrid-grading",
        "drive", "idrid-lesions", "idrid-disc", "retinal-lesions", "retinal-lesions-lists",
        "refuge-disc-cup", "fives-vessels", "chase-db1", "stare", "stare-second", "hrf",
        "ddr-lesions", "synthetic-masks",
      ]
    )
    #expect(summaries[0].availability == .drawn && summaries[0].root == nil)
    #expect(summaries[3].sizes == "train 413, test 103")
    #expect(
      summaries[3].tasks == [
        "dr-grade (multiclass, 5)", "referable (binary, 2)", "dme-risk (multiclass, 3)",
      ]
    )
    guard case .rootMissing = summaries[3].availability else {
      Issue.record("\(summaries[3].availability)")
      return
    }
    let present = try DataRoots(
      pairs: ["idrid=\(folder.url.path(percentEncoded: false))"],
      file: file,
      known: catalog.rootNames
    )
    guard case .present = catalog.summaries(roots: present)[3].availability else {
      Issue.record("the root is there")
      return
    }
  }
}

@Suite("The drawn set")
struct DrawnSetTests {
  @Test("It has the declared sizes, both tasks and both eyes of a patient in one split")
  func contents() throws {
    let dataset = try DatasetCatalog(file: shippedCatalog)["synthetic-fundus"]
    let contents = try dataset.open(root: nil)
    #expect(contents.splitCounts.map(\.found) == dataset.splits.map(\.count))
    #expect(contents.warnings.isEmpty && contents.exclusions.isEmpty)
    let collection = try require(dataset.collection)
    #expect(collection.count == contents.samples.count)
    let disease = try contents.contents(of: dataset.task("disease"))
    let findings = try contents.contents(of: dataset.task("findings"))
    for (index, sample) in contents.samples.enumerated() {
      guard case .synthetic(let number) = sample.source else {
        Issue.record("\(sample.id) is a file")
        return
      }
      let record = collection.record(number)
      #expect(
        sample.group == record.patient && sample.id == "\(record.split.rawValue)/\(record.id)"
      )
      let classes = disease.labels.positives(at: index).map { disease.task.classes[$0] }
      #expect(classes == [record.grade.rawValue])
      #expect(findings.labels[[index]] == .findings([record.labels.map { $0 ? 1 : 0 }]))
    }
    for task in [disease, findings] {
      let splits = try task.splits()
      #expect(splits.warnings.isEmpty, "\(splits.warnings)")
      #expect([splits.train, splits.validation, splits.test].map(\.count) == [360, 120, 120])
      #expect(splits.validationOrigin == .makers && splits.testOrigin == .makers)
    }
  }

  @Test("Content keys tell pictures apart and follow the generator")
  func keys() throws {
    var dataset = try DatasetCatalog(file: shippedCatalog)["synthetic-fundus"]
    let contents = try dataset.open(root: nil)
    let keys = try contents.samples.map { try contents.contentKey(of: $0.source) }
    #expect(Set(keys).count == keys.count)
    dataset.generator?.difficulty = 0.25
    let harder = try dataset.open(root: nil)
    #expect(
      try harder.contentKey(of: .synthetic(index: 0))
        != contents.contentKey(of: .synthetic(index: 0))
    )
  }

  @Test("A column that the program doesn't draw is an error")
  func unknownColumn() throws {
    var dataset = try DatasetCatalog(file: shippedCatalog)["synthetic-fundus"]
    dataset.tasks[0].labels = .column("diseases", values: [:])
    let error = #expect(throws: DatasetsError.self) { try dataset.open(root: nil) }
    #expect(error?.description.contains("(did you mean ‘disease’?)") == true)
  }
}
