import Datasets
import Optimizers
import Tensors

extension Trainer {
  /// The steps of the epoch under way that are left.
  ///
  /// - Returns: how the training ends; nil where it goes on.
  func trainedEpoch() throws -> TrainingOutcome? {
    let order = order(ofEpoch: progress.epoch)
    let repetitions = EpochOrder.repetitions(in: order)
    while true {
      if stop.isStated {
        if let failure = failureOfWeights() { return .failed(failure) }
        try save()
        return .interrupted(state: state?.path)
      }
      guard progress.stepInEpoch < plan.count else { return nil }
      if let failure = try makeStep(of: order, repetitions) { return .failed(failure) }
      if isSavingDue(isEpochEnd: false) {
        if let failure = failureOfWeights() { return .failed(failure) }
        try save()
      }
    }
  }

  private func makeStep(of order: [Int], _ repetitions: [Int]) throws -> TrainingFailure? {
    let batches = plan[progress.stepInEpoch].enumerated().map { part, range in
      TrainingBatch(
        samples: Array(order[range]),
        repetitions: Array(repetitions[range]),
        epoch: progress.epoch,
        step: progress.step,
        part: part
      )
    }
    let samples = batches.flatMap(\.samples)
    let rate = learningRates.rate(at: progress.step)
    switch try runner.step(batches, learningRate: rate) {
    case .failed(let symptom, let finding):
      return TrainingFailure(
        epoch: progress.epoch + 1,
        step: progress.step + 1,
        samples: samples,
        learningRate: rate,
        symptom: symptom,
        finding: finding
      )
    case .made(let loss, let weight, let norm):
      if let loss { progress.note(loss: loss, weight: weight) }
      progress.learningRate = rate
      progress.step += 1
      progress.stepInEpoch += 1
      clock.note(samples: samples.count)
      try tell(loss: loss, gradientNorm: norm)
      return nil
    }
  }

  private func tell(loss: Double?, gradientNorm: Double?) throws {
    guard !observers.isEmpty else { return }
    let stepCount = plan.count * settings.epochs
    let report = TrainingStep(
      epoch: progress.epoch + 1,
      step: progress.step,
      stepCount: stepCount,
      loss: loss,
      learningRate: progress.learningRate,
      gradientNorm: gradientNorm,
      samplesPerSecond: clock.samplesPerSecond,
      secondsLeft: clock.secondsPerStep * Double(stepCount - progress.step)
    )
    for observer in observers { try observer.made(report) }
  }

  /// Validates where it is time, and notes the epoch.
  func endEpoch() throws {
    let epoch = progress.epoch + 1
    let isValidated = epoch % settings.validationInterval == 0 || epoch == settings.epochs
    var score: ValidationScore?
    if isValidated {
      runner.averages?.swap(on: device)
      defer { runner.averages?.swap(on: device) }
      let found = try job.validate()
      if found.isBetter(than: progress.best?.validation) { best.keep() }
      score = found
    }
    progress.seconds = clock.seconds
    progress.endEpoch(validation: score)
    progress.isStoppedEarly = progress.hasRunOut(of: settings.patience)
    guard let last = progress.history.last else { return }
    for observer in observers { try observer.ended(last, history: progress.history) }
  }

  /// Says which trained parameter holds a number that isn't finite.
  ///
  /// Looked at before each validation and before the state is saved: a step whose gradients are finite
  /// can still carry a weight beyond all bounds.
  func failureOfWeights() -> TrainingFailure? {
    guard let finding = weights.firstNonFinite(on: device) else { return nil }
    return TrainingFailure(
      epoch: max(progress.step - 1, 0) / plan.count + 1,
      step: progress.step,
      samples: [],
      learningRate: progress.learningRate,
      symptom: "a weight is not finite after a step",
      finding: finding
    )
  }

  private func order(ofEpoch epoch: Int) -> [Int] {
    switch settings.sampling {
    case .uniform: EpochOrder.shuffled(job.sampleCount, seed: settings.seed, epoch: epoch)
    case .balanced:
      EpochOrder.weighted(
        job.sampleCount,
        weights: job.samplingWeights,
        seed: settings.seed,
        epoch: epoch
      )
    }
  }

  /// Makes sure that there are enough samples, and that they can be drawn.
  static func checkSamples(of job: any TrainingJob, _ settings: TrainingSettings) throws {
    let needed = max(1, job.smallestBatch)
    guard job.sampleCount >= needed else {
      throw TrainingError(.tooFewSamples(found: job.sampleCount, needed: needed))
    }
    guard job.smallestBatch <= settings.batchSize else {
      throw TrainingError(
        .invalidSetting(
          option: "batch size",
          found: "\(settings.batchSize)",
          expected: "at least \(job.smallestBatch), since the model normalises over batches"
        )
      )
    }
    guard settings.sampling == .balanced else { return }
    let weights = job.samplingWeights
    precondition(
      weights.count == job.sampleCount,
      "\(weights.count) sampling weights of \(job.sampleCount) samples"
    )
    let wrong = weights.firstIndex { !($0 >= 0 && $0.isFinite) }
    if let sample = wrong ?? (weights.allSatisfy { $0 == 0 } ? 0 : nil) {
      throw TrainingError(.invalidSamplingWeight(sample: sample, found: "\(weights[sample])"))
    }
  }
}
