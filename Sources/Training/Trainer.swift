import Foundation
import Layers
import Optimizers
package import Tensors

/// Trains a job's parameters: epochs, validation, the best weights, a state that can be gone on from.
///
/// It knows neither images nor models. All that is random follows from the seed, the epoch and the
/// step, and the bits don't depend on the number of threads or on interruptions: a training that
/// goes on from a saved state ends with the bits of one that never stopped.
package final class Trainer {
  /// Where a training begins.
  package enum Beginning: Sendable {
    /// At the saved state where there is one.
    case savedState
    /// At the start; a saved state is deleted.
    case start
  }

  let job: any TrainingJob
  let settings: TrainingSettings
  let device: Device
  let observers: [any TrainingObserver]
  let stop: StopRequest
  let saving: SavingPolicy?
  let weights: TrainedWeights
  let runner: StepRunner
  let plan: StepPlan
  let best: BestWeights
  let state: TrainingState?
  let learningRates: any LearningRateSchedule
  var clock: TrainingClock
  var progress = TrainingProgress()
  /// What the saved state says; nil where there is none.
  var savedProgress: TrainingProgress?
  private var hasRun = false

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - job: what is trained on what; its parameters are loaded.
  ///   - settings: how.
  ///   - saving: where the state is saved; nil for nowhere.
  ///   - stop: who may ask to stop.
  ///   - observers: who is told.
  ///   - device: where the job's parameters lie and operations run.
  /// - Throws: ``TrainingError``: `invalidSetting`, `tooFewSamples`, `invalidSamplingWeight`,
  ///   `notWritable`; `OptimizersError` for a schedule with too few steps.
  package init(
    _ job: any TrainingJob,
    settings: TrainingSettings,
    saving: SavingPolicy? = nil,
    stop: StopRequest = StopRequest(),
    observers: [any TrainingObserver] = [],
    on device: Device
  ) throws {
    try settings.validate()
    try Self.checkSamples(of: job, settings)
    self.job = job
    self.settings = settings
    self.device = device
    self.observers = observers
    self.stop = stop
    self.saving = saving
    plan = StepPlan(
      sampleCount: job.sampleCount,
      batchSize: settings.batchSize,
      accumulation: settings.accumulation,
      smallestBatch: job.smallestBatch
    )
    learningRates = try settings.learningRates(stepsPerEpoch: plan.count)
    weights = TrainedWeights(of: job, on: device)
    runner = try StepRunner(job, weights, settings, on: device)
    let folder = saving.map { URL(filePath: $0.folder) }
    best = BestWeights(of: weights, in: folder)
    state = folder.map { [job, weights, runner] in
      TrainingState(in: $0, of: job, weights, runner, settings, on: device)
    }
    clock = TrainingClock()
  }

  /// Trains, or goes on; a trainer does so once.
  ///
  /// Afterwards the parameters hold the weights of the best validation score, or the last ones (the
  /// averaged ones where averages are on) where no score is defined. After an interruption or a
  /// failure they hold those of the last step.
  ///
  /// - Parameter beginning: where to begin.
  /// - Returns: what came of it.
  /// - Throws: ``TrainingError`` and `CheckpointError` for states that can't be read or written; what
  ///   the job and the observers throw. The last saved state stays.
  package func run(from beginning: Beginning = .savedState) throws -> TrainingResult {
    precondition(!hasRun, "a trainer runs once")
    hasRun = true
    let notes = try prepare(beginning)
    clock.begin(at: progress.seconds)
    let stepCount = plan.count * settings.epochs
    let start = TrainingStart(
      sampleCount: job.sampleCount,
      stepsPerEpoch: plan.count,
      stepCount: stepCount,
      resumedStep: progress.step,
      history: progress.history,
      notes: notes
    )
    for observer in observers { try observer.started(start) }
    let outcome = try trainedEpochs()
    if outcome.isComplete { try restoreFinalWeights() }
    progress.seconds = clock.seconds
    let result = TrainingResult(
      outcome: outcome,
      history: progress.history,
      best: progress.best,
      steps: progress.step,
      seconds: progress.seconds,
      memory: runner.memory
    )
    for observer in observers { try observer.ended(result) }
    return result
  }

  private func prepare(_ beginning: Beginning) throws -> [String] {
    guard let state, let saving else { return [] }
    do {
      try FileManager.default.createDirectory(
        atPath: saving.folder,
        withIntermediateDirectories: true
      )
    } catch {
      throw TrainingError(.notWritable(detail: error.localizedDescription), path: saving.folder)
    }
    best.removeUnfinished()
    guard beginning == .savedState, state.isSaved else {
      state.remove()
      best.removeOthers(than: nil)
      return []
    }
    let (progress, notes) = try state.load(checking: best)
    self.progress = progress
    savedProgress = progress
    return notes
  }

  /// All epochs that are left.
  private func trainedEpochs() throws -> TrainingOutcome {
    while progress.epoch < settings.epochs, !progress.isStoppedEarly {
      if let ending = try trainedEpoch() { return ending }
      if let failure = failureOfWeights() { return .failed(failure) }
      try endEpoch()
      try saveIfDue(isEpochEnd: true)
    }
    if savedProgress != progress { try save() }
    return progress.isStoppedEarly ? .stoppedEarly(epoch: progress.epoch) : .finished
  }

  private func restoreFinalWeights() throws {
    if let epoch = progress.best {
      try best.restore(epoch)
    } else {
      runner.averages?.swap(on: device)
    }
  }
}

extension TrainingOutcome {
  /// Whether there is nothing left to train.
  fileprivate var isComplete: Bool {
    switch self {
    case .finished, .stoppedEarly: true
    case .interrupted, .failed: false
    }
  }
}
