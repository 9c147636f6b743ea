import Foundation
package import Training

/// What a pre-training cost.
package struct PretrainingProfile: Codable, Equatable, Sendable {
  /// How many seconds it took, validations included and interruptions left out.
  package var seconds: Double
  /// How many pairs it learnt from, each as often as there were epochs; without unreadable ones.
  package var pairs: Int
  /// Pairs per second, validations included.
  package var pairsPerSecond: Double
  /// The memory of its tensors by what they are, in bytes, since the last command went on; nil where that
  /// command made no step.
  package var memory: TrainingMemory?

  /// What is wrong with each picture that couldn't be read, those of training first; also those that were
  /// found before an interruption.
  package var unreadablePictures: [String]

  /// Takes what a training says.
  ///
  /// - Parameters:
  ///   - result: what came of it.
  ///   - count: how many pairs there are to learn from, unreadable ones included.
  ///   - training: what is wrong with each of their pictures that couldn't be read.
  ///   - validation: as `training`, of the pairs that chose the epoch.
  init(
    _ result: TrainingResult,
    of count: Int,
    unreadable training: [String],
    _ validation: [String]
  ) {
    seconds = result.seconds
    pairs = (count - training.count) * result.history.count
    unreadablePictures = training + validation
    pairsPerSecond = seconds > 0 ? Double(pairs) / seconds : 0
    memory = result.memory
  }

  /// Writes the profile.
  ///
  /// - Parameter file: the file; one that exists is replaced.
  /// - Throws: ``PretrainingError``: `notWritable`.
  func write(to file: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).writeWhole(to: file)
  }
}
