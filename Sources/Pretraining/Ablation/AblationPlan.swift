import Datasets

/// Trainings that differ in one thing each: which loss, and whether batches are expanded.
package struct AblationPlan: Equatable, Sendable {
  /// The losses.
  package var losses: [ContrastiveLoss]
  /// Without queue, with queue, or both.
  package var queues: [Bool]
  /// The seeds of weights, order and augmentation; the same for every arm, so that arms are paired.
  package var seeds: [UInt64]
  /// The data sets that each training is evaluated on, as `vbench evaluate` takes them.
  package var datasets: [String]

  /// One training of the plan.
  package struct Arm: Hashable, Sendable {
    /// The loss.
    package var loss: ContrastiveLoss
    /// Whether batches are expanded.
    package var usesQueue: Bool

    /// States an arm.
    ///
    /// - Parameters:
    ///   - loss: the loss.
    ///   - usesQueue: whether batches are expanded.
    package init(loss: ContrastiveLoss, usesQueue: Bool) {
      self.loss = loss
      self.usesQueue = usesQueue
    }

    /// Such as `wsc+queue`, for folders and tables.
    package var name: String { loss.rawValue + (usesQueue ? "+queue" : "") }

    /// Makes a training's settings this arm's.
    ///
    /// - Parameter settings: of the configuration; its expansion, or the default one, is the queue's.
    package func apply(to settings: inout PretrainingSettings) {
      settings.objective.loss = loss
      if usesQueue {
        settings.expansion = settings.expansion ?? BatchExpansion()
      } else {
        settings.expansion = nil
      }
    }
  }

  /// All arms, losses in their order, each without queue first.
  package var arms: [Arm] {
    losses.flatMap { loss in queues.map { Arm(loss: loss, usesQueue: $0) } }
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
      try section["queue"].map { try $0.items().map { try $0.choice(of: Switch.self) == .on } }
      ?? [false, true]
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

  private enum Switch: String, CaseIterable {
    case off
    case on
  }
}
