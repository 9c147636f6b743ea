import Training

/// Tells after each epoch which pictures couldn't be read; each is told once in a command.
final class UnreadablePictures: TrainingObserver {
  private let material: PretrainingMaterial
  private let warn: (String) -> Void
  private var told = [0, 0]

  /// Prepares to tell.
  ///
  /// - Parameters:
  ///   - material: the pairs.
  ///   - warn: is told one line per split.
  init(_ material: PretrainingMaterial, warn: @escaping (String) -> Void) {
    self.material = material
    self.warn = warn
  }

  func ended(_ epoch: TrainingEpoch, history: [TrainingEpoch]) throws {
    for (place, split) in [("training", material.train), ("validation", material.validation)]
      .enumerated()
    {
      let failures = split.1.unreadablePictures
      guard failures.count > told[place] else { continue }
      told[place] = failures.count
      let shown = failures.prefix(3).joined(separator: "; ")
      warn(
        "\(failures.count) of \(split.1.count) \(split.0) pictures can't be read and are left out: "
          + shown + (failures.count > 3 ? "; and others, see profile.json" : "")
      )
    }
  }
}
