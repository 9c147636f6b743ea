import Autograd
package import Layers
package import Models
import Parallelism
package import Tensors
package import Training

/// The pre-training of an image and a text encoder on pairs of photographs and reports.
package final class PretrainingJob: TrainingJob {
  package let identity: [TrainingFact]
  package let trained: [Parameter]
  package let statistics: [Parameter]
  package let executorOptions = TapeExecutor.Options(statisticsMomentum: 0.1)
  private let model: Model
  private let train: PairSplit
  private let validation: PretrainingValidation
  private let settings: PretrainingSettings
  private let encoder: PairEncoder
  private let device: Device
  private let logitScale: Parameter
  private let queue: FeatureQueue?
  private var momentum: MomentumEncoders?
  /// The momentum encoders' features of the last batch, until the step is made.
  private var pending: Pending?
  private var stepCount = 0

  private struct Pending {
    var images: [Float]
    var texts: [Float]
    var labels: [[Bool]]
    var samples: [Int]
  }

  /// The largest logarithm of the similarities' factor: CLIP's released ln 100.
  package static let largestLogitScale: Float = 4.6051702

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - model: with a text encoder and with its weights, which change.
  ///   - train: what it learns from.
  ///   - validation: what chooses the epoch.
  ///   - settings: how; valid.
  ///   - identity: what the result depends on beside the settings: weights and pairs.
  ///   - device: where it runs.
  /// - Throws: ``PretrainingError`` for a model without texts, or too few pairs.
  package init(
    _ model: Model,
    _ train: PairSplit,
    _ validation: PretrainingValidation,
    _ settings: PretrainingSettings,
    identity: [TrainingFact],
    on device: Device
  ) throws {
    guard let logitScale = model.logitScale, model.text != nil else {
      throw PretrainingError(.noTextEncoder(architecture: model.architecture.name))
    }
    try settings.validate()
    guard train.count >= 2 else {
      throw PretrainingError(
        .tooFewPairs(split: "train", found: train.count, needed: 2, unreadable: [])
      )
    }
    try settings.requireUse(pairs: train.count)
    self.model = model
    self.train = train
    self.validation = validation
    self.settings = settings
    self.identity = identity + settings.facts
    self.device = device
    self.logitScale = logitScale
    encoder = PairEncoder(chunk: settings.chunk)
    trained = model.parameters.parameters.filter { !$0.isStatistic }
    statistics = model.parameters.parameters.filter(\.isStatistic)
    queue = settings.expansion.map {
      FeatureQueue(
        capacity: $0.queueLength,
        width: model.image.width(of: .projected),
        labelCount: train.labelCount
      )
    }
  }

  package var sampleCount: Int { train.count }

  package var smallestBatch: Int { settings.smallestBatch(of: train.count) }

  package func loss(of batch: TrainingBatch, on executor: TapeExecutor) throws -> BatchLoss? {
    let (indices, pairs) = train.pairs(
      batch.samples,
      epoch: batch.epoch,
      repetitions: batch.repetitions
    )
    guard pairs.count >= 2 else { return nil }
    var momentum: MomentumFeatures?
    if let expansion = settings.expansion {
      let features = try momentumEncoders().features(of: pairs, by: encoder)
      pending = Pending(
        images: features.images.elements,
        texts: features.texts.elements,
        labels: indices.map { train.labelRows[$0] },
        samples: indices
      )
      momentum = MomentumFeatures(
        images: features.images,
        texts: features.texts,
        areTargets: expansion.targets == .momentum
      )
    }
    let features = encoder.features(of: pairs, model, on: executor)
    let queued = usesQueue ? queue?.contents(on: device) : nil
    let none = Tensor([], shape: [0, features.images.shape[1]], on: device)
    let loss = contrastiveLoss(
      images: features.images,
      texts: features.texts,
      momentum: momentum,
      imageQueue: queued?.images ?? none,
      textQueue: queued?.texts ?? none,
      logitScale: executor.variable(logitScale),
      labels: train.labels.rows(indices),
      queueLabels: queued?.labels ?? LabelMatrix([], columns: train.labelCount),
      samples: PairSamples(anchors: indices, queue: queued?.samples ?? []),
      objective: settings.objective,
      on: executor.tape
    )
    return BatchLoss(loss, weight: Double(pairs.count))
  }

  /// Whether the queues take part: from the step that the settings name, or once they are full.
  private var usesQueue: Bool {
    guard let queue, let expansion = settings.expansion else { return false }
    guard let start = expansion.warmUpSteps else { return queue.isFull }
    return stepCount >= start
  }

  /// Clamps the temperature, lets the momentum encoders follow, and fills the queues.
  package func stepMade() {
    stepCount += 1
    let scale = logitScale.value.elements[0]
    let clamped = min(max(scale, 0), Self.largestLogitScale)
    if clamped != scale { logitScale.value.withView { $0.copy(from: [clamped]) } }
    momentum?.update()
    guard let pending else { return }
    queue?.push(
      images: pending.images,
      texts: pending.texts,
      labels: pending.labels,
      samples: pending.samples
    )
    self.pending = nil
  }

  package func validate() throws -> ValidationScore {
    try validation.score(of: model, on: device)
  }

  package var state: [(name: String, tensor: Tensor)] {
    guard let queue, let momentum else { return [] }
    return queue.state(on: device) + momentum.state
      + [("step_count", Tensor([Float(stepCount)], shape: [], on: device))]
  }

  package func load(_ state: [(name: String, tensor: Tensor)]) throws {
    guard let queue else { return }
    let arrays = Dictionary(
      state.map { ($0.name, $0.tensor) },
      uniquingKeysWith: { first, _ in first }
    )
    // Before the first step there was nothing to keep.
    guard !arrays.isEmpty else { return }
    let saved = try take("step_count", [], of: arrays)[0]
    guard let steps = Int(exactly: saved), steps >= 0 else {
      throw PretrainingError(.damagedState(detail: "step_count is \(saved)"))
    }
    try queue.load(arrays)
    try momentumEncoders().load(arrays)
    stepCount = steps
  }

  /// Made when first needed: by then the trainer has given the parameters memory of their own.
  private func momentumEncoders() throws -> MomentumEncoders {
    if let momentum { return momentum }
    let made = try MomentumEncoders(
      of: model,
      trained: trained,
      momentum: settings.expansion?.momentum ?? 0,
      on: device
    )
    momentum = made
    return made
  }
}
