import Foundation
import TestSupport
import Tensors
import Testing
import Training

/// Which weights a training keeps, and when it stops.
struct SelectionTests {
  private let device = Device(threadCount: 1)

  private static func scores(_ values: [Double?], higherIsBetter: Bool = true) -> [ValidationScore]
  {
    values.map { value in
      guard let value else {
        return ValidationScore(undefined: "AUC", "one class only", higherIsBetter: higherIsBetter)
      }
      return ValidationScore("AUC", value, higherIsBetter: higherIsBetter)
    }
  }

  /// The values after each number of epochs, of trainings whose learning rate doesn't depend on it.
  private func values(afterEpochs epochs: Int, _ settings: TrainingSettings) throws -> [[Float]] {
    var settings = settings
    settings.epochs = epochs
    let job = PointJob(PointJob.Options(hasBatchNorm: true), on: device)
    job.options.scores = Self.scores((0..<epochs).map { Double($0) })
    _ = try Trainer(job, settings: settings, on: device).run()
    return job.values
  }

  private static let constant = TrainingSettings.short(epochs: 5) {
    $0.schedule = ScheduleChoice(.constant)
  }

  @Test(
    "the parameters hold the weights of the best score, the first of equal ones",
    arguments: [
      ([0.5, 0.7, 0.6, 0.7, 0.1], true, 2), ([0.5, 0.7, 0.6, 0.4, 0.4], false, 4),
      ([nil, 0.7, nil, 0.6, .nan], true, 2), ([0.1, 0.2, 0.3, 0.4, 0.5], true, 5),
    ] as [([Double?], Bool, Int)],
    [true, false]
  )
  func best(case: ([Double?], Bool, Int), isSaved: Bool) throws {
    let (values, higherIsBetter, expected) = `case`
    let folder = try TemporaryFolder()
    let job = PointJob(PointJob.Options(hasBatchNorm: true), on: device)
    job.options.scores = Self.scores(values, higherIsBetter: higherIsBetter)
    let trainer = try Trainer(
      job,
      settings: Self.constant,
      saving: isSaved ? SavingPolicy(folder: folder.path) : nil,
      on: device
    )
    let result = try trainer.run()
    #expect(result.best?.epoch == expected)
    #expect(result.history.last { $0.isBest }?.epoch == expected)
    #expect(job.values == (try self.values(afterEpochs: expected, Self.constant)))
    if isSaved { #expect(folder.names == ["best-\(expected * 5).h5", "state.h5"]) }
  }

  @Test("without a defined score the last weights are kept, and the reasons stand in the history")
  func undefined() throws {
    let job = PointJob(PointJob.Options(hasBatchNorm: true), on: device)
    job.options.scores = Self.scores([nil, nil, .infinity, .nan, nil])
    let settings = TrainingSettings.short(epochs: 5) {
      ($0.schedule, $0.patience) = (ScheduleChoice(.constant), 1)
    }
    let result = try Trainer(job, settings: settings, on: device).run()
    #expect(result.outcome == .finished && result.best == nil)
    let reasons = result.history.map { $0.validation?.reason }
    #expect(
      reasons == [
        "one class only", "one class only", "it is infinite", "it is NaN", "one class only",
      ]
    )
    #expect(job.values == (try values(afterEpochs: 5, Self.constant)))
  }

  @Test("patience counts epochs since the best score")
  func patience() throws {
    let folder = try TemporaryFolder()
    let values = [0.5, 0.6, 0.6, 0.55, 0.59, 0.9]
    let settings = TrainingSettings.short(epochs: 6) { $0.patience = 3 }
    for _ in 0..<2 {
      // The second time the state says that there is nothing left to train.
      let job = PointJob(on: device)
      job.options.scores = Self.scores(values)
      let saving = SavingPolicy(folder: folder.path)
      let result = try Trainer(job, settings: settings, saving: saving, on: device).run()
      #expect(result.outcome == .stoppedEarly(epoch: 5))
      #expect(result.outcome.description == "stopped early after epoch 5")
      #expect(result.history.count == 5 && result.best?.epoch == 2)
    }
  }

  @Test("validations come at their interval and at the end; patience counts epochs")
  func interval() throws {
    let job = PointJob(on: device)
    job.options.scores = Self.scores([0.5, 0.4, 0.3])
    let settings = TrainingSettings.short(epochs: 5) { $0.validationInterval = 2 }
    let result = try Trainer(job, settings: settings, on: device).run()
    #expect(result.history.map { $0.validation?.value } == [nil, 0.5, nil, 0.4, 0.3])
    let impatient = PointJob(on: device)
    impatient.options.scores = Self.scores([0.5, 0.4, 0.3])
    var patient = settings
    patient.patience = 2
    let stopped = try Trainer(impatient, settings: patient, on: device).run()
    #expect(stopped.outcome == .stoppedEarly(epoch: 4))
    // No stop after epoch 5, which has no validation, nor for a score that is undefined at first.
    let rare = PointJob(on: device)
    rare.options.scores = Self.scores([nil, 0.5, nil])
    var rarely = patient
    (rarely.epochs, rarely.validationInterval, rarely.patience) = (12, 3, 2)
    let late = try Trainer(rare, settings: rarely, on: device).run()
    #expect(late.outcome == .stoppedEarly(epoch: 9))
  }

  @Test("with averages on, validation sees them and they are kept; steps go on from the weights")
  func averages() throws {
    let folder = try TemporaryFolder()
    var settings = Self.constant
    settings.averageDecay = 0.8
    let job = PointJob(PointJob.Options(hasBatchNorm: true), on: device)
    let plain = PointJob(PointJob.Options(hasBatchNorm: true), on: device)
    let result = try Trainer(
      job,
      settings: settings,
      saving: SavingPolicy(folder: folder.path),
      on: device
    ).run()
    let plainResult = try Trainer(plain, settings: Self.constant, on: device).run()
    #expect(result.history.map(\.trainingLoss) == plainResult.history.map(\.trainingLoss))
    #expect(result.history.map(\.validation) != plainResult.history.map(\.validation))
    #expect(result.best?.validation?.value == job.trainingLoss())
    #expect(job.values != plain.values)
    let unscored = PointJob(PointJob.Options(hasBatchNorm: true), on: device)
    unscored.options.scores = Self.scores([nil, nil, nil, nil, nil])
    _ = try Trainer(unscored, settings: settings, on: device).run()
    #expect(unscored.values != (try values(afterEpochs: 5, Self.constant)))
    if result.best?.epoch == 5 { #expect(unscored.values == job.values) }
  }

  @Test("averages follow the weights of each step")
  func movingAverage() throws {
    var settings = Self.constant
    settings.averageDecay = 0.6
    let job = PointJob(on: device)
    job.options.scores = Self.scores([nil, nil, nil, nil, nil])
    var averages = job.values
    let observer = RecordingObserver()
    observer.onStep = { step in
      let decay = min(0.6, (1 + Float(step)) / (10 + Float(step)))
      averages = zip(averages, job.values).map { old, new in
        zip(old, new).map { decay * $0 + (1 - decay) * $1 }
      }
    }
    _ = try Trainer(job, settings: settings, observers: [observer], on: device).run()
    let tolerance = Tolerance(absolute: 1e-6, reason: "25 averages rounded otherwise")
    for (found, expected) in zip(job.values, averages) {
      #expect(mismatch(found, expected, within: tolerance) == nil)
    }
  }
}
