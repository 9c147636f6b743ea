import Tensors
import Testing
import Training

/// What memory a training takes.
struct MemoryTests {
  @Test("no memory is lost over 1,000 steps")
  func leak() throws {
    let device = Device(threadCount: 2)
    let job = PointJob(PointJob.Options(hasBatchNorm: true, noise: 0.1), on: device)
    let observer = RecordingObserver()
    var statistics: [StorageStatistics] = []
    observer.onStep = { step in
      if step == 10 || step == 1000 { statistics.append(device.storage.statistics) }
    }
    let settings = TrainingSettings.short(epochs: 200) {
      ($0.averageDecay, $0.validationInterval) = (0.99, 7)
    }
    let result = try Trainer(job, settings: settings, observers: [observer], on: device).run()
    #expect(result.steps == 1000 && statistics.count == 2)
    #expect(statistics[0].livePieces == statistics[1].livePieces)
    #expect(statistics[0].liveBytes == statistics[1].liveBytes)
    #expect(statistics[0].livePieces > 0)
  }

  @Test("a training gives back all it took but the parameters")
  func freed() throws {
    let device = Device(threadCount: 1)
    let job = PointJob(PointJob.Options(hasBatchNorm: true), on: device)
    let before = device.storage.statistics.livePieces
    let settings = TrainingSettings.short { $0.averageDecay = 0.9 }
    _ = try Trainer(job, settings: settings, on: device).run()
    #expect(device.storage.statistics.livePieces == before)
    job.onBatch = { if $0.step == 2 { throw Killed() } }
    let trainer = try Trainer(job, settings: settings, on: device)
    let held = device.storage.statistics.livePieces
    #expect(throws: Killed.self) { try trainer.run() }
    #expect(device.storage.statistics.livePieces == held)
  }

  @Test("the memory of a step is split into weights, gradients, moments and activations")
  func report() throws {
    let device = Device(threadCount: 1)
    let settings = TrainingSettings.short(epochs: 2) {
      ($0.batchSize, $0.averageDecay) = (200, 0.9)
    }
    let job = PointJob(PointJob.Options(sampleCount: 200), on: device)
    let result = try Trainer(job, settings: settings, on: device).run()
    let memory = try #require(result.memory)
    let count = 5 * 7 + 7 + 7 * 3 + 3
    // The pool hands out at least 4 kB, so four small arrays take four times that.
    #expect(memory.weights == 4 * 4096 && memory.gradients == 4 * 4096)
    #expect(memory.moments == 2 * 4 * count && memory.averages == 4 * count)
    // At least the points, the hidden features before GELU, and the logits' gradient.
    #expect(memory.activations >= 200 * 4 * (5 + 7 + 3), "\(memory)")
    #expect(memory.peak >= memory.weights + memory.activations, "\(memory)")
  }

  @Test("validations don't count as steps")
  func validation() throws {
    let sizes = try [1, 3].map { epochs in
      let device = Device(threadCount: 1)
      // Validated on all 2,000 samples, trained on 20 at a time.
      let job = PointJob(PointJob.Options(sampleCount: 2000), on: device)
      let settings = TrainingSettings.short(epochs: epochs) { $0.batchSize = 20 }
      return try Trainer(job, settings: settings, on: device).run().memory
    }
    #expect(sizes[0] != nil && sizes[0] == sizes[1])
  }
}
