import Foundation
import Training

/// A training's `profile.json`: that of the last command that made a step.
///
/// The profile of an earlier training is deleted where this one begins anew.
final class ProfileFile: TrainingObserver {
  private let url: URL
  private var resumedStep = 0

  /// Prepares to write.
  ///
  /// - Parameter url: the file; its folder exists when the training starts.
  init(_ url: URL) { self.url = url }

  func started(_ start: TrainingStart) throws {
    resumedStep = start.resumedStep
    if resumedStep == 0 { try? FileManager.default.removeItem(at: url) }
  }

  /// Writes a training's profile, unless nothing was trained since the one that is there.
  ///
  /// - Parameters:
  ///   - result: what came of the training.
  ///   - profile: what is written.
  /// - Returns: what the file holds.
  /// - Throws: ``PretrainingError``: `notWritable`.
  func keep(_ result: TrainingResult, _ profile: PretrainingProfile) throws -> PretrainingProfile {
    if result.steps == resumedStep, let data = try? Data(contentsOf: url),
      let kept = try? JSONDecoder().decode(PretrainingProfile.self, from: data)
    {
      return kept
    }
    try profile.write(to: url)
    return profile
  }
}
