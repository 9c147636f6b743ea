extension TrainingSettings {
  /// Makes sure that all settings lie in their ranges and fit together.
  ///
  /// - Throws: ``TrainingError`` `invalidSetting`, which names the option.
  package func validate() throws {
    try requireCount(epochs, "epochs")
    try requireCount(batchSize, "batch size")
    try requireCount(accumulation, "accumulation")
    try requirePositive(learningRate, "learning rate")
    try require(
      layerDecay > 0 && layerDecay <= 1,
      "layer decay",
      layerDecay,
      "above 0 and at most 1"
    )
    try require(
      weightDecay >= 0 && weightDecay.isFinite,
      "weight decay",
      weightDecay,
      "at least 0 and finite"
    )
    if let gradientClip { try requirePositive(gradientClip, "gradient clip") }
    if let averageDecay {
      try require(
        averageDecay > 0 && averageDecay < 1,
        "average decay",
        averageDecay,
        "above 0 and below 1"
      )
    }
    try require(
      (0..<1).contains(labelSmoothing),
      "label smoothing",
      labelSmoothing,
      "at least 0 and below 1"
    )
    if let patience { try require(patience >= 1, "patience", patience, "at least 1 epoch") }
    try require(validationInterval >= 1, "validation interval", validationInterval, "at least 1")
    try validateOptimizer()
    try validateSchedule()
  }

  private func validateOptimizer() throws {
    switch optimizer.kind {
    case .adamW, .lamb:
      try require((0..<1).contains(optimizer.beta1), "beta 1", optimizer.beta1, "in [0, 1)")
      try require((0..<1).contains(optimizer.beta2), "beta 2", optimizer.beta2, "in [0, 1)")
      try requirePositive(optimizer.epsilon, "epsilon")
    case .sgd:
      try require((0..<1).contains(optimizer.momentum), "momentum", optimizer.momentum, "in [0, 1)")
      try require(
        optimizer.momentum > 0 || !optimizer.isNesterov,
        "momentum",
        optimizer.momentum,
        "above 0 with Nesterov's look ahead"
      )
    }
  }

  private func validateSchedule() throws {
    let warmUp = schedule.warmUpEpochs
    let isInside = warmUp >= 0 && warmUp < Double(epochs)
    try require(isInside, "warm-up", warmUp, "at least 0 and fewer than the \(epochs) epochs")
    switch schedule.kind {
    case .constant: break
    case .cosine:
      let share = schedule.finalShare
      try require((0...1).contains(share), "final learning rate", share, "a share in [0, 1]")
    case .oneCycle:
      try require(warmUp > 0, "warm-up", warmUp, "above 0: the way up of one cycle")
    case .step:
      try require(schedule.dropInterval >= 1, "drop interval", schedule.dropInterval, "at least 1")
      let factor = schedule.dropFactor
      try require(factor > 0 && factor <= 1, "drop factor", factor, "above 0 and at most 1")
    }
  }

  /// A bound that no training meets: products of counts, such as all steps, stay whole numbers.
  private func requireCount(_ value: Int, _ option: String) throws {
    let most = 1_000_000
    try require((1...most).contains(value), option, value, "at least 1 and at most \(most)")
  }

  private func requirePositive(_ value: Double, _ option: String) throws {
    try require(value > 0 && value.isFinite, option, value, "above 0 and finite")
  }

  private func require(
    _ condition: Bool,
    _ option: String,
    _ found: some CustomStringConvertible,
    _ expected: String
  ) throws {
    guard !condition else { return }
    throw TrainingError(
      .invalidSetting(option: option, found: found.description, expected: expected)
    )
  }
}
