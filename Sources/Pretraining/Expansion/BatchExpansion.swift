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
  ///   - pairs: how many pairs an epoch has.
  ///   - training: how many epochs and pairs per step there are.
  /// - Throws: ``PretrainingError`` that says how long the queue can be, or how long it can wait.
  func requireUse(pairs: Int, _ training: TrainingSettings) throws {
    let batch = min(training.batchSize, pairs)
    let steps = training.epochs * ((pairs + batch - 1) / batch)
    if let warmUpSteps {
      guard warmUpSteps < steps else {
        throw PretrainingError(
          .invalidSetting(
            name: "queue's warm-up",
            value: "\(warmUpSteps) steps",
            expected: "fewer than the training's \(steps)"
          )
        )
      }
      return
    }
    // What earlier steps left when the last one begins.
    let most = training.epochs * pairs - batch
    guard queueLength <= most else {
      throw PretrainingError(
        .invalidSetting(
          name: "queue length",
          value: "\(queueLength)",
          expected: "at most \(most): it is used once it is full, and \(training.epochs) epochs of "
            + "\(pairs) pairs fill no more; or state warm_up_steps, or length 0 for no queue"
        )
      )
    }
  }
}
