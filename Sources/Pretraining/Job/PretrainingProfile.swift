import Foundation
package import Training

/// What a pre-training cost.
package struct PretrainingProfile: Codable, Equatable, Sendable {
  /// How many seconds it took, validations included and interruptions left out.
  package var seconds: Double
  /// How many pairs it learnt from, each as often as there were epochs.
  package var pairs: Int
  /// Pairs per second, validations included.
  package var pairsPerSecond: Double
  /// The memory of its tensors by what they are, in bytes, since the last command went on; nil where that
  /// command made no step.
  package var memory: TrainingMemory?

  /// Takes what a training says.
  ///
  /// - Parameters:
  ///   - result: what came of it.
  ///   - pairs: how many pairs an epoch has.
  package init(_ result: TrainingResult, pairs: Int) {
    seconds = result.seconds
    self.pairs = pairs * result.history.count
    pairsPerSecond = seconds > 0 ? Double(self.pairs) / seconds : 0
    memory = result.memory
  }

  /// Writes the profile.
  ///
  /// - Parameter file: the file; one that exists is replaced.
  /// - Throws: ``PretrainingError``: `notWritable`.
  func write(to file: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).writeWhole(to: file)
  }
}
