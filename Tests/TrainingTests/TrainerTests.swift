import Layers
import Parallelism
import Tensors
import TestSupport
import Testing
import Training

/// What a training does from its first step to its last.
struct TrainerTests {
  private let device = Device(threadCount: 2)

  @Test(
    "a training learns with each optimiser and schedule",
    arguments: OptimizerChoice.Kind.allCases,
    ScheduleChoice.Kind.allCases
  )
  func learns(optimizer: OptimizerChoice.Kind, schedule: ScheduleChoice.Kind) throws {
    let job = PointJob(PointJob.Options(hasBatchNorm: true, noise: 0.1), on: device)
    let settings = TrainingSettings.short(epochs: 40) {
      $0.optimizer = OptimizerChoice(optimizer)
      $0.schedule = ScheduleChoice(schedule, warmUpEpochs: 4)
      $0.learningRate = optimizer == .sgd ? 0.1 : 0.03
    }
    let before = job.trainingLoss()
    let result = try Trainer(job, settings: settings, on: device).run()
    #expect(result.outcome == .finished)
    #expect(job.trainingLoss() < 0.5 * before, "\(before) → \(job.trainingLoss())")
    #expect(result.steps == 40 * 5)
    #expect(result.history.count == 40)
    let losses = result.history.compactMap(\.trainingLoss)
    #expect(losses.count == 40 && losses[39] < losses[0])
  }

  @Test("an epoch shows each sample once, in another order than the last")
  func order() throws {
    let job = PointJob(on: device)
    _ = try Trainer(job, settings: .short(epochs: 3), on: device).run()
    let epochs = (0..<3).map { epoch in
      job.batches.filter { $0.epoch == epoch }.flatMap(\.samples)
    }
    for epoch in epochs { #expect(epoch.sorted() == Array(0..<22)) }
    #expect(Set(epochs).count == 3)
    #expect(
      job.batches.map(\.samples.count)
        == Array(repeating: [5, 5, 5, 5, 2], count: 3).flatMap(\.self)
    )
    #expect(job.batches.map(\.step) == Array(0..<15))
  }

  @Test("a last batch too small for batch normalisation joins the one before")
  func smallLastBatch() throws {
    let job = PointJob(PointJob.Options(sampleCount: 21, hasBatchNorm: true), on: device)
    let settings = TrainingSettings.short(epochs: 1) { $0.accumulation = 2 }
    let result = try Trainer(job, settings: settings, on: device).run()
    #expect(job.batches.map(\.samples.count) == [5, 5, 5, 6])
    #expect(job.batches.map(\.part) == [0, 1, 0, 1])
    #expect(job.batches.map(\.step) == [0, 0, 1, 1])
    #expect(result.steps == 2)
    let plain = PointJob(PointJob.Options(sampleCount: 21), on: device)
    _ = try Trainer(plain, settings: settings, on: device).run()
    #expect(plain.batches.map(\.samples.count) == [5, 5, 5, 5, 1])
  }

  @Test("balanced sampling shows rare classes as often as others, and counts repetitions")
  func balanced() throws {
    let job = PointJob(PointJob.Options(sampleCount: 60), on: device)
    let settings = TrainingSettings.short(epochs: 30) { $0.sampling = .balanced }
    _ = try Trainer(job, settings: settings, on: device).run()
    var counts = [0, 0, 0]
    for sample in job.batches.flatMap(\.samples) { counts[Int(job.classes[sample])] += 1 }
    // 1,800 draws of probability 1/3: a deviation of 20 around 600.
    #expect(counts.reduce(0, +) == 1800 && counts.allSatisfy { abs($0 - 600) < 100 }, "\(counts)")
    for epoch in 0..<30 {
      var seen: [Int: Int] = [:]
      for batch in job.batches where batch.epoch == epoch {
        for (sample, repetition) in zip(batch.samples, batch.repetitions) {
          #expect(repetition == seen[sample, default: 0])
          seen[sample, default: 0] += 1
        }
      }
    }
  }

