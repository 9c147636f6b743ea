package import Imaging
package import Models
package import Training

/// All that is chosen of a pre-training, apart from model and pairs.
package struct PretrainingSettings: Sendable {
  /// Epochs, batch, optimiser, learning rate.
  package var training: TrainingSettings
  /// The loss.
  package var objective: ContrastiveObjective
  /// How batches are expanded; nil for not at all.
  package var expansion: BatchExpansion?
  /// How many pairs go through the encoders at once; nil for the whole batch.
  package var chunk: Int?
  /// The random changes of images.
  package var augmentation: AugmentationPolicy

  /// The hyper-parameters of ViLReF's released code, for an image encoder.
  ///
  /// AdamW with weight decay 1e-3, none on norms, offsets and the temperature; learning rate 3e-5 with
  /// linear warm-up, then a cosine; ViT: β 0.9 and 0.98, ε 1e-6; ResNet: 0.9 and 0.999, 1e-8.
  /// Images are cropped to 90 to 100 % of their area, flipped, and changed a little in colour. Batch,
  /// epochs and warm-up are this project's, for one machine. The released text encoder drops 10 % of
  /// its activations while it is trained; this one drops nothing.
  ///
  /// - Parameter vision: the image encoder.
  package init(for vision: VisionArchitecture) {
    training = TrainingSettings()
    training.epochs = 20
    training.batchSize = 128
    training.learningRate = 3e-5
    training.weightDecay = 1e-3
    training.schedule = ScheduleChoice(.cosine, warmUpEpochs: 1)
    training.gradientClip = nil
    switch vision {
    case .transformer: training.optimizer = OptimizerChoice(beta2: 0.98, epsilon: 1e-6)
    case .modifiedResNet, .resNet: training.optimizer = OptimizerChoice()
    }
    objective = ContrastiveObjective()
    expansion = BatchExpansion()
    augmentation = .light
  }

  /// Refuses senseless values.
  ///
  /// - Throws: ``PretrainingError``; `TrainingError` follows when the training begins.
  package func validate() throws {
    try objective.validate()
    try expansion?.validate()
    if let expansion {
      let rule = objective.refillRule
      try require(
        rule != .vacancies || objective.eliminatesFalseNegatives,
        "refill",
        "vacancies",
        "all: \(objective.loss.rawValue) eliminates nothing, and leaves no vacancies"
      )
      try require(
        rule != .nothing || expansion.targets == .momentum,
        "refill",
        "none",
        "another rule, targets of the momentum encoders, or no queue: nothing would read it"
      )
    }
    try require(training.batchSize >= 2, "batch", "\(training.batchSize)", "2 or more")
    try require(
      training.accumulation == 1,
      "accumulation",
      "\(training.accumulation)",
      "1: a contrastive batch can't be put together of smaller ones; use a chunk instead"
    )
    try require(chunk ?? 2 >= 2, "chunk", "\(chunk ?? 0)", "2 or more")
    try validateEpochs()
    try require(
      training.sampling == .uniform && training.classWeights == .uniform,
      "sampling",
      "by class",
      "uniform: pairs have no class"
    )
    if let fault = augmentation.fault {
      throw PretrainingError(
        .invalidSetting(name: "augmentation", value: fault, expected: "a policy without it")
      )
    }
  }

  /// Refuses what the training would end before.
  private func validateEpochs() throws {
    let (epochs, interval) = (training.epochs, training.validationInterval)
    try require(
      interval <= epochs,
      "validation interval",
      "\(interval)",
      "at most the number of epochs, which is \(epochs)"
    )
    let patience = training.patience ?? 0
    try require(
      patience < epochs,
      "patience",
      "\(patience)",
      "fewer than the epochs, of which there are \(epochs): it would never run out"
    )
  }

  private func require(
    _ isTrue: Bool,
    _ name: String,
    _ value: String,
    _ expected: String
  ) throws {
    guard isTrue else {
      throw PretrainingError(.invalidSetting(name: name, value: value, expected: expected))
    }
  }

  /// Raised when the same settings come to mean other weights.
  ///
  /// Earlier states and scores are not gone on with then. 2: a queue's entries are coupled with the momentum
  /// encoders' own features.
  package static let rules = 2

  /// The settings beside the training's own, as states and records write them.
  package var facts: [TrainingFact] {
    var facts = [
      TrainingFact("rules", "\(Self.rules)"),
      TrainingFact("loss", objective.loss.rawValue),
      TrainingFact("gamma", "\(objective.gamma)"),
      TrainingFact("target temperature", "\(objective.targetTemperature)"),
      TrainingFact("refill", objective.refillRule.rawValue),
      TrainingFact("chunk", chunk.map { "\($0)" } ?? "off"),
      TrainingFact("augmentation", augmentation.identifier),
      TrainingFact("queue", expansion.map { "\($0.queueLength)" } ?? "off"),
    ]
    if let expansion {
      facts += [
        TrainingFact("encoders' momentum", "\(expansion.momentum)"),
        TrainingFact("queue warm-up", expansion.warmUpSteps.map { "\($0)" } ?? "until full"),
        TrainingFact("targets", expansion.targets.rawValue),
      ]
    }
    return facts
  }
}
