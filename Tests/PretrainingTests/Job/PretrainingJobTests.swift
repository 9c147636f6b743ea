import Autograd
import Foundation
import Layers
import Models
import Pretraining
import Tensors
import TestSupport
import Testing
import Training

/// One step of a pre-training: the queues, the temperature, pictures that can't be read.
struct PretrainingJobTests {
  private let device = Device(threadCount: 2)

  /// InfoNCE that compares with every entry of the queue: each entry adds to the loss.
  private func job(
    _ pairs: TinyPairs,
    _ expansion: BatchExpansion?,
    missing: Set<Int> = []
  ) throws -> PretrainingJob {
    try pairs.job(
      try pairs.model(),
      pairs.settings {
        $0.objective = ContrastiveObjective(loss: .infoNCE, refill: .all)
        $0.expansion = expansion
      },
      pairs.split(14, missing: missing)
    )
  }

  private func array(_ name: String, of job: PretrainingJob) throws -> [Float] {
    try #require(job.state.first { $0.name == name }).tensor.elements
  }

  /// Three pairs enter a queue of six with each step; the weights stay as they are.
  @Test(arguments: [(nil, 2), (0, 1), (1, 1), (3, 3)] as [(Int?, Int)])
  func theQueueTakesPartFromItsStepOn(warmUp: Int?, first: Int) throws {
    let pairs = try TinyPairs(on: device)
    let job = try job(pairs, BatchExpansion(queueLength: 6, momentum: 0.5, warmUpSteps: warmUp))
    let alone = try JobStep(try self.job(pairs, nil), [0, 1, 2], on: device)
    let plain = try #require(alone.value)
    for step in 0..<5 {
      let value = try #require(try JobStep(job, [0, 1, 2], on: device).value)
      // In step 0 there is nothing in the queue yet.
      if step < first {
        #expect(value == plain, "step \(step)")
      } else {
        #expect(value > plain + 0.1, "step \(step)")
      }
      job.stepMade()
      #expect(try array("queue/places", of: job)[0] == Float(min(3 * (step + 1), 6)))
      #expect(try array("step_count", of: job) == [Float(step + 1)])
    }
  }

  @Test func theQueueHoldsTheMomentumEncodersFeatures() throws {
    let pairs = try TinyPairs(on: device)
    let model = try pairs.model()
    let job = try pairs.job(model, pairs.settings(), pairs.split(14))
    _ = try JobStep(job, [4, 0, 7], on: device)
    job.stepMade()
    let encoders = try MomentumEncoders(
      of: model,
      trained: job.trained,
      momentum: 0.8,
      on: device
    )
    let found = encoders.features(
      of: pairs.split(14).pairs([4, 0, 7], epoch: 0).pairs,
      by: PairEncoder(chunk: nil)
    )
    #expect(try array("queue/images", of: job).prefix(21) == found.images.elements[...])
    #expect(try array("queue/texts", of: job).prefix(21) == found.texts.elements[...])
    let labels = [4, 0, 7].flatMap { TinyPairs.labels($0).map { $0 ? 1 as Float : 0 } }
    #expect(try array("queue/labels", of: job).prefix(9) == labels[...])
  }

  @Test(
    arguments: [
      (9, 4.6051702), (4.6051702, 4.6051702), (4.7, 4.6051702), (-3, 0), (0, 0), (1.25, 1.25),
    ] as [(Float, Float)]
  )
  func theTemperatureIsClamped(set: Float, expected: Float) throws {
    #expect(abs(Double(PretrainingJob.largestLogitScale) - log(100)) < 1e-6)
    let pairs = try TinyPairs(on: device)
    let model = try pairs.model()
    let job = try pairs.job(model, pairs.settings())
    let scale = try #require(model.logitScale)
    scale.load(Tensor([set], shape: [], on: device))
    job.stepMade()
    #expect(scale.value.elements == [expected])
  }

  @Test func withoutExpansionNothingFollows() throws {
    let pairs = try TinyPairs(on: device)
    let job = try job(pairs, nil)
    _ = try JobStep(job, [0, 1, 2], on: device)
    job.stepMade()
    #expect(job.state.isEmpty)
    try job.load([])
  }

