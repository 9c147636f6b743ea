import Autograd
import Datasets
import Imaging
import Layers
import Models
import Tensors
import Training

/// The fine-tuning of an image classifier on a task's training samples.
final class FineTuneJob: TrainingJob {
  let identity: [TrainingFact]
  let trained: [Parameter]
  let modelParameters: [Parameter]
  let statistics: [Parameter]
  let executorOptions: TapeExecutor.Options
  private let classifier: ImageClassifier
  private let targets: ClassifierTargets
  private let task: TaskContents
  private let train: [Int]
  private let validation: [Int]
  private let plain: TrainingImageLoader
  private let augmented: TrainingImageLoader
  private let device: Device

  /// Which samples are for what.
  struct Samples {
    /// The task.
    var task: TaskContents
    /// Which samples are trained on.
    var train: [Int]
    /// Which samples choose the epoch.
    var validation: [Int]
    /// Where each of the task's samples stands among the pictures.
    var pictures: [Int]
  }

  private let pictures: [Int]
  private let headNames: Set<String>
  private let headRateFactor: Double

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - classifier: what is trained, with its weights.
  ///   - samples: which samples are for what.
  ///   - loaders: the pictures.
  ///   - settings: how it is trained.
  ///   - seed: of augmentation and adapters.
  ///   - identity: what the result depends on beside the training's settings.
  ///   - device: where it runs.
  /// - Throws: `EvaluationError` where the encoder has fewer blocks than are to be trained.
  init(
    _ classifier: ImageClassifier,
    _ samples: Samples,
    _ loaders: TrainingPictures,
    _ settings: FineTuneSettings,
    seed: UInt64,
    identity: [TrainingFact],
    on device: Device
  ) throws {
    self.classifier = classifier
    self.identity = identity
    self.device = device
    task = samples.task
    train = samples.train
    validation = samples.validation
    pictures = samples.pictures
    plain = loaders.plain
    augmented = loaders.augmented(settings.augmentation, seed: seed)
    targets = ClassifierTargets(
      samples.task,
      train: samples.train,
      loss: settings.loss,
      settings: settings.training
    )
    let model = classifier.model
    let adapters = Self.adapters(settings.part, model, seed: seed, on: device)
    let encoder = try settings.part.parameters(of: model)
    let head = classifier.headParameters.parameters
    trained = encoder + (adapters?.parameters.parameters ?? []) + head
    modelParameters =
      model.imageParameters.filter { !$0.isStatistic } + (adapters?.parameters.parameters ?? [])
      + head
    headNames = Set(head.map(\.name))
    headRateFactor = settings.headRateFactor
    let follows = settings.updatesStatistics && !encoder.isEmpty
    statistics = follows ? model.imageParameters.filter(\.isStatistic) : []
    executorOptions = TapeExecutor.Options(
      statisticsMomentum: follows ? 0.1 : nil,
      adapters: adapters,
      branchDrop: Self.branchDrop(settings.dropPath, model)
    )
  }

  private static func adapters(
    _ part: TrainedPart,
    _ model: Model,
    seed: UInt64,
    on device: Device
  ) -> LowRankAdapters? {
    guard case .lowRank(let rank, let alpha) = part else { return nil }
    let adapters = LowRankAdapters(of: part.adaptedWeights(of: model), rank: rank, alpha: alpha)
    adapters.parameters.initialize(seed: seed, on: device)
    return adapters
  }

  /// Shares that rise from 0 in the first block to the given one in the last.
  private static func branchDrop(_ share: Float, _ model: Model) -> BranchDrop? {
    let blocks = model.image.branchEnds
    guard share > 0, !blocks.isEmpty else { return nil }
    var drop = BranchDrop()
    for (index, ends) in blocks.enumerated() where index > 0 {
      let rate = share * Float(index) / Float(blocks.count - 1)
      for end in ends { drop[end] = .samples(rate: rate) }
    }
    return drop
  }

  /// Whether classes are independent, each with a sigmoid of its own.
  var isIndependent: Bool { targets.isBinary }

  var sampleCount: Int { train.count }

  /// Two where running statistics follow: a single sample may have no variance.
  var smallestBatch: Int { statistics.isEmpty ? 1 : 2 }

