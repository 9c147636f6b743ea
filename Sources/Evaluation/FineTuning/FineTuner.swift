import Checkpoints
import Datasets
import Foundation
import Imaging
import Kernels
import Models
import Optimizers
import Parallelism
import Results
import Tensors
import Training

/// Fine-tunes a checkpoint's image encoder with a classifier, once per seed.
///
/// Every repeat begins at the checkpoint's weights. What a repeat needs to go on after an interruption
/// lies in a folder of its own, which its settings and data name.
final class FineTuner {
  private let bundle: ModelBundle
  let settings: FineTuneSettings
  let kind: ImageFeatureKind
  private let device: Device
  let options: EvaluationOptions
  private let observer: any EvaluationObserver

  /// What a repeat works on.
  struct Material {
    /// The task.
    var task: TaskContents
    /// Which samples are for what.
    var splits: TaskSplits
    /// The pictures of the data set.
    var loaders: TrainingPictures
    /// Where each of the task's samples stands among the pictures.
    var pictures: [Int]
    /// What all repeats depend on beside the training's settings.
    var facts: [TrainingFact]
  }

  /// A trained classifier.
  struct Trained {
    var classifier: ImageClassifier
    var job: FineTuneJob
    var finished: FinishedRepeat
    var memory: TrainingMemory?
  }

  /// Prepares repeats.
  ///
  /// - Parameters:
  ///   - bundle: the checkpoint.
  ///   - settings: how it is fine-tuned.
  ///   - kind: which features the classifier sees.
  ///   - device: where it runs.
  ///   - options: where states are kept, and what asks to stop.
  ///   - observer: is told how far the work has come.
  init(
    _ bundle: ModelBundle,
    _ settings: FineTuneSettings,
    _ kind: ImageFeatureKind,
    on device: Device,
    options: EvaluationOptions,
    observer: any EvaluationObserver
  ) {
    self.bundle = bundle
    self.settings = settings
    self.kind = kind
    self.device = device
    self.options = options
    self.observer = observer
  }

  /// Trains one repeat and scores the test samples, or takes what an earlier command has kept of it.
  ///
  /// - Parameters:
  ///   - material: what it works on.
  ///   - seed: the repeat's seed.
  /// - Returns: the test samples' probabilities.
  /// - Throws: `EvaluationError.interrupted` when asked to stop; `TrainingError`, `busy` where another
  ///   command trains the same; what reading the checkpoint throws.
  func run(_ material: Material, seed: UInt64) throws -> ScoredSamples {
    let facts = facts(material, seed: seed)
    let folder = try folder(facts, material, seed: seed)
    return try FolderLock.holding(folder.path(percentEncoded: false)) {
      let file = folder.appending(path: "finished.json")
      if options.cache != nil, let kept = FinishedRepeat.kept(at: file, facts: facts) {
        return kept.scored(material.splits.test)
      }
      let trained = try train(material, seed: seed, facts: facts, in: folder)
      try finish(trained, in: folder)
      return trained.finished.scored(material.splits.test)
    }
  }

  /// Keeps what a repeat said, and gives back the room of what it needed to go on.
  ///
  /// - Parameters:
  ///   - trained: the repeat.
  ///   - folder: its folder.
  /// - Throws: `ResultsError` where nothing can be written.
  private func finish(_ trained: Trained, in folder: URL) throws {
    try trained.finished.write(to: folder.appending(path: "finished.json"))
    removeTrainingStates(folder)
  }

  /// Trains one repeat and scores the test samples; what was saved before is taken up.
  ///
  /// - Parameters:
  ///   - material: what it works on.
  ///   - seed: the repeat's seed.
  ///   - keep: is given the classifier with its scores, before the state that it could be made from
  ///     again is deleted.
  /// - Returns: the test samples' probabilities.
  /// - Throws: as `run`; what `keep` throws: then the state stays.
  func train(
    _ material: Material,
    seed: UInt64,
    keep: (Trained) throws -> Void
  ) throws -> ScoredSamples {
    let facts = facts(material, seed: seed)
    let folder = try folder(facts, material, seed: seed)
    return try FolderLock.holding(folder.path(percentEncoded: false)) {
      let trained = try train(material, seed: seed, facts: facts, in: folder)
      try keep(trained)
      try finish(trained, in: folder)
      return trained.finished.scored(material.splits.test)
    }
  }

