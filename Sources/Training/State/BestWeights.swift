import Checkpoints
import Foundation

/// The weights of the best validation so far.
///
/// They lie in memory until the state is saved, then in a file of their own, `best-STEP.h5`. A file
/// of earlier weights is deleted only when a state that names the later ones is complete.
final class BestWeights {
  private let folder: URL?
  private let weights: TrainedWeights
  private var pending: TrainedWeights.Snapshot?

  /// Prepares to keep weights.
  ///
  /// - Parameters:
  ///   - weights: whose values.
  ///   - folder: where files lie; nil to keep the weights in memory.
  init(of weights: TrainedWeights, in folder: URL?) {
    self.weights = weights
    self.folder = folder
  }

  /// Keeps the present values.
  func keep() { pending = weights.snapshot() }

  /// Writes what isn't yet in a file.
  ///
  /// - Parameter best: the best epoch.
  /// - Throws: `CheckpointError`: `notWritable`.
  func write(_ best: TrainingEpoch) throws {
    guard let pending, let path = path(of: best) else { return }
    let writer = try StateFileWriter(creating: path, .weights)
    try weights.write(pending, to: writer)
    try writer.finish()
    self.pending = nil
  }

  /// Puts the weights into the parameters.
  ///
  /// - Parameter best: the best epoch.
  /// - Throws: ``TrainingError``: `damagedState`, `differentState`.
  func restore(_ best: TrainingEpoch) throws {
    if let pending {
      weights.restore(pending)
    } else if let path = path(of: best) {
      weights.restore(try weights.read(from: StateFileReader(path, .weights)))
    }
  }

  /// Makes sure that the file of a saved state's best epoch is there and intact.
  ///
  /// - Parameter best: the best epoch.
  /// - Throws: ``TrainingError``: `damagedState`, `differentState`.
  func verify(_ best: TrainingEpoch) throws {
    guard let path = path(of: best) else { return }
    _ = try weights.read(from: StateFileReader(path, .weights))
  }

  /// Deletes the files of all other epochs.
  ///
  /// - Parameter best: the best epoch; nil to delete all.
  func removeOthers(than best: TrainingEpoch?) {
    let kept = best.map { Self.name(of: $0) }
    removeFiles { $0.wholeMatch(of: /best-[0-9]+\.h5/) != nil && $0 != kept }
  }

  /// Deletes what a process that was killed while it saved has left.
  func removeUnfinished() {
    removeFiles { $0.wholeMatch(of: /\.(state|best-[0-9]+)\.h5\..+\.partial/) != nil }
  }

  private func removeFiles(where isUnwanted: (String) -> Bool) {
    guard let folder else { return }
    let path = folder.path(percentEncoded: false)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where isUnwanted(name) {
      try? FileManager.default.removeItem(at: folder.appending(path: name))
    }
  }

  private func path(of best: TrainingEpoch) -> String? {
    folder?.appending(path: Self.name(of: best)).path(percentEncoded: false)
  }

  private static func name(of best: TrainingEpoch) -> String { "best-\(best.step).h5" }
}
