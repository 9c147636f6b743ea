import Datasets
import Evaluation
import Foundation
import Imaging
import Models
import Results
import TestSupport
import Testing

/// Masks that can't be used: told by name with file and remedy, left out, and the run goes on.
@Suite("Runs with bad masks")
struct MaskFaultTests {
  /// A grey picture.
  private func write(
    _ width: Int,
    _ height: Int,
    to file: URL,
    _ value: (Int) -> UInt16
  ) throws {
    let image = GrayImage(
      width: width,
      height: height,
      bitDepth: 8,
      samples: (0..<width * height).map(value)
    )
    try PNGWriter.write(image, to: file.path(percentEncoded: false))
  }

  @Test("Another size, unknown values, all ignored, cut short: in the result by name")
  func exclusions() throws {
    let fixture = try DRIVEProtocolFixture()
    let root = try fixture.copy()
    var dataset = fixture.dataset
    dataset.maskTasks[0].values.ignored = 9
    func manual(_ split: String, _ number: String) -> URL {
      root.appending(path: "\(split)/1st_manual/\(number)_manual1.gif")
    }
    // Pictures are told by their content, not by their name.
    try write(57, 61, to: manual("test", "02")) { $0 % 7 == 0 ? 255 : 0 }
    try write(61, 57, to: manual("test", "03")) { $0 < 5 ? 128 : 0 }
    try write(61, 57, to: manual("training", "22")) { _ in 9 }
    let photograph = root.appending(path: "training/images/24_training.tif")
    try Data(contentsOf: photograph).prefix(500).write(to: photograph)
    let recorder = Recorder()
    let result = try fixture.run(root: root, dataset: dataset, observer: recorder).result
    let reasons = Dictionary(
      uniqueKeysWithValues: result.dataset.exclusions.map { ($0.name, $0.reason) }
    )
    #expect(
      result.dataset.exclusions.map { "\($0.split ?? "")/\($0.name)" }.sorted()
        == ["test/02_test", "test/03_test", "train/22_training", "train/24_training"]
    )
    for (name, parts) in [
      "02_test": ["02_manual1.gif", "57 × 61 pixels, its photograph 61 × 57"],
      "03_test": ["03_manual1.gif", "the unknown 128 in 5 pixels; known are 0, 9, 255"],
      "22_training": ["22_manual1.gif", "ignore"], "24_training": ["24_training.tif"],
    ] {
      for part in parts { #expect(reasons[name]?.contains(part) == true, "\(reasons[name] ?? "")") }
      #expect(recorder.warnings.contains { $0.hasPrefix("left out: ") && $0.contains(parts[0]) })
    }
    #expect(result.dataset.splits.map(\.name) == ["train", "validation (of train)", "test"])
    #expect(result.dataset.splits[0].usedCount == 2 && result.dataset.splits[2].usedCount == 2)
    #expect(result.dataset.evaluatedCount == 2)
    guard case .mistrusted(let reason) = result.run.status else {
      Issue.record("\(result.run.status)")
      return
    }
    #expect(reason.contains("the test split has 2 of 4 declared samples"), "\(reason)")
    #expect(reason.contains("the train split has 2 of 4 declared samples"), "\(reason)")
    #expect(reason.contains("4 pictures or masks can't be used, such as "), "\(reason)")
    #expect(try (0...1).contains(result.number("dice-pooled")))
  }

  @Test("A mask that isn't there, and a test split without any")
  func missing() throws {
    let fixture = try DRIVEProtocolFixture()
    let root = try fixture.copy()
    let masks = root.appending(path: "test/1st_manual")
    try FileManager.default.removeItem(at: masks.appending(path: "04_manual1.gif"))
    let result = try fixture.run(root: root).result
    #expect(result.dataset.exclusions.map(\.name) == ["04_test"])
    #expect(result.dataset.exclusions[0].reason.contains("‘04_manual1.gif’"))
    #expect(
      result.run.status == .mistrusted(reason: "the test split has 3 of 4 declared samples")
    )
    for number in ["01", "02", "03"] {
      try write(9, 9, to: masks.appending(path: "\(number)_manual1.gif")) { _ in 0 }
    }
    let error = #expect(throws: EvaluationError.self) { try fixture.run("none", root: root) }
    guard case .emptySplit("test", "drive/vessels", let detail)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(detail.contains("01_manual1.gif"), "\(detail)")
  }

  @Test("A training mask that isn't there matters where training samples are looked at")
  func missingInTraining() throws {
    let fixture = try DRIVEProtocolFixture()
    let root = try fixture.copy()
    let file = root.appending(path: "training/1st_manual/23_manual1.gif")
    try FileManager.default.removeItem(at: file)
    let status = try fixture.run(root: root).result.run.status
    #expect(status == .mistrusted(reason: "the train split has 3 of 4 declared samples"))
    let fixed = try fixture.run(root: root, threshold: .fixed(0.5)).result.run.status
    #expect(fixed == .passed)
  }

  @Test("A test split whose masks are all bad fails by name, and no run is written")
  func badTest() throws {
    let fixture = try DRIVEProtocolFixture()
    let root = try fixture.copy()
    for number in 1...4 {
      let file = root.appending(path: "test/1st_manual/0\(number)_manual1.gif")
      try write(61, 57, to: file) { _ in 77 }
    }
    let error = #expect(throws: EvaluationError.self) { try fixture.run(root: root) }
    #expect(error?.description.contains("the unknown 77 in 3477 pixels") == true)
    let runs = fixture.folder.appending(path: "runs").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: runs).isEmpty)
  }

  @Test("A network with another number of logits is refused before anything is read")
  func otherMasks() throws {
    let scene = try MaskScene()
    let error = #expect(throws: EvaluationError.self) {
      try scene.run(scene.network(classes: 4), maskPreset(), "parts")
    }
    #expect(
      error?.reason
        == .otherMasks(found: 4, expected: 3, task: "parts", classes: ["vessels", "disc"])
    )
    #expect(scene.runNames.isEmpty)
  }

  @Test("The same picture in train and test is told, whatever its masks")
  func repeated() throws {
    let fixture = try DRIVEProtocolFixture()
    let root = try fixture.copy()
    for (from, to) in [
      ("training/images/21_training.tif", "test/images/01_test.tif"),
      ("training/mask/21_training_mask.gif", "test/mask/01_test_mask.gif"),
    ] {
      try Data(contentsOf: root.appending(path: from)).write(to: root.appending(path: to))
    }
    guard case .mistrusted(let reason) = try fixture.run(root: root).result.run.status else {
      Issue.record("not mistrusted")
      return
    }
    #expect(reason == "the test picture test/01_test is a training picture too")
  }
}