  func rateFactor(of parameter: Parameter) -> Double {
    headNames.contains(parameter.name) ? headRateFactor : 1
  }

  var samplingWeights: [Double] { targets.samplingWeights(train) }

  func loss(of batch: TrainingBatch, on executor: TapeExecutor) throws -> BatchLoss? {
    let samples = batch.samples.map { train[$0] }
    let loaded = augmented.batch(
      epoch: batch.epoch,
      samples: samples.map { pictures[$0] },
      repetitions: batch.repetitions
    )
    guard !loaded.indices.isEmpty else { return nil }
    let places = Dictionary(
      zip(samples.map { pictures[$0] }, samples),
      uniquingKeysWith: { first, _ in first }
    )
    let logits = classifier.logits(
      executor.constant(images(loaded)),
      on: executor
    )
    return targets.loss(of: logits, loaded.indices.compactMap { places[$0] }, on: executor.tape)
  }

  func validate() throws -> ValidationScore {
    let name = "macro AUC"
    guard !validation.isEmpty else {
      return ValidationScore(undefined: name, "there are no samples", higherIsBetter: true)
    }
    let scores: [Double]
    do {
      scores = try probabilities(of: validation)
    } catch let error as EvaluationError {
      // The next step will say which tensor it began in.
      guard case .nonFiniteFeatures = error.reason else { throw error }
      return ValidationScore(undefined: name, "\(error)", higherIsBetter: true)
    }
    guard let score = try macroAUC(scores, of: task, validation) else {
      return ValidationScore(
        undefined: name,
        "validation shows no class that an AUC can be had of",
        higherIsBetter: true
      )
    }
    return ValidationScore(name, score, higherIsBetter: true)
  }

  /// The probabilities of samples by the weights as they are now, pictures unchanged.
  ///
  /// - Parameter samples: which samples of the task.
  /// - Returns: a row of K per sample.
  /// - Throws: `EvaluationError` where a picture that could be read before no longer can, or the
  ///   network gives no numbers.
  func probabilities(of samples: [Int]) throws -> [Double] {
    let logits = try withAdapters {
      let executor = InferenceExecutor(on: device)
      return try map(samples) { classifier.logits($0, on: executor).elements }
    }
    try requireFinite(logits, width: targets.classCount) { task.samples[samples[$0]].id }
    return targets.probabilities(logits)
  }

  /// The features that the classifier sees, pictures unchanged.
  ///
  /// - Parameter samples: which samples of the task.
  /// - Returns: a row per sample.
  /// - Throws: `EvaluationError` where a picture that could be read before no longer can.
  func features(of samples: [Int]) throws -> [Float] {
    let executor = InferenceExecutor(on: device)
    return try map(samples) { images in
      let parts = classifier.model.features(of: images, classifier.kind, on: executor)
      return executor.concatenated(parts).elements
    }
  }

  /// Makes low-rank changes the encoder's own weights, once training is over.
  func mergeAdapters() { executorOptions.adapters?.merge(on: device) }

  private func withAdapters<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let adapters = executorOptions.adapters else { return try body() }
    return try adapters.withMergedWeights(on: device, body)
  }

  private func map(_ samples: [Int], _ body: (Tensor) -> [Float]) throws -> [Float] {
    var rows: [Float] = []
    for start in stride(from: 0, to: samples.count, by: TrainingPictures.batchSize) {
      let part = samples[start..<min(start + TrainingPictures.batchSize, samples.count)]
      let loaded = plain.batch(epoch: 0, samples: part.map { pictures[$0] })
      guard loaded.indices.count == part.count else {
        let missing = plain.failures.first.map { "\($0.error)" } ?? ""
        throw EvaluationError(.nothingToDo(detail: "a picture can't be read any more: \(missing)"))
      }
      rows += body(images(loaded))
    }
    return rows
  }

  private func images(_ batch: TrainingImageLoader.Batch) -> Tensor {
    let size = plain.preprocessing
    return Tensor(
      batch.pixels,
      shape: [batch.indices.count, size.height, size.width, 3],
      on: device
    )
  }
}
