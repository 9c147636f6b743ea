package import Imaging
package import Models
package import Training

/// How an image encoder is fine-tuned.
package struct FineTuneSettings: Equatable, Sendable {
  /// Which features the classifier sees; nil for the encoder's usual ones.
  package var features: ImageFeatureKind?
  /// Which of the encoder's weights change.
  package var part: TrainedPart
  /// How the classifier's weights begin.
  package var headStart: HeadStart
  /// What the loss is.
  package var loss: ClassifierLoss
  /// Epochs, batches, optimiser, schedule.
  package var training: TrainingSettings
  /// What the classifier's learning rate is multiplied with.
  package var headRateFactor: Double
  /// The share of samples whose branch of the last block is dropped; earlier blocks' shares rise to
  /// it from 0.
  package var dropPath: Float
  /// What is done to training images.
  package var augmentation: AugmentationPolicy
  /// Whether running statistics of batch normalisations follow the training images.
  package var updatesStatistics: Bool
  /// From which probability on a sample is decided to be positive.
  package var decision: DecisionRule
  /// How many training samples per class; nil for all.
  package var shots: Int?
  /// One repeat per seed: of the few shots' choice, and of the training.
  package var seeds: [UInt64]

  /// How a classifier's weights begin.
  package enum HeadStart: String, CaseIterable, Sendable {
    /// At 0.
    case zeros
    /// At a linear probe's of the unchanged features, which first steps then don't distort (Kumar et
    /// al. 2022).
    case probe
  }

  /// The usual settings: all weights, AdamW with layer-wise decay, light augmentation, early stop.
  package init() {
    features = nil
    part = .everything
    headStart = .probe
    loss = .crossEntropy
    training = Self.usualTraining
    headRateFactor = 1
    dropPath = 0
    augmentation = .light
    updatesStatistics = true
    decision = .validation
    shots = nil
    seeds = [0]
  }

  private static var usualTraining: TrainingSettings {
    var training = TrainingSettings()
    training.epochs = 30
    training.batchSize = 16
    training.learningRate = 1e-4
    training.layerDecay = 0.75
    training.weightDecay = 0.05
    training.schedule.warmUpEpochs = 3
    training.gradientClip = 1
    training.patience = 10
    return training
  }

  /// Checks values that a user gives.
  ///
  /// - Throws: `EvaluationError.invalidOption`, `TrainingError`.
  package func validate() throws {
    try training.validate()
    func require(_ isGood: Bool, _ name: String, _ found: String, _ expected: String) throws {
      guard isGood else {
        throw EvaluationError(.invalidOption(name: name, found: found, expected: expected))
      }
    }
    try require((0..<1).contains(dropPath), "--drop-path", "\(dropPath)", "0 or more, below 1")
    try require(
      headRateFactor > 0 && headRateFactor.isFinite,
      "--head-rate-factor",
      "\(headRateFactor)",
      "a finite number above 0"
    )
    try require(!seeds.isEmpty, "--seeds", "nothing", "at least one value")
    if let shots { try require(shots >= 1, "--shots", "\(shots)", "1 or more, or full") }
    if let fault = augmentation.fault {
      throw EvaluationError(
        .invalidOption(name: "--augmentation", found: fault, expected: "a sound policy")
      )
    }
  }
}

/// What a classifier's loss is.
package enum ClassifierLoss: String, CaseIterable, Sendable {
  /// The softmax's logarithmic loss; of findings, one sigmoid's per finding.
  case crossEntropy = "cross_entropy"
  /// One sigmoid's logarithmic loss per class, as the released ViLReF code has it.
  case binary
}
