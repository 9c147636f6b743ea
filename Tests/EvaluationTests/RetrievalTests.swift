import Checkpoints
import Datasets
import Evaluation
import Foundation
import Imaging
import Metrics
import Models
import Reporting
import Results
import Tensors
import TestSupport
import Testing

/// Drawn photographs, a tiny pair of encoders that can read their reports, and folders.
private final class RetrievalScene {
  let folder: URL
  let dataset: Dataset

  init(_ description: String = drawn, hasText: Bool = true) throws {
    folder = try Fixtures.temporaryDirectory()
    let catalog = try DatasetCatalog(text: description, file: folder.appending(path: "sets.yaml"))
    dataset = catalog.datasets[0]
    let collection = SyntheticCollection(seed: 7, count: 60, size: 32, difficulty: 0.3)
    try TinyModel.write(
      to: folder.appending(path: "tiny.h5"),
      sentences: (0..<60).map { collection.record($0).report } + ["出血渗出正常"],
      hasText: hasText
    )
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static let drawn = """
    - name: drawn
      version: 1
      title: Sixty drawn photographs
      adapter: synthetic
      generator: { seed: 7, count: 60, size: 32, difficulty: 0.3 }
      splits: { train: { count: 36 }, validation: { count: 12 }, test: { count: 12 } }
      tasks:
        disease:
          title: The eye's disease
          kind: multiclass
          column: disease
          classes: [normal, diabetic-retinopathy, macular-degeneration, glaucoma, myopia]
      license: none
      source: { title: Drawn by vbench }
    """

  /// A table with reports; `images` are drawn beside it.
  static func table(_ keys: String, split: String = "test") -> String {
    """
    - name: written
      version: 1
      title: A table with reports
      adapter: csv
      root: written
      image_column: image
      \(keys)
      splits: { \(split): { table: labels.csv, images: images } }
      tasks:
        level: { title: Level, kind: binary, column: level, classes: [low, high] }
      license: none
      source: { title: Nobody }
    """
  }

  /// Writes a table and a drawn picture for each of its `count` rows, `p0.png` and on.
  func write(_ rows: String, count: Int) throws {
    let collection = SyntheticCollection(seed: 7, count: 60, size: 32, difficulty: 0.3)
    let images = folder.appending(path: "images")
    try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
    for index in 0..<count {
      let file = images.appending(path: "p\(index).png").path(percentEncoded: false)
      try PNGWriter.write(collection.sample(index).image, to: file, compressionLevel: 1)
    }
    try Data(("image,level,report,patient\n" + rows).utf8)
      .write(to: folder.appending(path: "labels.csv"))
  }

  func run(
    _ preset: String,
    threads: Int = 2,
    observer: any EvaluationObserver = SilentObserver()
  ) throws -> Evaluator.Finished {
    let device = Device(threadCount: threads)
    let checkpoint = folder.appending(path: "tiny.h5").path(percentEncoded: false)
    let options = EvaluationOptions(
      runsFolder: folder.appending(path: "runs"),
      cache: FeatureCache(folder: folder.appending(path: "cache")),
      bootstrap: try BootstrapOptions(replicates: 30, seed: 3)
    )
    return try Evaluator(
      ModelBundle(checkpoint: checkpoint, on: device),
      on: device,
      options: options,
      observer: observer
    ).run(ProtocolPreset.named(preset), dataset.tasks[0], in: dataset.open(root: folder))
  }

  var runNames: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "runs").path))
      ?? []
  }
}

extension RunResult {
  fileprivate func value(_ metric: Metric) throws -> Double {
    try require(metrics.first { $0.identifier == metric.identifier }?.value.number)
  }
}

