import Autograd
import Layers
import Models
import Tensors
import Testing

/// What must not depend on how a training step is run: threads, and whether blocks run again.
struct TrainingExecutionTests {
  /// Three steps with one, two and four threads: losses, gradients, weights and statistics.
  @Test(arguments: TrainedFamily.allCases)
  func bitsDoNotDependOnThreads(family: TrainedFamily) throws {
    let one = try TrainedModel(family, threads: 1).train(steps: 3)
    #expect(one.losses[2] < one.losses[0])
    for threads in [2, 4] {
      let several = try TrainedModel(family, threads: threads).train(steps: 3)
      #expect(several == one, "\(threads) threads")
    }
  }

  /// The same bits where blocks keep only their inputs, running statistics included.
  @Test(arguments: TrainedFamily.allCases)
  func bitsDoNotDependOnRecomputing(family: TrainedFamily) throws {
    let kept = try TrainedModel(family).train(steps: 3)
    let again = try TrainedModel(family)
      .train(steps: 3, TapeExecutor.Options(recomputesBlocks: true))
    #expect(kept == again)
  }

  /// What is dropped of branches is drawn again when blocks run again.
  @Test(arguments: [TrainedFamily.clipViT, .dinov2])
  func recomputingDropsTheSame(family: TrainedFamily) throws {
    func train(recomputes: Bool, drops: Bool) throws -> TrainedModel.Outcome {
      let model = try TrainedModel(family)
      var rule = BranchDrop()
      #expect(model.branchEnds.count == 4)
      for (index, layer) in model.branchEnds.enumerated() {
        rule[layer] = index % 2 == 0 ? .elements(rate: 0.3) : .samples(rate: 0.4)
      }
      return try model.train(
        steps: 3,
        TapeExecutor.Options(recomputesBlocks: recomputes, branchDrop: drops ? rule : nil)
      )
    }
    let kept = try train(recomputes: false, drops: true)
    #expect(try train(recomputes: true, drops: true) == kept)
    #expect(try train(recomputes: false, drops: false).losses != kept.losses)
  }
}

/// How much memory training steps take.
struct TrainingMemoryTests {
  /// A transformer of narrow layers with a classifier, and a batch.
  private struct Scene {
    let device = Device(threadCount: 2)
    let parameters = ParameterSet()
    let encoder: any ImageEncoder
    let head: Linear
    let pixels: Tensor

    init(layers: Int, side: Int, batch: Int) {
      let vision = VisionTransformerArchitecture(
        layout: .clip,
        imageSize: side,
        patchSize: 4,
        positionGrid: side / 4,
        width: 24,
        layers: layers,
        heads: 3,
        hiddenWidth: 96,
        projectionWidth: 10
      )
      encoder = Model.imageEncoder(.transformer(vision), in: parameters.root["visual"])
      head = Linear(10, 3, in: parameters.root["head"])
      parameters.initialize(seed: 3, on: device)
      pixels = Tensor(images(batch, side: side), shape: [batch, side, side, 3], on: device)
    }

    func logits<E: Executor>(on executor: E) -> E.Value {
      let features = encoder.features(executor.constant(pixels), .projected, on: executor)
      return executor.linear(features[0], head, activation: nil)
    }

    func loss(on executor: TapeExecutor) -> Variable {
      let classes = (0..<pixels.shape[0]).map { Int32($0 % 3) }
      return executor.tape.crossEntropy(logits(on: executor), classes: classes)
    }
  }

