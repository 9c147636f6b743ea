/// Who is told how a training goes.
///
/// What an observer throws ends the training; its last saved state stays.
package protocol TrainingObserver: AnyObject {
  /// The training begins, or goes on from a saved state.
  func started(_ start: TrainingStart) throws
  /// A step was made.
  func made(_ step: TrainingStep) throws
  /// An epoch is over, its validation too.
  ///
  /// - Parameters:
  ///   - epoch: the epoch.
  ///   - history: all epochs so far, this one the last.
  /// - Throws: what ends the training.
  func ended(_ epoch: TrainingEpoch, history: [TrainingEpoch]) throws
  /// The state is about to be saved: what was told before must be on disk first, since a training
  /// that goes on from that state does not tell it again.
  ///
  /// - Parameter step: how many steps the training has made.
  /// - Throws: what ends the training; nothing is saved then.
  func willSave(at step: Int) throws
  /// The state was saved.
  ///
  /// - Parameters:
  ///   - step: how many steps the training has made.
  ///   - path: the file.
  /// - Throws: what ends the training.
  func saved(at step: Int, to path: String) throws
  /// The training is over, or interrupted.
  func ended(_ result: TrainingResult) throws
}

extension TrainingObserver {
  /// Does nothing.
  package func started(_ start: TrainingStart) throws {}
  /// Does nothing.
  package func made(_ step: TrainingStep) throws {}
  /// Does nothing.
  package func ended(_ epoch: TrainingEpoch, history: [TrainingEpoch]) throws {}
  /// Does nothing.
  package func willSave(at step: Int) throws {}
  /// Does nothing.
  package func saved(at step: Int, to path: String) throws {}
  /// Does nothing.
  package func ended(_ result: TrainingResult) throws {}
}
