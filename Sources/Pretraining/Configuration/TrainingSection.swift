import Datasets
import Imaging
import Training

extension SectionReader {
  /// The keys of the section `training`.
  private static let trainingKeys = [
    "epochs", "batch", "chunk", "optimizer", "learning_rate", "layer_decay", "weight_decay",
    "beta1", "beta2", "epsilon", "schedule", "warm_up_epochs", "gradient_clip", "augmentation",
    "recompute", "average_decay", "validate_every", "patience",
  ]

  /// How the training goes.
  func training(_ value: YAMLValue) throws -> [SettingsChange] {
    let section = try value.mapping("training", allowed: Self.trainingKeys)
    return try sizes(section) + rates(section) + optimizer(section) + others(section)
  }

  private func sizes(_ section: YAMLMapping) throws -> [SettingsChange] {
    var changes: [SettingsChange] = []
    if let epochs = try section["epochs"]?.integer(in: 1...100_000) {
      changes.append {
        $0.training.epochs = epochs
        // Where nothing else is said: an epoch, but not more than a tenth of a short training.
        $0.training.schedule.warmUpEpochs = min(1, Double(epochs) / 10)
      }
    }
    if let batch = try section["batch"]?.integer(in: 2...65_536) {
      changes.append { $0.training.batchSize = batch }
    }
    if let chunk = try section["chunk"]?.integer(in: 2...65_536) {
      changes.append { $0.chunk = chunk }
    }
    return changes
  }

  private func rates(_ section: YAMLMapping) throws -> [SettingsChange] {
    var changes: [SettingsChange] = []
    if let rate = try section["learning_rate"]?.number(in: 1e-12...10) {
      changes.append { $0.training.learningRate = rate }
    }
    if let decay = try section["layer_decay"]?.number(in: 1e-6...1) {
      changes.append { $0.training.layerDecay = decay }
    }
    if let decay = try section["weight_decay"]?.number(in: 0...10) {
      changes.append { $0.training.weightDecay = decay }
    }
    if let kind = try section["schedule"]?.choice(of: ScheduleChoice.Kind.self) {
      changes.append { $0.training.schedule.kind = kind }
    }
    if let epochs = try section["warm_up_epochs"]?.number(in: 0...100_000) {
      changes.append { $0.training.schedule.warmUpEpochs = epochs }
    }
    return changes
  }

  private func optimizer(_ section: YAMLMapping) throws -> [SettingsChange] {
    var changes: [SettingsChange] = []
    if let kind = try section["optimizer"]?.choice(of: OptimizerChoice.Kind.self) {
      if kind == .sgd {
        for key in ["beta1", "beta2", "epsilon"] {
          try section.refuse(key, because: "of the optimizers adamw and lamb")
        }
      }
      changes.append { settings in
        // An encoder's released numbers are AdamW's; another optimiser begins with its own.
        if settings.training.optimizer.kind != kind {
          settings.training.optimizer = OptimizerChoice(kind)
        }
      }
    }
    if let beta = try section["beta1"]?.number(in: 0...0.999999) {
      changes.append { $0.training.optimizer.beta1 = beta }
    }
    if let beta = try section["beta2"]?.number(in: 0...0.999999) {
      changes.append { $0.training.optimizer.beta2 = beta }
    }
    if let epsilon = try section["epsilon"]?.number(in: 1e-16...1) {
      changes.append { $0.training.optimizer.epsilon = epsilon }
    }
    return changes
  }

  private func others(_ section: YAMLMapping) throws -> [SettingsChange] {
    var changes: [SettingsChange] = []
    if let length = try section["gradient_clip"]?.number(in: 0...1e9) {
      changes.append { $0.training.gradientClip = length == 0 ? nil : length }
    }
    if let value = section["augmentation"] {
      let name = try value.string()
      guard let policy = AugmentationPolicy.named[name] else {
        throw value.failure(
          .invalidValue(
            key: "augmentation",
            found: name,
            allowed: AugmentationPolicy.named.keys.sorted().joined(separator: ", ")
          )
        )
      }
      changes.append { $0.augmentation = policy }
    }
    if let recomputes = try section["recompute"]?.flag() {
      changes.append { $0.training.recomputesBlocks = recomputes }
    }
    if let decay = try section["average_decay"]?.number(in: 0...0.999999) {
      changes.append { $0.training.averageDecay = decay == 0 ? nil : decay }
    }
    if let interval = try section["validate_every"]?.integer(in: 1...100_000) {
      changes.append { $0.training.validationInterval = interval }
    }
    if let epochs = try section["patience"]?.integer(in: 1...100_000) {
      changes.append { $0.training.patience = epochs }
    }
    return changes
  }
}
