import Foundation
import Layers
import Tensors
import Testing
import Training

/// A number that isn't finite ends a training as failed, and its origin is named.
struct FailureTests {
  private let device = Device(threadCount: 2)

  private func failure(_ result: TrainingResult) throws -> TrainingFailure {
    guard case .failed(let failure) = result.outcome else {
      throw Unexpected(description: "the training ended as \(result.outcome)")
    }
    return failure
  }

  private struct Unexpected: Error, CustomStringConvertible { let description: String }

  /// Plants a value in a parameter.
  private func plant(_ value: Float, in name: String, at index: Int, of job: PointJob) {
    guard let parameter = job.parameterSet[name] else { preconditionFailure(name) }
    var values = parameter.value.elements
    values[index] = value
    parameter.load(Tensor(values, shape: parameter.shape, on: device))
  }

  @Test("a weight that isn't finite", arguments: [Float.infinity, .nan])
  func weight(value: Float) throws {
    let job = PointJob(on: device)
    plant(value, in: "second.weight", at: 4, of: job)
    let failure = try failure(Trainer(job, settings: .short(), on: device).run())
    let found = value.isNaN ? "NaN" : "infinity"
    #expect(failure.finding == "the values of second.weight, [3, 7]: \(found) at element 4")
    #expect(failure.step == 1 && failure.epoch == 1)
    #expect(failure.symptom.hasPrefix("the loss is "))
    #expect(failure.samples == job.batches[0].samples)
    #expect(job.batches.count == 1, "what the values say needs no second run")
  }

  @Test("an input that isn't finite, in the second batch of a later step")
  func input() throws {
    let folder = try TemporaryFolder()
    let job = PointJob(on: device)
    let settings = TrainingSettings.short { ($0.batchSize, $0.accumulation) = (3, 2) }
    var planted = -1
    job.onBatch = { batch in
      guard batch.step == 5, batch.part == 1, planted < 0 else { return }
      planted = batch.samples[2]
      job.points[planted * 5 + 3] = .nan
    }
    let observer = RecordingObserver()
    let result = try Trainer(
      job,
      settings: settings,
      saving: SavingPolicy(folder: folder.path),
      observers: [observer],
      on: device
    ).run()
    let failure = try failure(result)
    // The third row of the batch is the first that the hidden layer's output shows.
    #expect(
      failure.finding == "the output of linear at first.weight, [3, 7]: NaN at element 14",
      "\(failure.finding)"
    )
    #expect(failure.symptom == "the loss is NaN")
    #expect(failure.step == 6 && failure.epoch == 2 && failure.samples.contains(planted))
    #expect(failure.learningRate > 0)
    let text = failure.description
    #expect(text.contains("step 6 of epoch 2") && text.contains("first.weight"), "\(text)")
    #expect(result.steps == 5 && result.history.count == 1)
    #expect(observer.result == result)
    // The last good state stays, and a training of sound data goes on from it.
    let sound = PointJob(on: device)
    let next = try Trainer(
      sound,
      settings: settings,
      saving: SavingPolicy(folder: folder.path),
      on: device
    ).run()
    let whole = PointJob(on: device)
    _ = try Trainer(whole, settings: settings, on: device).run()
    #expect(next.outcome == .finished && sound.values == whole.values)
  }

  @Test("a learning rate beyond bounds")
  func rate() throws {
    let job = PointJob(on: device)
    let settings = TrainingSettings.short(epochs: 30) {
      $0.optimizer = OptimizerChoice(.sgd, momentum: 0)
      ($0.learningRate, $0.gradientClip, $0.weightDecay) = (1e20, nil, 0)
      $0.schedule = ScheduleChoice(.constant)
    }
    let result = try Trainer(job, settings: settings, on: device).run()
    let failure = try failure(result)
    #expect(failure.learningRate == 1e20)
    #expect(failure.finding.hasPrefix("the "), "\(failure.finding)")
    #expect(failure.step < 20)
    // No step was made with such gradients: unless a step itself went beyond, weights are finite.
    let isWeight = failure.symptom == "a weight is not finite after a step"
    let areFinite = job.values.joined().allSatisfy(\.isFinite)
    #expect(isWeight != areFinite, "\(failure)")
  }

  @Test(
    "a weight that a step carries beyond bounds is never saved nor validated",
    arguments: [5, 22]
  )
  func carriedAway(batchSize: Int) throws {
    let folder = try TemporaryFolder()
    let job = PointJob(on: device)
    job.options.scores = [ValidationScore("AUC", 0.5, higherIsBetter: true)]
    let settings = TrainingSettings.short(epochs: 1) {
      // Adam's steps are as long as the rate, here beyond float32, whatever the gradients.
      ($0.learningRate, $0.batchSize, $0.weightDecay) = (1e39, batchSize, 0)
      $0.schedule = ScheduleChoice(.constant)
    }
    let result = try Trainer(
      job,
      settings: settings,
      saving: SavingPolicy(
        folder: folder.path,
        intervalSeconds: batchSize == 5 ? 0 : 60,
        maximumShare: 1
      ),
      on: device
    ).run()
    let failure = try failure(result)
    #expect(failure.symptom == "a weight is not finite after a step" && failure.step == 1)
    #expect(failure.finding.hasPrefix("the values of first.weight, [7, 5]"), "\(failure)")
    #expect(result.history.isEmpty && job.options.scores.count == 1 && folder.names.isEmpty)
  }

  @Test("a gradient that isn't finite, of a finite loss")
  func gradient() throws {
    // The first derivative of the root is infinite at 0.
    let job = RootJob(on: device)
    let result = try Trainer(job, settings: .short(), on: device).run()
    let failure = try failure(result)
    #expect(failure.symptom == "the gradients' length is infinite", "\(failure)")
    #expect(failure.finding == "the gradient of first, [3, 5]: infinity at element 0")
    #expect(job.values == [Float](repeating: 0, count: 15))
  }

  @Test("what the job throws ends the training, and nothing is held back")
  func thrown() throws {
    let job = PointJob(on: device)
    job.onBatch = { if $0.step == 2 { throw Killed() } }
    let trainer = try Trainer(job, settings: .short(), on: device)
    #expect(throws: Killed.self) { try trainer.run() }
  }
}
