import Datasets
import Foundation
import Imaging
import Models
import Parallelism
import Pretraining
import Tensors
import TestSupport
import Testing
import Tokenization
import Training

/// What a pre-training's folder holds after interruptions.
struct PretrainingRunTests {
  /// Fourteen training pairs and four of validation, as files; the pictures of three can't be read.
  private struct Scene {
    let folder: URL
    let lost: Set<String>
    let start: PretrainingConfiguration.Start
    private let device = Device(threadCount: 2)

    init() throws {
      folder = try Fixtures.temporaryDirectory()
      let names = (0..<18).map { "\($0).png" }
      for (index, name) in names.enumerated() {
        let file = folder.appending(path: name)
        let pixels = (0..<20 * 20 * 3).map { UInt8(($0 * 7 + index * 31) % 251) }
        try PNGWriter.write(
          ImageBuffer(width: 20, height: 20, pixels: pixels),
          to: file.path(percentEncoded: false)
        )
      }
      lost = [names[2], names[5], names[11]]
      for name in lost { try Data("junk".utf8).write(to: folder.appending(path: name)) }
      let rows = names.enumerated().map { "\($1),眼底出血,\($0 < 14 ? "train" : "validation")" }
      try Data((["image,report,split"] + rows).joined(separator: "\n").utf8)
        .write(to: folder.appending(path: "pairs.csv"))
      let pairs = try TinyPairs(on: device)
      let path = folder.appending(path: "tiny.h5").path(percentEncoded: false)
      try RandomCheckpoint.write(
        to: path,
        try pairs.model().architecture,
        vocabulary: pairs.tokenizer.vocabulary.tokens,
        seed: 3,
        tool: "tests"
      )
      start = .checkpoint(path)
    }

    /// One command: everything is read anew.
    func run(
      stopAfter last: Int? = nil,
      warn: @escaping (String) -> Void = { _ in }
    ) throws
      -> PretrainingProfile
    {
      let collection = try PairCollection.reading(
        table: folder.appending(path: "pairs.csv"),
        images: folder,
        columns: PairColumns(split: "split")
      )
      let bundle = try start.bundle(
        in: folder,
        for: collection,
        validationShare: 0.1,
        seed: 1,
        tool: "tests",
        on: device
      )
      let settings = try TinyPairs(on: device).settings {
        $0.training.epochs = 1
        $0.augmentation = .none
        $0.expansion = nil
      }
      let material = try PretrainingMaterial(
        collection,
        validationShare: 0.1,
        labels: PretrainingConfiguration(
          yaml: "name: a\nmodel: { random: vilref-small }\npairs: { dataset: drawn }",
          path: "a.yaml"
        ).labels,
        bundle,
        settings,
        on: WorkerPool(threadCount: 2)
      )
      let observer = StoppingObserver(after: last ?? -1)
      return try PretrainingRun(bundle, material, settings, in: folder.appending(path: "run")).run(
        stop: observer.stop,
        observers: [observer],
        warn: warn,
        tool: "tests",
        on: device
      )
    }

    func data(_ name: String) throws -> Data {
      try Data(contentsOf: folder.appending(path: "run/\(name)"))
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
  }

  /// Of three pictures at most two are asked for in the last of four steps.
  @Test func whatWasNotReadBeforeAnInterruptionCounts() throws {
    let scene = try Scene()
    defer { scene.remove() }
    #expect {
      _ = try scene.run(stopAfter: 3)
    } throws: {
      guard case .interrupted? = ($0 as? PretrainingError)?.reason else { return false }
      return true
    }
    let profile = try scene.run()
    #expect(profile.unreadablePictures.count == 3 && profile.pairs == 11)
    for name in scene.lost {
      #expect(profile.unreadablePictures.count { $0.contains("/\(name): ") } == 1, "\(name)")
    }
    let lines = String(decoding: try scene.data("events.jsonl"), as: UTF8.self)
      .split(separator: "\n").filter { $0.contains("unreadable training pictures") }
    for name in scene.lost {
      #expect(lines.count { $0.contains("/\(name): ") } == 1, "\(lines)")
    }
  }

  @Test func theProfileIsOfTheCommandThatTrained() throws {
    let scene = try Scene()
    defer { scene.remove() }
    var warnings: [String] = []
    let profile = try scene.run { warnings.append($0) }
    #expect(profile.pairs == 11 && profile.memory != nil)
    #expect(warnings.count == 1 && warnings[0].hasPrefix("3 of 14 training pictures can't be read"))
    #expect(warnings[0].components(separatedBy: "expected JPEG").count == 2, "\(warnings)")
    let written = try scene.data("profile.json")
    #expect(try JSONDecoder().decode(PretrainingProfile.self, from: written) == profile)
    #expect(try scene.run() == profile)
    #expect(try scene.data("profile.json") == written)
    // Without one, it is made of what the state says.
    try FileManager.default.removeItem(at: scene.folder.appending(path: "run/profile.json"))
    let again = try scene.run()
    #expect(again.unreadablePictures == profile.unreadablePictures && again.memory == nil)
  }
}