  /// Twelve blocks that run again keep and need at most 40 % of the bytes of activations.
  @Test func recomputingSavesActivations() {
    func bytes(recomputes: Bool) -> (kept: Int, peak: Int) {
      let scene = Scene(layers: 12, side: 20, batch: 8)
      let gradients = ParameterGradients(of: scene.parameters.parameters)
      let executor = TapeExecutor(
        Tape(on: scene.device, seed: 1),
        gradients: gradients,
        options: TapeExecutor.Options(recomputesBlocks: recomputes)
      )
      let before = scene.device.storage.statistics.liveBytes
      scene.device.storage.restartPeak()
      let loss = scene.loss(on: executor)
      let kept = scene.device.storage.statistics.liveBytes - before
      executor.tape.backward(from: loss)
      let peak = scene.device.storage.statistics.peakBytes - before
      #expect(gradients.byteCount == 4 * scene.parameters.count)
      // At the peak the gradients are partly there; all of them count against the saving.
      return (kept, peak)
    }
    let (all, few) = (bytes(recomputes: false), bytes(recomputes: true))
    #expect(Double(few.kept) < 0.4 * Double(all.kept), "\(few.kept) of \(all.kept)")
    #expect(Double(few.peak) < 0.4 * Double(all.peak), "\(few.peak) of \(all.peak)")
  }

  /// With everything frozen nothing is noted, kept or needed beyond a forward pass's own.
  @Test func frozenModelsCostAForwardPass() {
    let scene = Scene(layers: 4, side: 20, batch: 8)
    let storage = scene.device.storage
    func forward(_ trained: [Parameter]) -> (kept: Int, peak: Int, noted: Int) {
      let tape = Tape(on: scene.device, seed: 1)
      let executor = TapeExecutor(tape, gradients: ParameterGradients(of: trained))
      let before = storage.statistics.liveBytes
      storage.restartPeak()
      let loss = scene.loss(on: executor)
      defer { tape.discard() }
      return (
        storage.statistics.liveBytes - before - loss.value.byteCount,
        storage.statistics.peakBytes - before, tape.count
      )
    }
    let trained = forward(scene.parameters.parameters)
    let frozen = forward([])
    // The pool's smallest piece holds the loss.
    let piece = 4096
    #expect(frozen.kept <= piece && frozen.noted == 0, "\(frozen)")
    #expect(trained.kept > 4 * frozen.peak && trained.noted > 40, "\(trained), \(frozen)")
    let probe = forward([scene.head.parts[0].weight])
    // The classifier's input, the loss and its gradient.
    #expect(probe.noted == 2 && probe.kept <= 3 * piece, "\(probe)")
    let inference = InferenceExecutor(on: scene.device)
    _ = scene.logits(on: inference)
    let before = storage.statistics.liveBytes
    storage.restartPeak()
    _ = scene.logits(on: inference)
    let plain = storage.statistics.peakBytes - before
    // Inference fuses GELU and residuals, which saves one value of a block's widest size.
    let widest = 4 * 8 * 26 * 96
    #expect(frozen.peak <= plain + 2 * widest, "\(frozen.peak) against \(plain)")
  }

  /// A thousand steps leave no piece of memory behind.
  @Test(arguments: [false, true])
  func aThousandSteps(recomputes: Bool) {
    let scene = Scene(layers: 2, side: 8, batch: 2)
    let gradients = ParameterGradients(of: scene.parameters.parameters)
    var drop = BranchDrop()
    for layer in scene.encoder.branchEnds.flatMap({ $0 }) { drop[layer] = .samples(rate: 0.2) }
    func step(_ index: Int) {
      let executor = TapeExecutor(
        Tape(on: scene.device, seed: UInt64(index)),
        gradients: gradients,
        options: TapeExecutor.Options(recomputesBlocks: recomputes, branchDrop: drop)
      )
      executor.tape.backward(from: scene.loss(on: executor))
      gradients.clear()
    }
    step(0)
    let before = scene.device.storage.statistics
    for index in 1...1000 { step(index) }
    let after = scene.device.storage.statistics
    #expect(after.livePieces == before.livePieces && after.liveBytes == before.liveBytes)
    #expect(after.livePieces == scene.parameters.parameters.count + 1)
    #expect(after.reservedBytes <= 2 * before.reservedBytes)
  }
}
