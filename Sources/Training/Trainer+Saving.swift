extension Trainer {
  /// Whether the state should be saved now.
  func isSavingDue(isEpochEnd: Bool) -> Bool {
    saving?.isDue(
      after: clock.secondsSinceSaving,
      cost: clock.savingCost,
      isEpochEnd: isEpochEnd
    ) ?? false
  }

  /// Saves the state and the best weights where that is due.
  func saveIfDue(isEpochEnd: Bool) throws {
    if isSavingDue(isEpochEnd: isEpochEnd) { try save() }
  }

  /// Saves the best weights, then the state that names them; then earlier best weights go.
  ///
  /// - Throws: `CheckpointError`: `notWritable`; then the older state and its weights stay.
  func save() throws {
    guard let state else { return }
    clock.beginSaving()
    defer { clock.endSaving() }
    for observer in observers { try observer.willSave(at: progress.step) }
    progress.seconds = clock.seconds
    if let epoch = progress.best { try best.write(epoch) }
    try state.save(progress)
    savedProgress = progress
    best.removeOthers(than: progress.best)
    for observer in observers { try observer.saved(at: progress.step, to: state.path) }
  }
}
