import Datasets
import Foundation
import TestSupport
import Testing

/// A small valid catalog; tests change single lines of it.
let smallCatalog = """
  - name: fundus
    version: 1
    title: A set
    adapter: csv
    root: fundus
    image_column: image
    splits:
      train: { table: train.csv, images: train, count: 4 }
      test: { table: test.csv, images: test }
    templates: { zh: ["{}"], en: ["a photo of {}", "{}"] }
    absent_templates: { zh: ["无{}"], en: ["no {}"] }
    tasks:
      grade:
        title: The grade
        kind: multiclass
        ordered: true
        column: level
        classes: [none, mild, severe]
        class_counts: { train: [2, 1, 1] }
        prompts:
          en: { none: [a normal fundus], mild: [mild disease, slight disease], severe: [disease] }
      sick:
        title: Any disease
        kind: binary
        derive: { from: grade, positive: [1, 2] }
        classes: [healthy, sick]
      findings:
        title: Findings
        kind: multilabel
        columns: [D, G]
        classes: [diabetes, glaucoma]
        prompts:
          zh: { diabetes: [糖网], glaucoma: [青光眼] }
    license: CC0-1.0
    source: { title: Nobody }
  """

@Suite("datasets.yaml")
struct CatalogTests {
  @Test("A valid catalog reads as written")
  func valid() throws {
    let catalog = try DatasetCatalog(text: smallCatalog, file: URL(filePath: "sets.yaml"))
    let dataset = try catalog["fundus"]
    #expect(dataset.splits.map(\.name) == ["train", "test"])
    #expect(dataset.splits.map(\.count) == [4, nil])
    #expect(dataset.tasks.map(\.name) == ["grade", "sick", "findings"])
    #expect(catalog.rootNames == ["fundus"])
    #expect(dataset.place.hasSuffix("sets.yaml:1"))
    let grade = try dataset.task("grade")
    #expect(grade.isOrdered)
    #expect(grade.labels == .column("level", values: ["0": 0, "1": 1, "2": 2]))
    #expect(grade.classCounts == ["train": [2, 1, 1]])
    let english = try require(grade.prompts(in: .english))
    #expect(grade.prompts(in: .chinese) == nil)
    #expect(
      english.sentences(forClass: 1) == [
        "a photo of mild disease", "a photo of slight disease", "mild disease", "slight disease",
      ]
    )
    #expect(english.absentSentences(forClass: 1).isEmpty)
    let findings = try dataset.task("findings")
    #expect(findings.labels == .columns(["D", "G"]))
    let chinese = try require(findings.prompts(in: .chinese))
    #expect(chinese.absentSentences(forClass: 0) == ["无糖网"])
    #expect(try dataset.task("sick").labels == .derived(from: "grade", positive: [1, 2]))
  }

  @Test("A selection is a set, or a set and a task")
  func selection() throws {
    let catalog = try DatasetCatalog(text: smallCatalog, file: URL(filePath: "sets.yaml"))
    #expect(try catalog.selection("fundus").tasks.count == 3)
    #expect(try catalog.selection("fundus/sick").tasks.map(\.name) == ["sick"])
    let task = #expect(throws: DatasetsError.self) { try catalog.selection("fundus/sik") }
    #expect(
      task?.description
        == "‘fundus’ has no task ‘sik’ (did you mean ‘sick’?); its tasks: grade, sick, findings"
    )
    let set = #expect(throws: DatasetsError.self) { try catalog["fundis"] }
    #expect(set?.reason == .unknownDataset(name: "fundis", known: ["fundus"]))
  }

  @Test("What the schema doesn't know is an error with its line", arguments: CatalogFault.all)
  func fault(_ fault: CatalogFault) throws {
    #expect(smallCatalog.contains(fault.original))
    let text = smallCatalog.replacing(fault.original, with: fault.replacement, maxReplacements: 1)
    let error = #expect(throws: DatasetsError.self) {
      try DatasetCatalog(text: text, file: URL(filePath: "/sets.yaml"))
    }
    let description = error?.description ?? ""
    #expect(description.hasPrefix("/sets.yaml:\(fault.line):"), "\(description)")
    #expect(description.contains(fault.message), "\(description)")
    #expect(error?.isMissingInput == false)
  }

  @Test("Names are unique, and a catalog is a list of entries")
  func wholeFile() throws {
    let file = URL(filePath: "/sets.yaml")
    let twice = #expect(throws: DatasetsError.self) {
      try DatasetCatalog(text: smallCatalog + "\n" + smallCatalog, file: file)
    }
    #expect(twice?.reason == .duplicateName(name: "fundus", firstLine: 1))
    #expect(twice?.line == 36)
    for text in ["", "# nothing\n", "datasets: 1", "[]", "just text", "- 3"] {
      #expect(throws: DatasetsError.self) { try DatasetCatalog(text: text, file: file) }
    }
    let missing = #expect(throws: DatasetsError.self) {
      try DatasetCatalog.load(from: URL(filePath: "/nowhere/sets.yaml"))
    }
    #expect(missing?.reason == .notFound && missing?.isMissingInput == true)
    let folder = try TemporaryFolder()
    let latin = try folder.write(Data([0x2D, 0x20, 0x61, 0x0A, 0xFF, 0xFE]), "sets.yaml")
    let encoding = #expect(throws: DatasetsError.self) { try DatasetCatalog(file: latin) }
    #expect(encoding?.line == 2)
  }
}

@Suite("The shipped datasets.yaml")
struct ShippedCatalogTests {
  @Test("It is found without being named, and every task has prompts in both languages")
  func complete() throws {
    let found = try DatasetCatalog.load()
    #expect(found.datasets == (try DatasetCatalog(text: readShipped(), file: found.file)).datasets)
    #expect(
      found.datasets.map(\.name) == [
        "synthetic-fundus", "synthetic-small", "synthetic-screening", "idrid-grading",
        "drive", "idrid-lesions", "idrid-disc", "retinal-lesions", "retinal-lesions-lists",
        "refuge-disc-cup", "fives-vessels", "chase-db1", "stare", "stare-second", "hrf",
        "ddr-lesions", "synthetic-masks",
      ]
    )
    for dataset in found.datasets {
      for task in dataset.tasks {
        for language in PromptLanguage.allCases {
          let prompts = try require(task.prompts(in: language))
          #expect(prompts.synonyms.count == task.classes.count)
          let all = task.classes.indices.flatMap { prompts.sentences(forClass: $0) }
          #expect(Set(all).count == all.count, "a sentence stands for two classes of \(task.name)")
          #expect(prompts.absentTemplates.isEmpty == (task.kind != .multilabel))
        }
        for (split, counts) in task.classCounts {
          #expect(counts.reduce(0, +) == dataset.split(split)?.count, "\(task.name) \(split)")
        }
      }
    }
  }

  @Test("IDRiD's tasks: two grades and what follows from one")
  func idrid() throws {
    let dataset = try IDRiDTwin.dataset()
    #expect(dataset.tasks.map(\.name) == ["dr-grade", "referable", "dme-risk"])
    #expect(dataset.tasks.map(\.classes.count) == [5, 2, 3])
    #expect(dataset.splits.map(\.count) == [413, 103])
    let grades = try dataset.task("dr-grade").classCounts["train"] ?? []
    let referable = try dataset.task("referable").classCounts["train"] ?? []
    #expect(referable == [grades[0] + grades[1], grades[2] + grades[3] + grades[4]])
  }

  private func readShipped() throws -> String {
    try String(contentsOf: shippedCatalog, encoding: .utf8)
  }
}
