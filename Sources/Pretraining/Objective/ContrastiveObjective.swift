/// How images and reports of a batch are told apart.
///
/// The paper's abstract (ViLReF) fixes the parts: labels that expert knowledge finds in reports, a
/// weighted similarity coupling loss that adjusts the speed of pushing pairs apart, and a batch
/// expansion with momentum encoders and queues that supplies what eliminated false negatives leave
/// vacant. It gives no formulas, and its released code holds only the plain CLIP loss: all formulas
/// here are this project's definition.
package enum ContrastiveLoss: String, Codable, CaseIterable, Sendable {
  /// Weighted similarity coupling: others of the same labels are no negatives, and each negative
  /// is pushed away at the speed (1 − cos)^γ of its labels.
  case coupling = "wsc"
  /// All others are negatives, alike (van den Oord, Li, Vinyals 2018; CLIP's loss).
  case infoNCE = "infonce"
  /// Others are partly positives, as far as their labels are alike (after MedCLIP: Wang, Wu,
  /// Agarwal, Sun 2022, eq. 2 and 3).
  case softTargets = "soft-targets"
  /// Others of the same labels are no negatives; all negatives are alike.
  case elimination
}

/// Which entries of the queue become negatives of an anchor.
package enum RefillRule: String, Codable, CaseIterable, Sendable {
  /// As many entries of other labels as false negatives were eliminated from the anchor's batch, the
  /// newest first: each anchor keeps as many negatives as InfoNCE has. Nothing for losses that
  /// eliminate nothing.
  case vacancies
  /// Every entry of other labels; for InfoNCE every entry but the anchor's own pair as it was before,
  /// for soft targets every entry.
  case all
  /// No entry.
  case nothing = "none"
}

/// A contrastive loss with its settings.
package struct ContrastiveObjective: Codable, Equatable, Sendable {
  /// Which loss.
  package var loss: ContrastiveLoss
  /// γ of the weights (1 − cos)^γ, in 0...16; only weighted similarity coupling reads it.
  ///
  /// With 0 all negatives are alike: elimination.
  package var gamma: Double
  /// Which entries of the queue become negatives; nil for the loss's own rule.
  package var refill: RefillRule?
  /// T of the targets softmax(cos / T), in 0.01...100; only soft targets read it.
  ///
  /// MedCLIP's is 1; lower ones give the pair itself, and others of its labels, a larger share.
  package var targetTemperature: Double

  /// States an objective.
  ///
  /// - Parameters:
  ///   - loss: which loss.
  ///   - gamma: γ of the weights.
  ///   - refill: which entries of the queue become negatives; nil for the loss's own rule.
  ///   - targetTemperature: T of soft targets.
  package init(
    loss: ContrastiveLoss = .coupling,
    gamma: Double = 1,
    refill: RefillRule? = nil,
    targetTemperature: Double = 1
  ) {
    self.loss = loss
    self.gamma = gamma
    self.refill = refill
    self.targetTemperature = targetTemperature
  }

  /// Refuses senseless values.
  ///
  /// - Throws: ``PretrainingError`` that names the value and its range.
  package func validate() throws {
    guard (0...16).contains(gamma) else {
      throw PretrainingError(
        .invalidSetting(name: "gamma", value: "\(gamma)", expected: "0 to 16")
      )
    }
    guard (0.01...100).contains(targetTemperature) else {
      throw PretrainingError(
        .invalidSetting(
          name: "target temperature",
          value: "\(targetTemperature)",
          expected: "0.01 to 100"
        )
      )
    }
  }

  /// Whether others of the same labels are no negatives.
  package var eliminatesFalseNegatives: Bool {
    switch loss {
    case .coupling, .elimination: true
    case .infoNCE, .softTargets: false
    }
  }

  /// Which entries of the queue become negatives: what is stated, or else `vacancies` for losses that
  /// leave some, and `all`, as in MoCo, for those that don't.
  package var refillRule: RefillRule {
    refill ?? (eliminatesFalseNegatives ? .vacancies : .all)
  }

  /// Whether entries of a queue can change the loss.
  package var readsQueue: Bool {
    switch refillRule {
    case .all: true
    case .vacancies: eliminatesFalseNegatives
    case .nothing: false
    }
  }
}
