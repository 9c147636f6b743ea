/// One epoch of a training, as its history keeps it.
package struct TrainingEpoch: Codable, Equatable, Sendable {
  /// Which epoch, counted from 1.
  package var epoch: Int
  /// How many steps the training has made.
  package var step: Int
  /// How many seconds it has worked, interruptions left out.
  package var seconds: Double
  /// The learning rate of the last step.
  package var learningRate: Double
  /// The mean loss of the epoch's samples while they were trained on; nil where none could be used.
  package var trainingLoss: Double?
  /// The validation score; nil where the epoch had no validation.
  package var validation: ValidationScore?
  /// Whether it was the best so far.
  package var isBest: Bool

  /// Records an epoch.
  ///
  /// - Parameters:
  ///   - epoch: which epoch, counted from 1.
  ///   - step: how many steps the training has made.
  ///   - seconds: how many seconds it has worked.
  ///   - learningRate: the learning rate of the last step.
  ///   - trainingLoss: the mean loss of the epoch's samples.
  ///   - validation: the validation score.
  ///   - isBest: whether it was the best so far.
  package init(
    epoch: Int,
    step: Int,
    seconds: Double,
    learningRate: Double,
    trainingLoss: Double?,
    validation: ValidationScore?,
    isBest: Bool
  ) {
    self.epoch = epoch
    self.step = step
    self.seconds = seconds
    self.learningRate = learningRate
    self.trainingLoss = trainingLoss
    self.validation = validation
    self.isBest = isBest
  }
}

/// One step of a training.
package struct TrainingStep: Equatable, Sendable {
  /// Which epoch, counted from 1.
  package var epoch: Int
  /// Which step of the training, counted from 1.
  package var step: Int
  /// How many steps the training has if nothing ends it early.
  package var stepCount: Int
  /// The mean loss over the step's samples; nil where none could be used.
  package var loss: Double?
  /// The learning rate, before groups multiply it.
  package var learningRate: Double
  /// The length of the gradients before clipping; nil where there are none.
  package var gradientNorm: Double?
  /// How many samples were gone through per second, over the time since the training was begun or
  /// taken up.
  package var samplesPerSecond: Double
  /// How many seconds are left at this pace, validations included.
  package var secondsLeft: Double
}

/// How a training begins or goes on.
package struct TrainingStart: Equatable, Sendable {
  /// How many training samples there are.
  package var sampleCount: Int
  /// How many steps an epoch has.
  package var stepsPerEpoch: Int
  /// How many steps the training has if nothing ends it early.
  package var stepCount: Int
  /// How many steps a saved state had made; 0 for a training from the beginning.
  package var resumedStep: Int
  /// The epochs of which the saved state knows.
  package var history: [TrainingEpoch]
  /// What a reader should know, such as another machine's kernels; one line each.
  package var notes: [String]
}