  private func train(
    _ material: Material,
    seed: UInt64,
    facts: [TrainingFact],
    in folder: URL
  ) throws -> Trained {
    let subset = settings.shots.map {
      material.task.fewShot($0, of: material.splits.train, seed: seed)
    }
    let samples = FineTuneJob.Samples(
      task: material.task,
      train: subset?.indices ?? material.splits.train,
      validation: material.splits.validation,
      pictures: material.pictures
    )
    try requireSamples(samples.train, "train", material.task)
    try requireSamples(samples.validation, "validation", material.task)
    try requireSamples(material.splits.test, "test", material.task)
    let classifier = ImageClassifier(
      try loadedModel(),
      kind,
      classCount: material.task.task.classes.count,
      on: device
    )
    let job = try FineTuneJob(
      classifier,
      samples,
      material.loaders,
      settings,
      seed: seed,
      identity: facts,
      on: device
    )
    var notes = subset?.warnings ?? []
    if settings.headStart == .probe { notes += try startHead(classifier, job, samples) }
    let result = try runTraining(
      job,
      settings.training,
      named: "\(material.task.dataset.name)/\(material.task.task.name), seed \(seed)",
      seed: seed,
      in: folder,
      options: options,
      observer: observer,
      on: device
    )
    let finished = try finished(result, job, material, facts: facts, notes: notes, seed: seed)
    // Scores were made with the adapters' changes: merged before, these would count twice.
    job.mergeAdapters()
    return Trained(classifier: classifier, job: job, finished: finished, memory: result.memory)
  }

  private func finished(
    _ result: TrainingResult,
    _ job: FineTuneJob,
    _ material: Material,
    facts: [TrainingFact],
    notes: [String],
    seed: UInt64
  ) throws -> FinishedRepeat {
    var finished = FinishedRepeat(
      facts: facts,
      scores: [],
      thresholds: nil,
      chosen: [],
      notes: notes,
      training: TrainingRecord(result, seed: seed),
      failure: nil
    )
    if case .failed(let failure) = result.outcome {
      finished.failure = "seed \(seed): \(failure)"
      return finished
    }
    let validationScores: [Double]?
    do {
      finished.scores = try job.probabilities(of: material.splits.test)
      validationScores =
        settings.decision.needsValidation(material.task)
        ? try job.probabilities(of: material.splits.validation) : nil
    } catch let error as EvaluationError {
      guard case .nonFiniteFeatures(let sample) = error.reason else { throw error }
      finished.scores = []
      finished.failure =
        "seed \(seed): after step \(result.steps) of epoch \(result.history.count) the logits of "
        + "\(sample) are infinite or no numbers"
      return finished
    }
    let thresholds = settings.decision.thresholds(
      validationScores,
      of: material.task,
      material.splits.validation
    )
    finished.thresholds = thresholds?.values
    finished.notes += thresholds?.notes ?? []
    let epoch = result.best?.epoch ?? result.history.count
    finished.chosen = [.init(name: "epoch", value: Double(epoch))]
    if let score = result.best?.validation?.value {
      finished.chosen.append(.init(name: "validation macro AUC", value: score))
    }
    return finished
  }

  /// The checkpoint's model with weights of its own: another repeat's are changed.
  private func loadedModel() throws -> Model {
    let file = try CheckpointFile(bundle.path)
    let model = try Model(bundle.model.architecture)
    _ = try model.load(from: file, on: device)
    return model
  }

  private func startHead(
    _ classifier: ImageClassifier,
    _ job: FineTuneJob,
    _ samples: FineTuneJob.Samples
  ) throws -> [String] {
    func matrix(_ indices: [Int]) throws -> FeatureMatrix {
      let values = try job.features(of: indices)
      return try FeatureMatrix(
        values,
        rows: indices.count,
        columns: values.count / max(indices.count, 1)
      )
    }
    let start = try ProbeStart(
      matrix(samples.train),
      samples.task.labels[samples.train],
      validation: matrix(samples.validation),
      samples.validation,
      of: samples.task,
      loss: settings.loss,
      pool: device.compute.pool
    )
    classifier.loadHead(weights: start.weights, offsets: start.offsets, on: device)
    return start.notes
  }
}
