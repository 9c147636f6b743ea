import Checkpoints
import Datasets
import Evaluation
import Foundation
import Imaging
import Layers
import Models
import Results
import TestSupport
import Testing
import Training

/// Networks that are trained for masks: repeats, interruptions, what is trained.
@Suite("Trainings for masks")
struct MaskTrainingTests {
  /// Everything random at once: what an interruption could lose.
  private static func lively(_ settings: inout SegmentationSettings) {
    settings.training?.augmentation.verticalFlip = 0.5
    settings.training?.settings.averageDecay = 0.9
    settings.training?.settings.batchSize = 3
    settings.training?.settings.accumulation = 2
  }

  @Test("Two repeats: mean, deviation, epochs and thresholds; the first one's checkpoint is kept")
  func repeats() throws {
    let scene = try MaskScene()
    let (network, observer) = (try scene.network(), TrainingStopper())
    let kept = scene.folder.appending(path: "kept.h5").path(percentEncoded: false)
    let preset = try maskTraining { $0.seeds = [3, 4] }
    let finished = try scene.run(network, preset, observer: observer, keeping: kept)
    let result = finished.result
    #expect(try RunResult(contentsOf: finished.file) == result)
    #expect(observer.labels == [3, 4].map { "Training drawn/vessels, seed \($0)" })
    // 12 samples in batches of 5, twice, for each seed.
    #expect(observer.steps == 12)
    let training = try require(result.training)
    #expect(training.map(\.seed) == [3, 4] && training.map(\.ending) == ["finished", "finished"])
    #expect(training.allSatisfy { $0.validationName == "Dice" })
    #expect(training.allSatisfy { $0.epochs.map(\.epoch) == [1, 2] })
    let dice = try require(result.metrics.first { $0.identifier == "dice-pooled" })
    let values = try result.repeats.map { made in
      try require(made.values.first { $0.identifier == "dice-pooled" }?.value.number)
    }
    #expect(values.count == 2 && dice.value == .value((values[0] + values[1]) / 2))
    let deviation = abs(values[0] - values[1]) / 2.0.squareRoot()
    #expect(abs(try require(dice.standardDeviation) - deviation) < 1e-12)
    for name in ["threshold of vessels", "chosen epoch", "chosen validation Dice"] {
      guard case .list(let chosen)? = result.parameter(name) else {
        Issue.record("\(name): \(String(describing: result.parameter(name)))")
        continue
      }
      #expect(chosen.count == 2)
    }
    #expect(result.dataset.splits.map(\.usedCount) == [12, 4, 4])
    // What was kept says the same masks without a training.
    let files = scene.trainingFiles("trained.h5")
    #expect(files.count == 2)
    #expect(try tensors(files[0].path(percentEncoded: false)) == tensors(kept))
    #expect(try tensors(kept) != tensors(network))
    var settings = preset.settings
    settings.training = nil
    let again = try scene.run(kept, SegmentationPreset(name: preset.name, settings: settings))
    #expect(try again.result.number("dice-pooled") == values[0])
  }

  @Test("A finished training isn't repeated; other settings train anew")
  func finished() throws {
    let scene = try MaskScene()
    let network = try scene.network()
    let first = try scene.run(network, maskTraining())
    let idle = TrainingStopper()
    let second = try scene.run(network, maskTraining(), observer: idle)
    #expect(idle.labels.isEmpty && idle.steps == 0)
    #expect(second.result.measures(first.result) && second.result.training == first.result.training)
    // How masks are predicted changes no training.
    let predicting = TrainingStopper()
    let flips = try maskTraining { $0.averagesFlips = true }
    let third = try scene.run(network, flips, observer: predicting)
    #expect(predicting.steps == 0 && !third.result.measures(first.result))
    for change: (inout SegmentationSettings) -> Void in [
      { $0.training?.settings.learningRate = 1e-3 }, { $0.training?.diceWeight = 0.9 },
      { $0.training?.augmentation = .none }, { $0.view.region = .whole },
      { $0.view.imageSize = 24 },
    ] {
      let other = TrainingStopper()
      _ = try scene.run(network, maskTraining("mask-finetune", change), observer: other)
      #expect(other.steps == 6)
    }
    let another = TrainingStopper()
    _ = try scene.run(scene.network(seed: 2), maskTraining(), observer: another)
    #expect(another.steps == 6)
  }

