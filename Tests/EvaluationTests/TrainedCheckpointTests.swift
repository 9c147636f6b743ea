import Checkpoints
import Datasets
import Evaluation
import Foundation
import Models
import Results
import Tensors
import Testing
import TestSupport
import Training

/// What a fine-tuning changes, seen in the checkpoint that it writes.
@Suite struct TrainedCheckpointTests {
  /// A trained part with the tensors that it changes.
  struct Case: Sendable, CustomTestStringConvertible {
    let part: TrainedPart
    let changes: @Sendable (String) -> Bool

    var testDescription: String { part.name }
  }

  private static func isImage(_ name: String) -> Bool {
    // The classifier doesn't see what the projection gives.
    name.hasPrefix("visual.") && name != "visual.proj"
  }

  static let cases = [
    Case(part: .classifierOnly) { _ in false },
    Case(part: .biases) { isImage($0) && $0.hasSuffix("bias") },
    Case(part: .lastBlocks(1)) { $0.contains(".resblocks.1.") || $0.contains("ln_post") },
    Case(part: .lowRank(rank: 2, alpha: 8)) {
      isImage($0) && ($0.hasSuffix("in_proj_weight") || $0.hasSuffix("out_proj.weight"))
    },
    Case(part: .everything, changes: isImage),
  ]

  @Test("Only the trained part changes; the rest keeps its bits", arguments: cases)
  func changes(_ example: Case) throws {
    let scene = try Scene(layers: 2)
    let trained = scene.folder.appending(path: "trained.h5")
    let preset = try fineTuning {
      $0.part = example.part
      $0.training.learningRate = 0.01
    }
    let finished = try scene.fineTune(preset, "disease", keeping: trained)
    let before = try CheckpointFile(scene.checkpoint.path(percentEncoded: false))
    let after = try CheckpointFile(trained.path(percentEncoded: false))
    try after.verify()
    let added = Set(after.tensors.map(\.name)).subtracting(before.tensors.map(\.name))
    #expect(added == ["head.weight", "head.bias"])
    for tensor in before.tensors {
      let old = try before.read(tensor.name, shape: tensor.shape)
      let new = try after.read(tensor.name, shape: tensor.shape)
      let differs = zip(old, new).contains { $0.bitPattern != $1.bitPattern }
      #expect(differs == example.changes(tensor.name), "\(tensor.name)")
    }
    #expect(after.header.vocabulary == before.header.vocabulary)
    #expect(after.header.architecture == before.header.architecture)
    #expect(after.header.provenance.source.hasPrefix("tiny.h5, fine-tuned on photographs/disease"))
    #expect(try after.header.provenance.sha256 == fileSHA256(scene.checkpoint))
    #expect(scene.runNames == [finished.result.run.id])
  }

  @Test(
    "The checkpoint's classifier gives the scores that the run has measured",
    arguments: [
      ("disease", TrainedPart.lowRank(rank: 2, alpha: 8)), ("ill", .everything),
      ("findings", .lastBlocks(1)),
    ]
  )
  func scores(_ task: String, _ part: TrainedPart) throws {
    let scene = try Scene(layers: 2)
    let trained = scene.folder.appending(path: "trained.h5")
    let preset = try fineTuning {
      $0.part = part
      $0.features = .meanPatch
      $0.training.learningRate = 0.01
    }
    let finished = try scene.fineTune(preset, task, keeping: trained)
    let stored = try StoredPredictions(finished)
    let device = Device(threadCount: 2)
    let bundle = try ModelBundle(checkpoint: trained.path(percentEncoded: false), on: device)
    let classifier = try require(bundle.classifier)
    #expect(classifier.description.task == "photographs/\(task)")
    #expect(classifier.description.classes == stored.classes)
    #expect(classifier.description.features == .meanPatch)
    #expect(classifier.description.isIndependent == (task == "findings"))
    #expect(classifier.description.thresholds?.count == ["ill": 1, "findings": 4][task])
    let files = stored.ids.map { scene.photographs.root.appending(path: "\($0).png") }
    let features = try bundle.features(
      ofFiles: files,
      .meanPatch,
      on: device,
      observer: SilentObserver()
    )
    let again = files.indices.flatMap { classifier.probabilities(features.row($0)) }
    let tolerance = Tolerance(absolute: 1e-5, reason: "the logits' sums are in another precision")
    #expect(mismatch(again, stored.scores[0], within: tolerance, context: task) == nil)
  }

  @Test("A training that failed writes no checkpoint")
  func failed() throws {
    let scene = try Scene()
    let trained = scene.folder.appending(path: "trained.h5")
    let preset = try fineTuning { $0.training.learningRate = 1e30 }
    let finished = try scene.fineTune(preset, "disease", keeping: trained)
    #expect(finished.result.run.status.outcome == .failed)
    #expect(!FileManager.default.fileExists(atPath: trained.path(percentEncoded: false)))
  }

  @Test("The command that keeps a checkpoint and the protocol train alike, and share repeats")
  func sharedRepeats() throws {
    let scene = try Scene()
    let trained = scene.folder.appending(path: "trained.h5")
    let kept = try scene.fineTune(fineTuning(), "disease", keeping: trained)
    let observer = TrainingStopper()
    let run = try scene.run(fineTuning(), "disease", observer: observer)
    #expect(observer.labels.isEmpty)
    #expect(try StoredPredictions(run) == StoredPredictions(kept))
    let other = try Scene()
    #expect(try StoredPredictions(other.run(fineTuning(), "disease")) == StoredPredictions(kept))
  }
}
