import Training

/// Which pictures of a training couldn't be read: told after each epoch, and noted in `events.jsonl` with
/// the state, so that a training that goes on knows those of its interrupted part.
///
/// It is told before the observer that writes the events, which cuts what the state doesn't know of.
final class UnreadablePictures: TrainingObserver {
  /// What a split is called in events and messages.
  enum Name: String, CaseIterable {
    case training, validation

    /// The event's name.
    var event: String { "unreadable \(rawValue) pictures" }
  }

  private let splits: [Name: PairSplit]
  private let events: JSONLinesObserver
  private let warn: (String) -> Void
  /// What the interrupted part of the training noted.
  private var earlier: [Name: [String]] = [:]
  /// How many of a split's pictures are noted in events.
  private var noted: [Name: Int] = [:]
  /// How many of a split's pictures were told.
  private var told: [Name: Int] = [:]

  /// Prepares to tell.
  ///
  /// - Parameters:
  ///   - material: the pairs.
  ///   - events: where pictures are noted.
  ///   - warn: is told one line per split.
  init(
    _ material: PretrainingMaterial,
    in events: JSONLinesObserver,
    warn: @escaping (String) -> Void
  ) {
    splits = [.training: material.train, .validation: material.validation]
    self.events = events
    self.warn = warn
  }

  /// What is wrong with each picture, from the training's beginning on; each once.
  func all(_ name: Name) -> [String] {
    let known = earlier[name, default: []]
    return known + (splits[name]?.unreadablePictures ?? []).filter { !known.contains($0) }
  }

  func started(_ start: TrainingStart) throws {
    for name in Name.allCases {
      earlier[name] = events.notes(of: name.event, before: start)
    }
  }

  func ended(_ epoch: TrainingEpoch, history: [TrainingEpoch]) throws {
    try note(step: epoch.step)
    for name in Name.allCases {
      guard let split = splits[name] else { continue }
      let pictures = split.unreadable
      guard pictures.count > told[name, default: 0] else { continue }
      told[name] = pictures.count
      warn(
        "\(pictures.count) of \(split.count) \(name) pictures can't be read and are left out: "
          + UnreadablePicture.summary(pictures)
      )
    }
  }

  func willSave(at step: Int) throws { try note(step: step) }

  /// Notes what isn't noted yet.
  private func note(step: Int) throws {
    for name in Name.allCases {
      let all = all(name)
      let count = noted[name] ?? earlier[name, default: []].count
      guard all.count > count else { continue }
      try events.note(name.event, step: step, Array(all[count...]))
      noted[name] = all.count
    }
  }
}