  @Test(
    "Interrupted after any step or epoch, a training ends with the bits of one that never was",
    arguments: [1, 2, 3]
  )
  func interruption(_ limit: Int) throws {
    let preset = try maskTraining("mask-finetune", Self.lively)
    let uninterrupted = try MaskScene()
    let whole = try uninterrupted.run(uninterrupted.network(), preset)
    let expected = try Data(contentsOf: require(uninterrupted.trainingFiles("trained.h5").first))
    let scene = try MaskScene()
    let network = try scene.network()
    let stopper = TrainingStopper(after: limit)
    let error = #expect(throws: EvaluationError.self) {
      try scene.run(network, preset, observer: stopper, stop: stopper.stop)
    }
    guard case .interrupted(let detail)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(detail.contains("state.h5"), "\(detail)")
    #expect(scene.runNames.isEmpty && scene.trainingFiles("trained.h5").isEmpty)
    let observer = TrainingStopper()
    let finished = try scene.run(network, preset, observer: observer)
    #expect(observer.resumed == [stopper.steps] && observer.steps > 0)
    #expect(finished.result.measures(whole.result))
    #expect(finished.result.training == whole.result.training)
    let files = scene.trainingFiles("trained.h5")
    #expect(files.count == 1 && scene.trainingFiles("state.h5").isEmpty)
    #expect(try Data(contentsOf: files[0]) == expected)
  }

  @Test("Trained weights and scores have the same bits on 1, 2 and 4 threads", arguments: [2, 4])
  func threads(_ count: Int) throws {
    let preset = try maskTraining("mask-finetune", Self.lively)
    let (one, more) = (try MaskScene(), try MaskScene())
    let first = try one.run(one.network(), preset, threads: 1)
    let second = try more.run(more.network(), preset, threads: count)
    #expect(second.result.measures(first.result))
    #expect(second.result.training?.map(\.epochs.count) == [2])
    let files = try [one, more].map { scene in
      try Data(contentsOf: require(scene.trainingFiles("trained.h5").first))
    }
    #expect(files[0] == files[1])
  }

  @Test("A stop while masks are predicted writes nothing")
  func stopped() throws {
    let scene = try MaskScene()
    let stop = StopRequest()
    stop.stop()
    let error = #expect(throws: EvaluationError.self) {
      try scene.run(scene.network(), maskPreset(), stop: stop)
    }
    #expect(error?.description.contains("nothing was written") == true)
    #expect(scene.runNames.isEmpty)
  }
}

/// Decoders on encoders of two kinds.
@Suite("Decoders of masks that are trained")
struct MaskDecoderTrainingTests {
  /// A transformer's checkpoint, or a residual network's.
  private func encoder(_ kind: MaskDecoderKind, in scene: MaskScene) throws -> String {
    let path = scene.folder.appending(path: "encoder.h5").path(percentEncoded: false)
    let vision: VisionArchitecture =
      kind == .unet
      ? .resNet(ResNetArchitecture(imageSize: 32, width: 4, layers: [1, 1, 1, 1]))
      : .transformer(
        VisionTransformerArchitecture(
          layout: .dinov2,
          imageSize: 32,
          patchSize: 8,
          positionGrid: 4,
          width: 32,
          layers: 4,
          heads: 2,
          hiddenWidth: 32
        )
      )
    let architecture = Architecture(name: "encoder", vision: vision)
    try RandomCheckpoint.write(to: path, architecture, seed: 5, tool: "tests")
    return path
  }

  @Test(
    "A frozen encoder keeps its weights and statistics, a trained one doesn't",
    arguments: [MaskDecoderKind.linear, .progressive, .unet],
    [false, true]
  )
  func parts(_ kind: MaskDecoderKind, _ trainsEncoder: Bool) throws {
    let scene = try MaskScene()
    let checkpoint = try encoder(kind, in: scene)
    let preset = try maskTraining(trainsEncoder ? "mask-finetune" : "mask-decoder") {
      $0.training?.decoder = kind
      #expect($0.training?.trainsEncoder == trainsEncoder)
    }
    let result = try scene.run(checkpoint, preset, "disc-cup").result
    #expect(result.model.architecture == "encoder+\(kind.rawValue)")
    let losses = try require(result.training?.first).epochs.compactMap(\.trainingLoss)
    #expect(losses.count == 2 && losses.allSatisfy(\.isFinite))
    let trained = try tensors(
      require(scene.trainingFiles("trained.h5").first).path(percentEncoded: false)
    )
    var changed = 0
    for (name, values) in try tensors(checkpoint) {
      let own = try require(trained["encoder.\(name)"])
      if !trainsEncoder { #expect(own == values, "\(name)") }
      if own != values { changed += 1 }
    }
    #expect(trainsEncoder ? changed > 4 : changed == 0)
    // Another seed's decoder is another one, and the first seed's has moved.
    let random = try SegmentationModel(
      .decoder(of: Architecture(json: headerArchitecture(checkpoint)), kind: kind, classes: 2)
    )
    #expect(Set(random.parameters.parameters.map(\.name)) == Set(trained.keys))
    #expect(trained.keys.contains { $0.hasPrefix("decoder.") })
  }

  @Test("An encoder predicts no masks before its decoder is trained")
  func untrained() throws {
    let scene = try MaskScene()
    let checkpoint = try encoder(.linear, in: scene)
    let error = #expect(throws: EvaluationError.self) { try scene.run(checkpoint, maskPreset()) }
    #expect(error?.reason == .needsTraining(model: "encoder+progressive"))
    #expect(error?.description.contains("--preset mask-decoder") == true)
    let unfit = #expect(throws: ModelsError.self) {
      try scene.run(checkpoint, maskTraining("mask-decoder") { $0.training?.decoder = .unet })
    }
    #expect(unfit != nil && scene.runNames.isEmpty)
  }

  private func headerArchitecture(_ checkpoint: String) throws -> String {
    try CheckpointFile(checkpoint).header.architecture
  }
}
