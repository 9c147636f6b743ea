import Datasets
import Evaluation
import Foundation
import Metrics
import Results
import Testing

/// Figures from elsewhere are read strictly.
@Suite("published.yaml") struct PublishedCatalogTests {
  private static let entry = """
    - model: W-Net
      origin: published
      dataset: drive
      task: vessels
      split: test
      count: 20
      protocol: segmentation
      preset: wnet-drive
      metrics:
        auc-pooled: 0.9811
        macro: { auc: 0.75, f1: 0.5 }
      source:
        title: A paper
        arxiv: 2009.01907
        place: Table 2
      notes: as the authors did
    """

  private func read(_ text: String) throws -> [PublishedResult] {
    try PublishedCatalog(text: text, file: "published.yaml").results
  }

  @Test("An entry has what stands in the file")
  func entry() throws {
    let expected = PublishedResult(
      model: "W-Net",
      origin: .published,
      dataset: "drive",
      task: "vessels",
      split: "test",
      count: 20,
      protocolName: "segmentation",
      preset: "wnet-drive",
      figures: [
        PublishedFigure(identifier: "auc-pooled", value: 0.9811),
        PublishedFigure(identifier: "auc", averaging: .macro, value: 0.75),
        PublishedFigure(identifier: "f1", averaging: .macro, value: 0.5),
      ],
      source: PublishedSource(title: "A paper", arxiv: "2009.01907", place: "Table 2"),
      notes: "as the authors did"
    )
    #expect(try read(Self.entry) == [expected])
    #expect(try read("# nothing yet\n").isEmpty)
  }

  @Test(
    "What is wrong is named with its line",
    arguments: [
      ("model: W-Net", "modle: W-Net", 1, "unknown key ‘modle’"),
      ("origin: published", "origin: measured", 2, "‘origin’ is ‘measured’"),
      ("split: test", "split: testing", 5, "‘split’ is ‘testing’"),
      ("count: 20", "count: twenty", 6, "‘count’ is"),
      ("protocol: segmentation", "protocol: fine-tune", 7, "‘protocol’ is ‘fine-tune’"),
      ("preset: wnet-drive", "preset: lbfgs-sweep", 8, "‘preset’ is ‘lbfgs-sweep’"),
      ("auc-pooled: 0.9811", "auc-pooled: 98.11", 10, "allowed: 0.0…1.0"),
      ("auc-pooled: 0.9811", "auc-poled: 0.9811", 10, "did you mean ‘auc-pooled’"),
      ("f1: 0.5 }", "f2: 0.5 }", 11, "unknown key ‘f2’"),
      ("    arxiv: 2009.01907\n", "", 13, "lacks the key ‘doi’"),
      ("    place: Table 2\n", "", 13, "lacks the key ‘place’"),
      ("origin: published", "origin: released-weights", 15, "‘place’ has no place here"),
    ]
  )
  func faults(_ right: String, _ wrong: String, _ line: Int, _ words: String) throws {
    let text = Self.entry.replacing(right, with: wrong, maxReplacements: 1)
    let error = #expect(throws: DatasetsError.self) { try read(text) }
    #expect(error?.line == line)
    #expect(error?.description.hasPrefix("published.yaml:\(line):") == true)
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test("The same thing is stated once")
  func repetition() {
    let error = #expect(throws: DatasetsError.self) { try read(Self.entry + "\n" + Self.entry) }
    #expect(error?.reason == .duplicateName(name: "W-Net", firstLine: 1))
    #expect(error?.line == 17)
  }

  @Test("The known names are those that reports of masks have")
  func names() throws {
    var masks = BinarySegmentation(className: "vessel", grid: .atLeast(0.5))
    try masks.add(name: "a", probabilities: [0.1, 0.9, 0.3], truth: [0, 1, 1], fieldOfView: nil)
    let report = SegmentationReport(
      [masks.counts(at: 0)],
      areas: [masks],
      hasBackground: false,
      policy: SegmentationPolicy()
    )
    #expect(report.metrics.count == 16)
    for metric in report.metrics {
      #expect(PublishedNames.known.metrics[metric.identifier] == 0...1, "\(metric.identifier)")
    }
  }
}

/// Every shipped figure belongs to a shipped data set.
@Suite("The shipped published.yaml") struct ShippedPublishedTests {
  private static let folder = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in
    url.deletingLastPathComponent()
  }

  @Test("Its data sets, tasks and splits are those of datasets.yaml")
  func catalog() throws {
    let file = Self.folder.appending(path: "published.yaml")
    let catalog = try DatasetCatalog(file: Self.folder.appending(path: "datasets.yaml"))
    let results = try PublishedCatalog(file: file).results
    #expect(!results.isEmpty)
    for result in results {
      let dataset = try catalog[result.dataset]
      let tasks = dataset.tasks.map(\.name) + dataset.maskTasks.map(\.name)
      #expect(tasks.contains(result.task), "\(result.dataset)/\(result.task)")
      let split = try #require(dataset.splits.first { $0.name == result.split })
      #expect(split.count == result.count, "\(result.dataset), \(result.split)")
    }
  }

  @Test("The W-Net's figures on DRIVE are marked as measured")
  func wNet() throws {
    let file = Self.folder.appending(path: "published.yaml")
    let result = try #require(
      PublishedCatalog(file: file).results.first { $0.model == "W-Net" && $0.dataset == "drive" }
    )
    #expect(result.origin == .releasedWeights && result.preset == "wnet-drive")
    let values = Dictionary(uniqueKeysWithValues: result.figures.map { ($0.identifier, $0.value) })
    let expected = [
      "auc-pooled": 0.9811, "dice-pooled": 0.8288, "sensitivity-pooled": 0.842,
      "specificity-pooled": 0.972, "accuracy-pooled": 0.956,
    ]
    #expect(values == expected)
  }
}
