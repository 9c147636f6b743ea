import Datasets

/// Trainings that differ in one thing each: which loss, and whether batches are expanded.
package struct AblationPlan: Equatable, Sendable {
  /// The losses.
  package var losses: [ContrastiveLoss]
  /// How batches are expanded.
  package var queues: [Queue]
  /// The seeds of weights, order and augmentation; the same for every arm, so that arms are paired.
  package var seeds: [UInt64]
  /// The data sets that each training is evaluated on, as `vbench evaluate` takes them.
  package var datasets: [String]

  /// How an arm's batches are expanded.
  package enum Queue: String, CaseIterable, Sendable {
    /// Not at all.
    case off
    /// By the loss's own rule: `RefillRule.vacancies` where it leaves some, else `all`.
    case on
    /// By every entry that is no false negative.
    case all
  }

  /// One training of the plan.
  package struct Arm: Hashable, Sendable {
    /// The loss.
    package var loss: ContrastiveLoss
    /// How batches are expanded.
    package var queue: Queue

    /// States an arm.
    ///
    /// - Parameters:
    ///   - loss: the loss.
    ///   - queue: how batches are expanded.
    package init(loss: ContrastiveLoss, queue: Queue) {
      self.loss = loss
      self.queue = queue
    }

    /// Such as `wsc`, `wsc+queue` or `wsc+all`, for folders and tables.
    package var name: String {
      switch queue {
      case .off: loss.rawValue
      case .on: loss.rawValue + "+queue"
      case .all: loss.rawValue + "+all"
      }
    }

    /// Makes a training's settings this arm's.
    ///
    /// - Parameter settings: of the configuration; its expansion, or the default one, is the queue's.
    package func apply(to settings: inout PretrainingSettings) {
      settings.objective.loss = loss
      settings.objective.refill = queue == .all ? .all : nil
      settings.expansion = queue == .off ? nil : settings.expansion ?? BatchExpansion()
    }
  }

  /// All arms, losses in their order; `all` only where it isn't what `on` is already.
  package var arms: [Arm] {
    losses.flatMap { loss in
      let eliminates = ContrastiveObjective(loss: loss).eliminatesFalseNegatives
      return queues.filter { $0 != .all || eliminates || !queues.contains(.on) }
        .map { Arm(loss: loss, queue: $0) }
    }
  }

  /// Reads the section `ablation` of a configuration.
  ///
  /// - Parameter value: its value.
  /// - Throws: `DatasetsError` with file and line.
  init(_ value: YAMLValue) throws {
    let section = try value.mapping("ablation", allowed: ["losses", "queue", "seeds", "datasets"])
    losses =
      try section["losses"].map { try $0.items().map { try $0.choice(of: ContrastiveLoss.self) } }
      ?? ContrastiveLoss.allCases
    queues =
      try section["queue"].map { try $0.items().map { try $0.choice(of: Queue.self) } }
      ?? [.off, .on]
    seeds =
      try section["seeds"].map { value in
        (0..<UInt64(try value.integer(in: 1...1000))).map { $0 }
      } ?? [0, 1, 2, 3, 4]
    datasets = try section.require("datasets").strings()
    guard Set(losses).count == losses.count, Set(queues).count == queues.count else {
      throw value.failure(
        .invalidValue(key: "ablation", found: "a repeated arm", allowed: "each loss and queue once")
      )
    }
  }
}
