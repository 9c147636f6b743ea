package import Datasets
import Foundation
import Kernels
import Optimizers
import Results
package import Tensors
import Training

/// A linear probe that is trained by steps, as the released code of several harnesses does it.
///
/// The epoch, and the weight decay where there are several, are chosen on validation samples by the
/// macro AUC; the test split is looked at once.
package struct TrainedProbe {
  private let settings: TrainedProbeSettings
  private let device: Device

  /// Prepares a probe.
  ///
  /// - Parameters:
  ///   - settings: how it is trained.
  ///   - device: where it runs.
  package init(_ settings: TrainedProbeSettings, on device: Device) {
    self.settings = settings
    self.device = device
  }

  /// A training with one weight decay.
  private struct Candidate {
    var decay: Double
    var result: TrainingResult
    var validationScores: [Double]
    var testScores: [Double]

    var score: Double { result.best?.validation?.value ?? -1 }
  }

  /// Trains on training samples and scores the test samples.
  ///
  /// - Parameters:
  ///   - task: the samples with their labels.
  ///   - splits: which samples are for what; samples without features are not among them.
  ///   - features: one row per sample of the task; rows outside the splits are not read.
  ///   - width: how many numbers a row has.
  ///   - seed: the repeat's seed.
  /// - Returns: the test samples' probabilities.
  /// - Throws: `EvaluationError` where a split is empty; `TrainingError`, `OptimizersError`.
  package func run(
    _ task: TaskContents,
    splits: TaskSplits,
    features: (Int) -> ArraySlice<Float>,
    width: Int,
    seed: UInt64
  ) throws -> ScoredSamples {
    func matrix(_ indices: [Int]) throws -> FeatureMatrix {
      try FeatureMatrix(indices.flatMap(features), rows: indices.count, columns: width)
    }
    let subset = settings.shots.map { task.fewShot($0, of: splits.train, seed: seed) }
    let train = subset?.indices ?? splits.train
    try requireSamples(train, "train", task)
    try requireSamples(splits.test, "test", task)
    try requireSamples(splits.validation, "validation", task)
    let scaler = try FeatureScaler(
      settings.scaling,
      fitting: matrix(train),
      device.compute.pool
    )
    let inputs = try ProbeJob.Features(
      train: scaler(matrix(train)),
      trainIndices: train,
      validation: scaler(matrix(splits.validation)),
      validationIndices: splits.validation
    )
    let test = try scaler(matrix(splits.test))
    let candidates = try settings.weightDecays.map {
      try trained($0, inputs, test, task, seed: seed)
    }
    guard var best = candidates.first else { preconditionFailure("a probe without weight decays") }
    for candidate in candidates.dropFirst() where candidate.score > best.score { best = candidate }
    return scored(best, task, splits, notes: subset?.warnings ?? [], seed: seed)
  }

  private func trained(
    _ decay: Double,
    _ inputs: ProbeJob.Features,
    _ test: FeatureMatrix,
    _ task: TaskContents,
    seed: UInt64
  ) throws -> Candidate {
    var training = settings.training(sampleCount: inputs.trainIndices.count)
    training.weightDecay = decay
    training.seed = seed
    let targets = ClassifierTargets(
      task,
      train: inputs.trainIndices,
      loss: settings.loss,
      settings: training
    )
    let job = ProbeJob(inputs, of: task, targets, on: device)
    let result = try Trainer(job, settings: training, on: device).run()
    return Candidate(
      decay: decay,
      result: result,
      validationScores: job.probabilities(inputs.validation),
      testScores: job.probabilities(test)
    )
  }

  private func scored(
    _ best: Candidate,
    _ task: TaskContents,
    _ splits: TaskSplits,
    notes: [String],
    seed: UInt64
  ) -> ScoredSamples {
    let record = TrainingRecord(best.result, seed: seed)
    var failure: String?
    if case .failed(let found) = best.result.outcome { failure = "\(found)" }
    if failure == nil, !best.testScores.allSatisfy(\.isFinite) {
      let result = best.result
      failure =
        "after step \(result.steps) of epoch \(result.history.count) probabilities are no numbers"
    }
    if let failure {
      return ScoredSamples(
        indices: splits.test,
        scores: [],
        chosen: [],
        notes: notes,
        training: record,
        failure: failure
      )
    }
    let thresholds = settings.decision.thresholds(
      best.validationScores,
      of: task,
      splits.validation
    )
    var chosen = [
      (name: "epoch", value: Double(best.result.best?.epoch ?? best.result.history.count)),
      (name: "validation macro AUC", value: best.result.best?.validation?.value ?? .nan),
    ]
    if settings.weightDecays.count > 1 { chosen.append(("weight decay", best.decay)) }
    return ScoredSamples(
      indices: splits.test,
      scores: best.testScores,
      thresholds: thresholds?.values,
      chosen: chosen,
      notes: notes + (thresholds?.notes ?? []),
      training: record
    )
  }
}
