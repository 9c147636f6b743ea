package import Training

extension PretrainingSettings {
  /// How few pairs a batch has: half of the usual number, at least 2.
  ///
  /// A last batch of a few pairs would have few negatives, and joins the one before.
  ///
  /// - Parameter pairs: how many pairs an epoch has.
  /// - Returns: at least 2.
  package func smallestBatch(of pairs: Int) -> Int {
    max(2, min(pairs, training.batchSize) / 2)
  }

  /// How an epoch is cut into steps.
  ///
  /// - Parameter pairs: how many pairs it has, at least 1.
  /// - Returns: the trainer's own plan.
  package func steps(of pairs: Int) -> StepPlan {
    StepPlan(
      sampleCount: pairs,
      batchSize: training.batchSize,
      accumulation: training.accumulation,
      smallestBatch: smallestBatch(of: pairs)
    )
  }

  /// Refuses a queue that a training on so many pairs wouldn't read.
  ///
  /// - Parameter pairs: how many pairs an epoch has, at least 1.
  /// - Throws: ``PretrainingError`` that says how long the queue can be, or how long it can wait.
  package func requireUse(pairs: Int) throws {
    try expansion?.requireUse(pairs: pairs, epochs: training.epochs, steps(of: pairs))
  }
}