  @Test(
    "accumulated batches give the weights of one large batch",
    arguments: [nil, [0.5, 1, 3] as [Float]]
  )
  func accumulation(classWeights: [Float]?) throws {
    let jobs = (0..<2).map { _ in
      PointJob(PointJob.Options(classWeights: classWeights), on: device)
    }
    // Neither AdamW nor clipping would show a gradient of another length.
    let large = TrainingSettings.short {
      ($0.batchSize, $0.gradientClip, $0.optimizer) = (12, nil, OptimizerChoice(.sgd))
    }
    var small = large
    (small.batchSize, small.accumulation) = (3, 4)
    let first = try Trainer(jobs[0], settings: large, on: device).run()
    let second = try Trainer(jobs[1], settings: small, on: device).run()
    #expect(first.steps == 8 && second.steps == 8)
    let tolerance = Tolerance(
      absolute: 2e-5,
      reason: "8 steps of SGD at rate 0.02 on gradients that differ in the last bits"
    )
    for (one, other) in zip(jobs[1].values, jobs[0].values) {
      #expect(mismatch(one, other, within: tolerance) == nil)
    }
    let losses = zip(first.history, second.history).map { ($0.trainingLoss, $1.trainingLoss) }
    for (one, other) in losses { #expect(abs((one ?? 0) - (other ?? 1)) < 1e-5) }
    // The losses are those of single batches, so weights that were forgotten would show.
    #expect(jobs[0].values != PointJob(on: device).values)
  }

  @Test("a step of clipped gradients is as long as the clip allows")
  func clipping() throws {
    let settings = TrainingSettings.short(epochs: 1) {
      ($0.batchSize, $0.gradientClip, $0.weightDecay) = (22, 0.01, 0)
      $0.optimizer = OptimizerChoice(.sgd, momentum: 0)
      $0.schedule = ScheduleChoice(.constant)
    }
    let job = PointJob(on: device)
    let before = job.values.joined()
    let observer = RecordingObserver()
    _ = try Trainer(job, settings: settings, observers: [observer], on: device).run()
    let change = zip(job.values.joined(), before).map { Double($0) - Double($1) }
    let length = change.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(length - 0.0002) < 2e-7)
    #expect((observer.steps[0].gradientNorm ?? 0) > 0.01)
  }

  @Test("labels that no batch can use change nothing")
  func unusableBatch() throws {
    let job = EmptyJob(on: device)
    let before = job.parameter.value.elements
    let result = try Trainer(job, settings: .short(epochs: 2), on: device).run()
    #expect(result.outcome == .finished)
    #expect(result.history.map(\.trainingLoss) == [nil, nil])
    #expect(job.parameter.value.elements == before)
  }

  @Test("each batch of each step draws other random numbers, and each seed")
  func randomKeys() throws {
    let keys = try [3, 4].flatMap { seed in
      let job = PointJob(PointJob.Options(noise: 0.1), on: device)
      let settings = TrainingSettings.short { ($0.accumulation, $0.seed) = (2, UInt64(seed)) }
      _ = try Trainer(job, settings: settings, on: device).run()
      return job.keys
    }
    #expect(keys.count == 2 * 4 * 5)
    #expect(Set(keys).count == keys.count)
  }

  @Test("same bits on 1, 2 and 4 threads")
  func threads() throws {
    let values = try [1, 2, 4].map { count in
      let device = Device(threadCount: count)
      let job = PointJob(PointJob.Options(hasBatchNorm: true, noise: 0.3), on: device)
      let settings = TrainingSettings.short { ($0.averageDecay, $0.accumulation) = (0.9, 2) }
      let result = try Trainer(job, settings: settings, on: device).run()
      return (job.values, result.history.withoutTimes)
    }
    #expect(values[1].0 == values[0].0 && values[2].0 == values[0].0)
    #expect(values[1].1 == values[0].1 && values[2].1 == values[0].1)
  }

  @Test("parameters that another model shares stay as they were")
  func sharedWeights() throws {
    let job = PointJob(on: device)
    let shared = job.trained[0].value
    let before = shared.elements
    _ = try Trainer(job, settings: .short(epochs: 1), on: device).run()
    #expect(shared.elements == before)
    #expect(job.trained[0].value.elements != before)
  }

  @Test("subnormal gradients count as zero, in backward passes and in the optimiser alone")
  func subnormalGradients() throws {
    let job = TinyGradientJob(on: device)
    let settings = TrainingSettings.short(epochs: 2) {
      $0.optimizer = OptimizerChoice(.sgd)
      $0.learningRate = 1
    }
    let result = try Trainer(job, settings: settings, on: device).run()
    #expect(result.steps == 4)
    #expect(job.forwardFlushes == [false, false, false, false])
    #expect(job.backwardFlushes == [true, true, true, true])
    #expect(job.values.allSatisfy { $0 == 0 }, "\(job.values[0])")
    #expect(!flushesSubnormals)
  }
}
