import Training

/// How a batch is expanded by what earlier batches left in a queue.
///
/// The paper's: dynamic memory queues kept by momentum encoders make up for false negatives that were
/// eliminated. The numbers and the two choices of targets are this project's.
package struct BatchExpansion: Codable, Equatable, Sendable {
  /// How many features of each kind the queues hold, at least 1.
  package var queueLength: Int
  /// m of the momentum encoders, in 0..<1: θₘ ← m·θₘ + (1 − m)·θ after each step.
  ///
  /// Source: He et al. 2020.
  package var momentum: Double
  /// From which step on, counted from 0, the queues are used; nil for as soon as they are full.
  package var warmUpSteps: Int?
  /// What an anchor of the batch is compared with inside its batch.
  package var targets: Targets

  /// What an anchor of the batch is compared with inside its batch.
  package enum Targets: String, Codable, CaseIterable, Sendable {
    /// The features of the trained encoders, which both learn from a pair.
    case online
    /// Those of the momentum encoders, as in MoCo and ALBEF: each encoder learns from its own anchors.
    case momentum
  }

  /// How many features a queue holds at most.
  package static let largestQueue = 1_048_576

  /// States an expansion; the defaults are DESIGN's.
  ///
  /// - Parameters:
  ///   - queueLength: how many features of each kind the queues hold.
  ///   - momentum: m of the momentum encoders.
  ///   - warmUpSteps: from which step on the queues are used; nil for as soon as they are full.
  ///   - targets: what an anchor of the batch is compared with inside its batch.
  package init(
    queueLength: Int = 4096,
    momentum: Double = 0.995,
    warmUpSteps: Int? = nil,
    targets: Targets = .online
  ) {
    self.queueLength = queueLength
    self.momentum = momentum
    self.warmUpSteps = warmUpSteps
    self.targets = targets
  }

  /// Refuses senseless values.
  ///
  /// - Throws: ``PretrainingError`` that names the value and its range.
  package func validate() throws {
    guard (1...Self.largestQueue).contains(queueLength) else {
      throw PretrainingError(
        .invalidSetting(
          name: "queue length",
          value: "\(queueLength)",
          expected: "1 to \(Self.largestQueue)"
        )
      )
    }
    guard momentum >= 0, momentum < 1 else {
      throw PretrainingError(
        .invalidSetting(name: "momentum", value: "\(momentum)", expected: "0 to below 1")
      )
    }
    guard warmUpSteps ?? 0 >= 0 else {
      throw PretrainingError(
        .invalidSetting(name: "warm-up steps", value: "\(warmUpSteps ?? 0)", expected: "0 or more")
      )
    }
  }

  /// Refuses queues that a whole training wouldn't read.
  ///
  /// - Parameters:
  ///   - pairs: how many pairs an epoch has, at least 1.
  ///   - epochs: how many there are, at least 1.
  ///   - plan: how an epoch is cut into steps.
  /// - Throws: ``PretrainingError`` that says how long the queue can be, or how long it can wait.
  func requireUse(pairs: Int, epochs: Int, _ plan: StepPlan) throws {
    func require(_ isTrue: Bool, _ name: String, _ value: String, _ expected: String) throws {
      guard isTrue else {
        throw PretrainingError(.invalidSetting(name: name, value: value, expected: expected))
      }
    }
    let length = epochs == 1 ? "1 epoch" : "\(epochs) epochs"
    let steps = epochs * plan.count
    try require(
      pairs <= FeatureQueue.sampleLimit,
      "number of training pairs",
      "\(pairs)",
      "at most \(FeatureQueue.sampleLimit), which a queue can tell apart; take fewer, or no queue"
    )
    try require(
      steps > 1,
      "queue length",
      "\(queueLength)",
      "no queue: the training has one step, and a queue holds what earlier ones left; take smaller "
        + "batches, or more epochs"
    )
    if let warmUpSteps {
      try require(
        warmUpSteps < steps,
        "queue's warm-up",
        "\(warmUpSteps) steps",
        "fewer than the training's \(steps)"
      )
      return
    }
    // What earlier steps left when the last one begins.
    let most = epochs * pairs - plan[plan.count - 1].reduce(0) { $0 + $1.count }
    try require(
      queueLength <= most,
      "queue length",
      "\(queueLength)",
      "at most \(most): it is used once it is full, and before the last step of \(length) of "
        + "\(pairs) pairs there are no more; or state warm_up_steps, or take no queue"
    )
  }
}
