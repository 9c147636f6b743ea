/// All that is chosen of a training, apart from model, data and augmentation.
///
/// What a job reads rather than the trainer (label smoothing, class weights) stands here too, so that
/// one record holds everything that a result depends on.
package struct TrainingSettings: Codable, Equatable, Sendable {
  /// How often the training samples are gone through; at least 1.
  package var epochs = 50
  /// How many samples go through the model at once; at least 1.
  package var batchSize = 16
  /// How many batches make one step: their gradients are averaged; at least 1.
  package var accumulation = 1
  /// How gradients become steps.
  package var optimizer = OptimizerChoice()
  /// The schedule's highest learning rate; above 0.
  package var learningRate = 1e-4
  /// What the learning rate is multiplied with per layer from the last one down; in (0, 1].
  package var layerDecay = 1.0
  /// λ of the weights, at least 0; norms, offsets and tokens aren't decayed.
  package var weightDecay = 0.05
  /// How the learning rate goes from step to step.
  package var schedule = ScheduleChoice()
  /// The length that a step's gradients are shortened to; nil to shorten nothing.
  package var gradientClip: Double? = 1
  /// The decay per step of the weights' moving average, which is validated and kept; nil for none.
  ///
  /// It rises to this value over the first steps, see `ExponentialMovingAverage`.
  package var averageDecay: Double?
  /// The share of a target that is spread over all classes; in [0, 1).
  package var labelSmoothing = 0.0
  /// After how many epochs without a better validation score training stops; nil for never.
  package var patience: Int?
  /// Every how many epochs there is a validation, at least 1; the last epoch always has one.
  package var validationInterval = 1
  /// How samples are drawn.
  package var sampling = Sampling.uniform
  /// How samples count in the loss.
  package var classWeights = ClassWeighting.uniform
  /// Whether blocks keep only their inputs and run again in the backward pass.
  package var recomputesBlocks = false
  /// What everything random follows from.
  package var seed: UInt64 = 0

  /// How samples are drawn.
  package enum Sampling: String, CaseIterable, Codable, Sendable {
    /// Each sample once per epoch.
    case uniform
    /// As many samples per epoch, each class as often.
    case balanced
  }

  /// How samples count in the loss.
  package enum ClassWeighting: String, CaseIterable, Codable, Sendable {
    /// All alike.
    case uniform
    /// Each class as much as any other.
    case balanced
  }

  /// Settings with the defaults of a fine-tuning.
  package init() {}
}

/// Which optimiser, and its numbers.
package struct OptimizerChoice: Codable, Equatable, Sendable {
  /// Which optimiser.
  package enum Kind: String, CaseIterable, Codable, Sendable {
    case adamW = "adamw"
    case sgd
    case lamb
  }

  /// Which optimiser.
  package var kind: Kind
  /// β₁ of AdamW and LAMB, in [0, 1).
  package var beta1: Double
  /// β₂ of AdamW and LAMB, in [0, 1).
  package var beta2: Double
  /// ε of AdamW and LAMB, above 0.
  package var epsilon: Double
  /// SGD's momentum, in [0, 1).
  package var momentum: Double
  /// Whether SGD looks at the gradient where the momentum leads; needs momentum.
  package var isNesterov: Bool

  /// Chooses an optimiser; defaults are PyTorch's, and LAMB's those of its paper.
  ///
  /// - Parameters:
  ///   - kind: which optimiser.
  ///   - beta1: β₁ of AdamW and LAMB.
  ///   - beta2: β₂ of AdamW and LAMB.
  ///   - epsilon: ε of AdamW and LAMB; nil for 1e-8 and 1e-6.
  ///   - momentum: SGD's momentum.
  ///   - isNesterov: whether SGD looks at the gradient where the momentum leads.
  package init(
    _ kind: Kind = .adamW,
    beta1: Double = 0.9,
    beta2: Double = 0.999,
    epsilon: Double? = nil,
    momentum: Double = 0.9,
    isNesterov: Bool = false
  ) {
    self.kind = kind
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon ?? (kind == .lamb ? 1e-6 : 1e-8)
    self.momentum = momentum
    self.isNesterov = isNesterov
  }
}

/// How the learning rate goes from step to step.
package struct ScheduleChoice: Codable, Equatable, Sendable {
  /// The shape of the way.
  package enum Kind: String, CaseIterable, Codable, Sendable {
    /// Stays at the highest rate.
    case constant
    /// Half a cosine from the highest rate to the final one (Loshchilov and Hutter 2017).
    case cosine
    /// Up from a 25th and down to a 250,000th along cosines (Smith and Topin 2018; PyTorch's).
    case oneCycle = "one-cycle"
    /// Multiplied with a factor every few epochs.
    case step
  }

  /// The shape of the way.
  package var kind: Kind
  /// How many epochs, or what part of one, the rate first rises, at least 0.
  ///
  /// Of `oneCycle` it is the way up, above 0.
  package var warmUpEpochs: Double
  /// The rate at the end of `cosine` as a share of the highest, in [0, 1].
  package var finalShare: Double
  /// Every how many epochs `step` multiplies the rate, at least 1.
  package var dropInterval: Int
  /// What `step` multiplies the rate with, in (0, 1].
  package var dropFactor: Double

  /// Chooses a schedule.
  ///
  /// - Parameters:
  ///   - kind: the shape of the way.
  ///   - warmUpEpochs: how many epochs the rate first rises.
  ///   - finalShare: the rate at the end of `cosine` as a share of the highest.
  ///   - dropInterval: every how many epochs `step` multiplies the rate.
  ///   - dropFactor: what it is multiplied with.
  package init(
    _ kind: Kind = .cosine,
    warmUpEpochs: Double = 0,
    finalShare: Double = 0,
    dropInterval: Int = 10,
    dropFactor: Double = 0.1
  ) {
    self.kind = kind
    self.warmUpEpochs = warmUpEpochs
    self.finalShare = finalShare
    self.dropInterval = dropInterval
    self.dropFactor = dropFactor
  }
}
