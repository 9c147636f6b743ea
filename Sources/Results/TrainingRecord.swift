/// How the training of one repeat went, epoch by epoch.
package struct TrainingRecord: Codable, Equatable, Sendable {
  /// The repeat's seed.
  package var seed: UInt64
  /// How it ended, such as "finished" or "stopped early after epoch 14".
  package var ending: String
  /// What validation measures, such as "macro AUC".
  package var validationName: String
  /// The epochs, in order.
  package var epochs: [EpochRecord]

  /// Records a training.
  package init(seed: UInt64, ending: String, validationName: String, epochs: [EpochRecord]) {
    self.seed = seed
    self.ending = ending
    self.validationName = validationName
    self.epochs = epochs
  }
}

/// One epoch of a training.
package struct EpochRecord: Codable, Equatable, Sendable {
  /// Which epoch, counted from 1.
  package var epoch: Int
  /// The mean loss of the training samples while they were trained on; absent where none counted.
  package var trainingLoss: Double?
  /// The validation score; absent where the epoch had none, or it is undefined.
  package var validation: Double?
  /// Whether its weights are the ones that were kept.
  package var isBest: Bool

  /// Records an epoch.
  package init(epoch: Int, trainingLoss: Double?, validation: Double?, isBest: Bool) {
    self.epoch = epoch
    self.trainingLoss = trainingLoss
    self.validation = validation
    self.isBest = isBest
  }
}
