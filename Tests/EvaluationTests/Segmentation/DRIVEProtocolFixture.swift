import Datasets
import Evaluation
import Foundation
import Imaging
import Metrics
import Models
import Results
import Tensors
import TestSupport

/// A twin of DRIVE, a small W-Net, and what the original protocol makes of both; see
/// `Tests/Fixtures/generate/evaluation_drive.py`.
final class DRIVEProtocolFixture {
  /// What Pillow, PyTorch, scikit-image and scikit-learn say.
  struct Reference: Decodable {
    /// One photograph of either split.
    struct Photograph: Decodable {
      let id, name: String
      /// Top, left, bottom and right of the field of view, the last two exclusive.
      let box: [Int]
      /// The SHA-256 of the resized bytes.
      let resized: String
      /// The pixels whose probability lies within 0.001 levels of a rounding boundary.
      let near: [Int]
      /// The averaged probabilities at the network's size and the map, as float32 in base 64.
      let mean, whole: String?
    }
    /// What scikit-learn measures of pooled pixels, or of one photograph's.
    struct Measured: Decodable {
      let auc, ap, dice, sensitivity, specificity, accuracy: Double
      let pixels, positives: Int
    }
    let photographs: [Photograph]
    let input: Int
    let threshold, trainingDice: Double
    let test: Measured
    let images: [Measured]
  }

  let reference: Reference
  let dataset: Dataset
  /// A new folder for the checkpoint and runs; it goes with the value.
  let folder: URL

  static let root = Fixtures.directory.appending(path: "Evaluation/drive")

  /// Converts the checkpoint as `vbench convert` does.
  init() throws {
    reference = try JSONDecoder().decode(
      Reference.self,
      from: Data(contentsOf: Self.root.appending(path: "reference.json"))
    )
    // The shipped entry with the twin's counts.
    let shipped = Fixtures.directory.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "datasets.yaml")
    let lines = try String(contentsOf: shipped, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let start = try require(lines.firstIndex(of: "- name: drive"))
    let end = try require(lines[(start + 1)...].firstIndex { $0.hasPrefix("- name: ") })
    dataset = try DatasetCatalog(
      text: lines[start..<end].joined(separator: "\n")
        .replacingOccurrences(of: "count: 20", with: "count: 4"),
      file: URL(filePath: "twin.yaml")
    )["drive"]
    folder = try Fixtures.temporaryDirectory()
    var options = SegmentationConversion.Options()
    options.imageSize = reference.input
    _ = try SegmentationConversion.run(
      from: Self.root.appending(path: "wnet.pth").path(percentEncoded: false),
      to: checkpoint,
      options: options,
      tool: "tests"
    )
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var checkpoint: String { folder.appending(path: "wnet.h5").path(percentEncoded: false) }

  /// The preset of the protocol.
  var preset: SegmentationPreset {
    get throws { try require(SegmentationPreset.named("wnet-drive")) }
  }

  func contents() throws -> MaskContents {
    try dataset.open(root: Self.root).contents(of: dataset.maskTask("vessels"))
  }

  /// Runs the protocol as `vbench evaluate` does; with a threshold in place of the preset's.
  func run(
    threads: Int = 2,
    pictures: MaskPictureChoice = .none,
    _ name: String = "runs",
    root: URL = DRIVEProtocolFixture.root,
    dataset: Dataset? = nil,
    threshold: MaskThreshold? = nil,
    observer: any EvaluationObserver = SilentObserver()
  ) throws -> Evaluator.Finished {
    let dataset = dataset ?? self.dataset
    let device = Device(threadCount: threads)
    let options = EvaluationOptions(
      runsFolder: folder.appending(path: name),
      cache: nil,
      bootstrap: try BootstrapOptions(replicates: 20, seed: 3)
    )
    let evaluator = SegmentationEvaluator(
      try SegmentationStart(checkpoint: checkpoint, on: device),
      on: device,
      options: options,
      observer: observer,
      tool: "tests"
    )
    var preset = try preset
    if let threshold { preset.settings.threshold = threshold }
    return try evaluator.run(
      preset,
      dataset.maskTask("vessels"),
      in: dataset.open(root: root),
      pictures: pictures
    )
  }

  /// A copy of the twin's files that may be spoiled.
  func copy() throws -> URL {
    let root = folder.appending(path: "drive")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    for split in ["training", "test"] {
      try FileManager.default.copyItem(
        at: Self.root.appending(path: split),
        to: root.appending(path: split)
      )
    }
    return root
  }

  /// What the evaluator predicts maps with.
  func predictor(
    _ change: (inout SegmentationSettings) -> Void = { _ in }
  ) throws -> MaskPredictor {
    let device = Device(threadCount: 2)
    let bundle = try SegmentationBundle(checkpoint: checkpoint, on: device)
    var input = bundle.preprocessing
    input.resizeMode = .stretch
    var settings = try preset.settings
    change(&settings)
    let task = try dataset.maskTask("vessels")
    return MaskPredictor(
      bundle.model,
      try MaskLogits(task, logitCount: 1),
      input: input,
      settings,
      field: task.field,
      on: device
    )
  }

  /// The levels that the original protocol stores.
  func levels(_ name: String) throws -> [UInt8] {
    let file = Self.root.appending(path: "maps/\(name).png")
    return try levels(at: file)
  }

  /// The levels k of a picture of greys, of 8 bits or of 16 bits 257 k.
  func levels(at file: URL) throws -> [UInt8] {
    let image = try GrayImage(contentsOf: file.path(percentEncoded: false))
    return image.samples.map { UInt8(image.bitDepth == 16 ? $0 / 257 : $0) }
  }
}

extension DRIVEProtocolFixture.Reference.Photograph {
  /// Floats that are stored in base 64.
  static func floats(_ text: String?) throws -> [Float] {
    let bytes = try [UInt8](require(text.flatMap { Data(base64Encoded: $0) }))
    return stride(from: 0, to: bytes.count, by: 4).map { first in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[first + $1]) << UInt32(8 * $1) })
    }
  }
}

extension RunResult {
  /// A metric's value.
  func number(_ identifier: String) throws -> Double {
    try require(metrics.first { $0.identifier == identifier }?.value.number)
  }

  /// A parameter of the protocol's record.
  func parameter(_ name: String) -> ParameterValue? {
    evaluationProtocol.parameters.first { $0.name == name }?.value
  }
}
