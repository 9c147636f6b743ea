import Checkpoints
import Datasets
import Evaluation
import Foundation
import Metrics
import Models
import Optimizers
import Results
import TestSupport
import Testing

/// What can't be used is told by name; the rest goes on, or nothing is written.
@Suite struct BadInputTests {
  @Test("Corrupt and missing images are exclusions by name, and the rest is evaluated")
  func exclusions() throws {
    let scene = try Scene()
    let corrupt = try scene.photographs.file("test", 3)
    try Data(contentsOf: corrupt).prefix(300).write(to: corrupt)
    let garbage = try scene.photographs.file("train", 0)
    try Data("no image".utf8).write(to: garbage)
    let missing = try scene.photographs.file("validation", 1)
    try FileManager.default.removeItem(at: missing)
    let result = try scene.run(probe(), "disease").result
    #expect(result.dataset.splits.map(\.usedCount) == [19, 9, 9])
    let excluded = Dictionary(
      result.dataset.exclusions.map { ("\($0.split ?? "")/\($0.name)", $0.reason) },
      uniquingKeysWith: { first, _ in first }
    )
    #expect(excluded.count == 3)
    func reason(_ file: URL, _ split: String) -> String? {
      let name = "\(split)/\(file.deletingPathExtension().lastPathComponent)"
      return excluded[name] ?? excluded[name + ".png"]
    }
    #expect(reason(corrupt, "test")?.hasPrefix("unreadable image: ") == true)
    #expect(reason(garbage, "train")?.hasPrefix("unreadable image: ") == true)
    #expect(reason(missing, "validation")?.hasPrefix("missing image: ") == true)
    #expect(
      result.run.status
        == .mistrusted(reason: "the test split has 9 of 10 declared samples")
    )
    #expect(result.auc?.value.number != nil)
  }

  @Test("An image that was kept is used though its neighbours fail")
  func failuresAfterKeeping() throws {
    let scene = try Scene()
    _ = try scene.run(probe(), "disease")
    let corrupt = try scene.photographs.file("test", 3)
    try Data("no image".utf8).write(to: corrupt)
    let second = try scene.run(probe(), "disease")
    #expect(second.encodedCount == 0)
    #expect(second.result.dataset.exclusions.count == 1)
    #expect(second.result.dataset.evaluatedCount == 9)
  }

  @Test("A damaged file of features is told, and they are computed again", arguments: 0..<3)
  func damagedCache(_ kind: Int) throws {
    let scene = try Scene()
    let first = try scene.run(probe(), "disease")
    let file = try scene.cacheFile()
    let whole = try Data(contentsOf: file)
    switch kind {
    case 0: try whole.prefix(whole.count / 2).write(to: file)
    case 1: try Data("no HDF5".utf8).write(to: file)
    default:
      let narrow = try HDF5File(creating: file.path(percentEncoded: false))
      try narrow.write([Float](repeating: 0, count: 6), shape: [2, 3], to: "/features")
      try narrow.writeStrings(["a", "b"], to: "/ids")
      try narrow.commit()
    }
    let recorder = Recorder()
    let second = try scene.run(probe(), "disease", observer: recorder)
    #expect(second.encodedCount == 40 && second.result.measures(first.result))
    let told = recorder.warnings.filter { $0.hasSuffix("; the features are computed again") }
    #expect(told.count == 1 && told[0].contains(file.lastPathComponent))
    #expect(try scene.run(probe(), "disease").encodedCount == 0)
  }

  @Test("Another model's features are never taken for this one's")
  func keyOfTheModel() throws {
    let scene = try Scene()
    _ = try scene.run(probe(), "disease")
    let other = try Scene(seed: 2)
    try FileManager.default.copyItem(at: scene.cache, to: other.cache)
    #expect(try other.run(probe(), "disease").encodedCount == 40)
  }

  @Test("Pictures of one content are encoded once")
  func equalPictures() throws {
    let scene = try Scene()
    let first = try Data(contentsOf: scene.photographs.file("train", 0))
    for index in 1..<20 { try first.write(to: scene.photographs.file("train", index)) }
    #expect(try scene.run(ProtocolPreset.named("clip-zeroshot"), "ill").encodedCount == 21)
  }

  @Test("A split without a row, or without a readable image, is an error and writes no run")
  func emptySplits() throws {
    let scene = try Scene(tables: { $0["test"] = [] })
    let error = #expect(throws: DatasetsError.self) { try scene.run(probe(), "disease") }
    guard case .emptySplit("test", _) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    let unreadable = try Scene()
    for index in 0..<10 {
      try Data("no image".utf8).write(to: unreadable.photographs.file("test", index))
    }
    let names = #expect(throws: DatasetsError.self) { try unreadable.run(probe(), "disease") }
    guard case .emptySplit("test", let excluded) = names?.reason else {
      Issue.record("\(String(describing: names))")
      return
    }
    #expect(excluded.count == 10 && excluded.allSatisfy { $0.contains("unreadable image") })
    #expect(scene.runNames.isEmpty && unreadable.runNames.isEmpty)
  }

  @Test("A class that training lacks is told; the other classes have their AUC")
  func classAbsentFromTraining() throws {
    let scene = try Scene(tables: { tables in
      for split in ["train", "validation"] { tables[split]?.removeAll { $0.disease == "4" } }
    })
    let recorder = Recorder()
    let result = try scene.run(probe(), "disease", observer: recorder).result
    #expect(recorder.warnings.contains { $0.contains("‘myopia’ in train") })
    #expect(recorder.warnings.contains("disease: no training sample tells class myopia"))
    #expect(result.run.status.reason?.contains("myopia") == true, "its scores are constant")
    #expect(result.auc?.value.number != nil)
  }

  @Test("One class to train on is an error", arguments: LogisticRegression.Scheme.allCases)
  func singleClass(_ scheme: LogisticRegression.Scheme) throws {
    let scene = try Scene(tables: { tables in
      for split in ["train", "validation"] { tables[split]?.removeAll { $0.disease != "2" } }
    })
    let error = #expect(throws: OptimizersError.self) {
      try scene.run(probe { $0.scheme = scheme }, "disease")
    }
    #expect(error?.reason == .singleClass(2))
    #expect(scene.runNames.isEmpty)
  }

  @Test("A class that the test split lacks is excluded from the mean by name")
  func classAbsentFromTest() throws {
    let scene = try Scene(tables: { $0["test"]?.removeAll { $0.disease == "4" } })
    let result = try scene.run(probe(), "disease").result
    let auc = try require(result.auc)
    #expect(auc.classesIncluded == 4 && auc.classesExcluded.map(\.name) == ["myopia"])
    #expect(auc.value.number != nil)
    #expect(result.run.status.outcome == .mistrusted, "two of ten declared samples are absent")
  }

  @Test("Scores that don't vary are mistrusted", arguments: ["clip-zeroshot", "lbfgs-sweep"])
  func constantScores(_ preset: String) throws {
    let scene = try Scene()
    let picture = try Data(contentsOf: scene.photographs.file("train", 0))
    for (split, rows) in scene.photographs.rows {
      for index in rows.indices { try picture.write(to: scene.photographs.file(split, index)) }
    }
    let finished = try scene.run(ProtocolPreset.named(preset), "disease")
    #expect(finished.encodedCount == 1)
    let reason = finished.result.run.status.reason
    #expect(finished.result.run.status.outcome == .mistrusted)
    #expect(reason?.contains("all samples have the same scores") == true)
    #expect(reason?.contains("all 10 samples are predicted as") == true)
    #expect(finished.result.auc?.value == .value(0.5))
  }

  @Test("Weights that are no numbers are found at the first sample, and nothing is kept")
  func nonFiniteWeights() throws {
    let scene = try Scene(weights: { name, values in
      if name == TinyModel.imageProjection { values[3] = .nan }
    })
    let error = #expect(throws: EvaluationError.self) {
      try scene.run(probe { $0.features = .projected }, "disease")
    }
    guard case .nonFiniteFeatures(let sample) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(sample.hasSuffix(".png"))
    #expect(scene.runNames.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: scene.cache.path(percentEncoded: false)))
  }

  @Test("A text encoder that gives no numbers is an error, not a score")
  func nonFiniteTexts() throws {
    let scene = try Scene(weights: { name, values in
      if name == TinyModel.textProjection { values[0] = .infinity }
    })
    let error = #expect(throws: EvaluationError.self) {
      try scene.run(ProtocolPreset.named("clip-zeroshot"), "disease")
    }
    guard case .nonFiniteFeatures(let sample) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(sample.contains("正常眼底"))
    #expect(scene.runNames.isEmpty)
  }

  @Test("A model without texts does no zero-shot, and says so; its probe runs")
  func noTextEncoder() throws {
    let scene = try Scene(hasText: false)
    let error = #expect(throws: ModelsError.self) {
      try scene.run(ProtocolPreset.named("clip-zeroshot"), "disease")
    }
    #expect(error?.reason == .noTextEncoder)
    #expect(try scene.run(probe(), "disease").result.auc?.value.number != nil)
  }

  @Test("A folder of runs that can't be written is told before a picture is encoded")
  func unwritableRuns() throws {
    let scene = try Scene()
    try Data("a file".utf8).write(to: scene.folder.appending(path: "runs"))
    let recorder = Recorder()
    let error = #expect(throws: ResultsError.self) {
      try scene.run(probe(), "disease", observer: recorder)
    }
    guard case .unwritable(let detail) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(detail.hasSuffix("/runs is no folder"))
    #expect(recorder.begun.isEmpty)
  }

  @Test("Features that can't be kept are told, and the run is made")
  func unwritableCache() throws {
    let scene = try Scene()
    try Data("a file".utf8).write(to: scene.folder.appending(path: "cache"))
    let recorder = Recorder()
    let finished = try scene.run(probe(), "disease", observer: recorder)
    #expect(finished.encodedCount == 40 && finished.result.auc?.value.number != nil)
    let told = recorder.warnings.filter { $0.hasSuffix("; the features are used, but not kept") }
    #expect(told.count == 1)
    #expect(scene.runNames == [finished.result.run.id])
  }
}