/// Images searched by reports and reports by images, with a tiny model.
@Suite("Retrieval runs") struct RetrievalRunTests {
  @Test("A run is of the whole set, is read back equal, and says how it was made")
  func roundTrip() throws {
    let scene = try RetrievalScene()
    let finished = try scene.run("exact-pair")
    let result = finished.result
    #expect(try RunResult(contentsOf: finished.file) == result)
    #expect(finished.encodedCount == 12, "only the test split is encoded")
    #expect(result.dataset.task == "retrieval" && result.dataset.taskKind == "retrieval")
    #expect(result.dataset.evaluatedSplit == "test" && result.dataset.evaluatedCount == 12)
    #expect(result.dataset.classes.isEmpty && result.dataset.exclusions.isEmpty)
    #expect(result.dataset.checksums.map(\.name) == ["pairs"])
    #expect(result.evaluationProtocol.name == "retrieval")
    #expect(result.evaluationProtocol.preset == "exact-pair")
    let parameters = result.evaluationProtocol.parameters
    #expect(parameters.contains { $0.name == "ties" && "\($0.value)".contains("pessimistic") })
    #expect(!parameters.contains { $0.name == "validation share" })
    #expect(
      result.model.features?.kind == "projected" && result.model.features?.isNormalized == true
    )
    #expect(result.metrics.count == 8 && result.repeats.count == 1)
    #expect(
      result.metrics.allSatisfy { $0.confidenceInterval?.method.hasPrefix("cluster") == true }
    )
    #expect(scene.runNames == [result.run.id])
    for format in ReportFormat.allCases {
      let text = format.text(of: [result])
      // A table for programs has identifiers, one for people has names.
      #expect(text.contains("R@10") || text.contains("recall-at-10"), "\(format)")
      #expect(text.contains("drawn"), "\(format)")
    }
    let again = try scene.run("exact-pair")
    #expect(again.encodedCount == 0 && again.result.metrics == result.metrics)
  }

  @Test("The metrics are had again from predictions.h5 alone, by the rule as it is stated")
  func recomputed() throws {
    let scene = try RetrievalScene()
    for preset in ["exact-pair", "same-text"] {
      let finished = try scene.run(preset)
      let path = finished.file.deletingLastPathComponent().appending(path: "predictions.h5")
      #expect(finished.result.artefacts.map(\.sha256) == [try fileSHA256(path)])
      let file = try HDF5File(reading: path.path(percentEncoded: false))
      let ids = try file.readStrings("/ids")
      let sentences = try file.readStrings("/sentences")
      let textOf = try file.read("/text_of", as: Int64.self).values.map { Int($0) }
      let images = try rows(file, "/images")
      let texts = try rows(file, "/texts")
      #expect(ids.count == 12 && images.count == 12 && Set(sentences).count == sentences.count)
      let collection = try require(scene.dataset.collection)
      for (row, id) in ids.enumerated() {
        let record = try require(
          (0..<60).map(collection.record).first { id == "\($0.split.rawValue)/\($0.id)" }
        )
        #expect(sentences[textOf[row]] == record.report.dropFirst(3))
      }
      let forward = try file.read("/image_to_text", as: Double.self).values
      let backward = try file.read("/text_to_image", as: Double.self).values
      for query in ids.indices {
        func isRight(_ other: Int) -> Bool {
          preset == "same-text" ? textOf[other] == textOf[query] : other == query
        }
        func place(_ similarity: (Int) -> Double) -> Double {
          let best = ids.indices.filter(isRight).map(similarity).max() ?? 0
          return Double(1 + ids.indices.count { !isRight($0) && similarity($0) >= best })
        }
        #expect(forward[query] == place { cosine(images[query], texts[textOf[$0]]) })
        #expect(backward[query] == place { cosine(images[$0], texts[textOf[query]]) })
      }
      let first = Double(forward.count { $0 == 1 }) / 12
      #expect(try finished.result.value(.imageToTextRecallAt1) == first)
      let ten = Double(backward.count { $0 <= 10 }) / 12
      #expect(try finished.result.value(.textToImageRecallAt10) == ten)
    }
  }

  private func rows(_ file: HDF5File, _ name: String) throws -> [[Double]] {
    let read = try file.read(name, as: Float.self)
    return (0..<read.shape[0]).map { row in
      let values = read.values[row * read.shape[1]..<(row + 1) * read.shape[1]].map(Double.init)
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return values.map { $0 / length }
    }
  }

  private func cosine(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test("One thread and four give the same bits")
  func threads() throws {
    let one = try RetrievalScene().run("exact-pair", threads: 1)
    let four = try RetrievalScene().run("exact-pair", threads: 4)
    #expect(one.result.metrics == four.result.metrics)
    #expect(one.result.artefacts.map(\.sha256) == four.result.artefacts.map(\.sha256))
  }

  @Test("A table's reports: eye marks are dropped, equal texts are right for each other")
  func table() throws {
    let scene = try RetrievalScene(RetrievalScene.table("report_column: Report"))
    try scene.write(
      "p0,0,左眼：出血,1\np1,1,右眼：出血,1\np2,0,渗出,2\np3,1,左眼：,3\np4,0,正常,4\n",
      count: 5
    )
    let exact = try scene.run("exact-pair").result
    let same = try scene.run("same-text").result
    #expect(exact.dataset.evaluatedCount == 4)
    #expect(exact.dataset.exclusions.map(\.name) == ["p3"])
    #expect(exact.dataset.exclusions[0].reason.hasPrefix("missing report"))
    let distinct = exact.evaluationProtocol.parameters.first { $0.name == "distinct texts" }
    #expect(distinct.map { "\($0.value)" } == "3")
    // Of two equal texts one image's twin is always before the right one.
    #expect(try exact.value(.imageToTextRecallAt1) <= 0.5)
    #expect(
      try same.value(.imageToTextMedianRank) <= exact.value(.imageToTextMedianRank)
    )
    #expect(exact.metrics[2].value.undefinedReason != nil, "ten of four")
  }

  @Test("A picture that can't be read is left out by name")
  func unreadable() throws {
    let scene = try RetrievalScene(RetrievalScene.table("report_column: report", split: "all"))
    try scene.write("p0,0,出血,1\np1,1,渗出,1\np2,0,正常,2\n", count: 3)
    try Data("no image".utf8).write(to: scene.folder.appending(path: "images/p1.png"))
    let result = try scene.run("exact-pair").result
    #expect(result.dataset.evaluatedSplit == "all" && result.dataset.evaluatedCount == 2)
    #expect(result.dataset.exclusions.map(\.name) == ["p1"])
    #expect(result.dataset.exclusions[0].reason.hasPrefix("unreadable image"))
  }

  @Test("Without reports, a test split or a text encoder it is refused before a picture is encoded")
  func refusals() throws {
    let recorder = Recorder()
    let silent = try RetrievalScene(RetrievalScene.table(""))
    try silent.write("p0,0,出血,1\np1,1,渗出,1\n", count: 2)
    let unwritten = #expect(throws: EvaluationError.self) {
      try silent.run("exact-pair", observer: recorder)
    }
    #expect(unwritten?.reason == .noReports(dataset: "written"))
    #expect(unwritten?.description.contains("report_column") == true)
    let training = try RetrievalScene(RetrievalScene.table("report_column: report", split: "train"))
    try training.write("p0,0,出血,1\np1,1,渗出,1\n", count: 2)
    let untested = #expect(throws: EvaluationError.self) {
      try training.run("exact-pair", observer: recorder)
    }
    #expect(untested?.description.contains("neither a test split") == true)
    let blank = try RetrievalScene(RetrievalScene.table("report_column: report"))
    try blank.write("p0,0,,1\np1,1,左眼：,1\n", count: 2)
    let empty = #expect(throws: EvaluationError.self) {
      try blank.run("exact-pair", observer: recorder)
    }
    #expect(empty?.description.contains("none of its 2 samples has a report") == true)
    let blind = try RetrievalScene(hasText: false)
    let textless = #expect(throws: ModelsError.self) {
      try blind.run("exact-pair", observer: recorder)
    }
    #expect(textless?.reason == .noTextEncoder)
    #expect(textless?.description.contains("retrieval") == true)
    #expect(recorder.begun.isEmpty)
    #expect((silent.runNames + training.runNames + blank.runNames + blind.runNames).isEmpty)
  }
}