  @Test func momentumTargetsTeachEachEncoderItsOwnAnchors() throws {
    let pairs = try TinyPairs(on: device)
    var gradients: [[[Float]?]] = []
    var losses: [Float] = []
    for targets in BatchExpansion.Targets.allCases {
      let job = try job(pairs, BatchExpansion(queueLength: 6, targets: targets))
      let step = try JobStep(job, [0, 1, 2, 3], on: device)
      let loss = try #require(step.loss)
      step.executor.tape.backward(from: loss.mean)
      losses.append(try #require(step.value))
      gradients.append(step.gradients.sums.map { $0?.elements })
    }
    // At first both encoders are the same, and so is the loss; what it teaches isn't.
    #expect(abs(losses[0] - losses[1]) < 1e-6)
    #expect(zip(gradients[0], gradients[1]).contains { $0 != nil && $0 != $1 })
  }

  @Test func picturesThatCannotBeReadAreLeftOut() throws {
    let pairs = try TinyPairs(on: device)
    let job = try job(pairs, BatchExpansion(queueLength: 6), missing: [2, 3, 5])
    let whole = try JobStep(try self.job(pairs, nil), [0, 1, 4], on: device)
    let step = try JobStep(job, [0, 2, 1, 4, 5], on: device)
    #expect(step.loss?.weight == 3)
    #expect(step.value == whole.value)
    job.stepMade()
    #expect(try array("queue/places", of: job) == [3, 3])
    // One pair has nothing to be told from; no step is made with it.
    for samples in [[0, 2, 3], [2, 3, 5]] {
      #expect(try JobStep(job, samples, on: device).loss == nil)
    }
    #expect(try array("queue/places", of: job) == [3, 3])
  }

  @Test(arguments: [Float.nan, -1, 0.5, .infinity])
  func anImpossibleNumberOfStepsIsRefused(steps: Float) throws {
    let pairs = try TinyPairs(on: device)
    let job = try job(pairs, BatchExpansion(queueLength: 6))
    _ = try JobStep(job, [0, 1], on: device)
    let state = job.state.map { name, tensor in
      (name, name == "step_count" ? Tensor([steps], shape: [], on: device) : tensor)
    }
    #expect(throws: PretrainingError(.damagedState(detail: "step_count is \(steps)"))) {
      try job.load(state)
    }
  }

  @Test func modelsAndSplitsThatCannotLearnAreRefused() throws {
    let pairs = try TinyPairs(on: device)
    func tooFew(_ split: String) -> PretrainingError {
      PretrainingError(.tooFewPairs(split: split, found: 1, needed: 2, unreadable: []))
    }
    #expect(throws: tooFew("train")) {
      try pairs.job(try pairs.model(), pairs.settings(), pairs.split(1))
    }
    #expect(throws: tooFew("validation")) {
      try PretrainingValidation(
        pairs.split(1),
        findings: TinyPairs.findings,
        tokenizer: pairs.tokenizer,
        batch: 4
      )
    }
  }

  /// Three epochs of ten pairs in batches of 4, 4 and 2: before the last step 28 have come.
  @Test func aQueueThatNoStepReadsIsRefused() throws {
    let pairs = try TinyPairs(on: device)
    func job(length: Int, warmUp: Int?) throws -> PretrainingJob {
      try pairs.job(
        try pairs.model(),
        pairs.settings {
          $0.training.epochs = 3
          $0.training.batchSize = 4
          $0.expansion = BatchExpansion(queueLength: length, warmUpSteps: warmUp)
        },
        pairs.split(10)
      )
    }
    func fault(length: Int, warmUp: Int?) -> String {
      do {
        _ = try job(length: length, warmUp: warmUp)
        return ""
      } catch {
        return "\(error)"
      }
    }
    _ = try job(length: 28, warmUp: nil)
    _ = try job(length: 4096, warmUp: 8)
    #expect(fault(length: 29, warmUp: nil).contains("queue length is 29, expected at most 28"))
    #expect(fault(length: 27, warmUp: 9).contains("9 steps, expected fewer than the training's 9"))
  }

  /// A last batch of fewer than half joins the one before.
  @Test(arguments: [(14, 4, 2), (14, 128, 7), (3, 2, 2), (2, 64, 2), (14, 7, 3)])
  func batchesHaveAtLeastHalfTheirSize(count: Int, batch: Int, smallest: Int) throws {
    let pairs = try TinyPairs(on: device)
    let job = try pairs.job(
      try pairs.model(),
      pairs.settings {
        $0.training.batchSize = batch
        $0.expansion = nil
      },
      pairs.split(count)
    )
    #expect(job.smallestBatch == smallest && job.sampleCount == count)
  }
}
