package import Models
package import Training

/// How a linear probe is trained by steps, on frozen features.
package struct TrainedProbeSettings: Equatable, Sendable {
  /// Which features; nil for the encoder's usual ones.
  package var features: ImageFeatureKind?
  /// What is done to features first.
  package var scaling: FeatureScaling
  /// What the loss is.
  package var loss: ClassifierLoss
  /// Epochs, batches, optimiser, schedule.
  package var training: TrainingSettings
  /// The weight decays; with more than one, validation chooses.
  package var weightDecays: [Double]
  /// How many steps are taken at most; nil leaves it to the epochs.
  package var stepLimit: Int?
  /// After how many steps without gain on validation training ends; nil leaves it to the epochs.
  package var patienceSteps: Int?
  /// From which probability on a sample is decided to be positive.
  package var decision: DecisionRule
  /// How many training samples per class; nil for all.
  package var shots: Int?
  /// One repeat per seed: of the few shots' choice, and of the training.
  package var seeds: [UInt64]

  /// The usual settings, those of the design: binary losses, learning rate 1e-3, 50 epochs.
  package init() {
    features = nil
    scaling = .standardized
    loss = .binary
    training = Self.usualTraining
    weightDecays = [0]
    stepLimit = nil
    patienceSteps = nil
    decision = .validation
    shots = nil
    seeds = [0]
  }

  private static var usualTraining: TrainingSettings {
    var training = TrainingSettings()
    training.epochs = 50
    training.batchSize = 32
    training.learningRate = 1e-3
    return training
  }

  /// Checks values that a user gives.
  ///
  /// - Throws: `EvaluationError.invalidOption`, `TrainingError`.
  package func validate() throws {
    try training.validate()
    for decay in weightDecays where !(decay >= 0 && decay.isFinite) {
      throw EvaluationError(
        .invalidOption(name: "--weight-decay", found: "\(decay)", expected: "0 or more")
      )
    }
    if weightDecays.isEmpty || seeds.isEmpty {
      throw EvaluationError(
        .invalidOption(
          name: weightDecays.isEmpty ? "--weight-decay" : "--seeds",
          found: "nothing",
          expected: "at least one value"
        )
      )
    }
    if let shots, shots < 1 {
      throw EvaluationError(
        .invalidOption(name: "--shots", found: "\(shots)", expected: "1 or more, or full")
      )
    }
  }

  /// The training's settings for so many samples: limits of steps become limits of epochs.
  ///
  /// - Parameter sampleCount: how many training samples there are.
  /// - Returns: the settings.
  func training(sampleCount: Int) -> TrainingSettings {
    var resolved = training
    let steps = max((sampleCount + training.batchSize - 1) / training.batchSize, 1)
    if let stepLimit { resolved.epochs = max((stepLimit + steps - 1) / steps, 1) }
    if let patienceSteps { resolved.patience = max((patienceSteps + steps - 1) / steps, 1) }
    return resolved
  }
}
