/// Where and how often a training saves its state.
package struct SavingPolicy: Equatable, Sendable {
  /// The folder, made where it is missing.
  package var folder: String
  /// After how many seconds the state is saved in the middle of an epoch; it is also saved at each
  /// epoch's end, on request and at the training's end.
  package var intervalSeconds: Double
  /// The largest share of the time that saving may take, above 0.
  ///
  /// What is due waits until then, but for what is saved on request and at the end.
  package var maximumShare: Double

  /// States a policy.
  ///
  /// - Parameters:
  ///   - folder: the folder, made where it is missing.
  ///   - intervalSeconds: after how many seconds the state is saved in the middle of an epoch.
  ///   - maximumShare: the largest share of the time that saving may take; above 0.
  package init(folder: String, intervalSeconds: Double = 60, maximumShare: Double = 0.05) {
    precondition(
      intervalSeconds >= 0 && maximumShare > 0,
      "saving every \(intervalSeconds) s, at most \(maximumShare) of the time"
    )
    self.folder = folder
    self.intervalSeconds = intervalSeconds
    self.maximumShare = maximumShare
  }

  /// Whether it is time to save.
  ///
  /// - Parameters:
  ///   - elapsed: the seconds since the last time's end, or the beginning.
  ///   - cost: the seconds that saving took then; 0 where it wasn't done yet.
  ///   - isEpochEnd: whether an epoch has just ended.
  /// - Returns: whether it is time.
  func isDue(after elapsed: Double, cost: Double, isEpochEnd: Bool) -> Bool {
    // Of the time from one end to the next, cost / (elapsed + cost) goes into saving.
    let wait = cost / maximumShare - cost
    return elapsed >= max(wait, isEpochEnd ? 0 : intervalSeconds)
  }
}
