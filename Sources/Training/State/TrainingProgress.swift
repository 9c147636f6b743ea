/// How far a training has come, apart from arrays.
struct TrainingProgress: Codable, Equatable {
  /// Which epoch is under way, from 0; the number of epochs when all are over.
  var epoch = 0
  /// How many steps of the epoch are made.
  var stepInEpoch = 0
  /// How many steps are made in all.
  var step = 0
  /// Σ of the epoch's losses, each times its weight.
  var lossSum = 0.0
  /// Σ of their weights.
  var lossWeight = 0.0
  /// The learning rate of the last step.
  var learningRate = 0.0
  /// How many seconds the training has worked.
  var seconds = 0.0
  /// The epochs that are over.
  var history: [TrainingEpoch] = []
  /// Whether patience ran out.
  var isStoppedEarly = false

  /// The epoch of the best validation score.
  var best: TrainingEpoch? { history.last(where: \.isBest) }

  /// Notes a step's loss.
  mutating func note(loss: Double, weight: Double) {
    lossSum += loss * weight
    lossWeight += weight
  }

  /// Ends an epoch.
  ///
  /// - Parameter validation: the score; nil where the epoch had no validation.
  mutating func endEpoch(validation: ValidationScore?) {
    history.append(
      TrainingEpoch(
        epoch: epoch + 1,
        step: step,
        seconds: seconds,
        learningRate: learningRate,
        trainingLoss: lossWeight > 0 ? lossSum / lossWeight : nil,
        validation: validation,
        isBest: validation?.isBetter(than: best?.validation) ?? false
      )
    )
    epoch += 1
    stepInEpoch = 0
    (lossSum, lossWeight) = (0, 0)
  }

  /// Whether so many epochs passed without a better score: not before a score is defined, nor after
  /// an epoch without validation.
  func hasRunOut(of patience: Int?) -> Bool {
    guard let patience, let best, history.last?.validation != nil else { return false }
    return epoch - best.epoch >= patience
  }
}
