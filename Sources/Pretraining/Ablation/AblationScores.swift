package import Foundation
package import Results
package import Training

/// What one training of an ablation came to.
package struct AblationScores: Codable, Equatable, Sendable {
  /// One number.
  package struct Score: Codable, Equatable, Sendable {
    /// The protocol, such as `zero-shot`.
    package var protocolName: String
    /// The data set and task, such as `synthetic-fundus/disease`.
    package var task: String
    /// The metric, such as `auc`.
    package var metric: String
    /// Its name in tables.
    package var metricName: String
    /// The value on the test split.
    package var value: Double
  }

  /// What the numbers depend on, in 64 hexadecimal digits: `PretrainingRun.identity`.
  package var identity: String
  /// The numbers, in the order of the tables.
  package var scores: [Score]
  /// How many seconds the training took, interruptions left out.
  package var seconds: Double
  /// How many bytes the training needed at most.
  package var peakBytes: Int?

  /// The metrics that an ablation looks at, averaged over classes or of a binary task.
  private static let metrics = ["auc", "ap", "f1"]

  /// Takes what runs on the test split say.
  ///
  /// - Parameters:
  ///   - results: the runs.
  ///   - training: the training.
  ///   - identity: what they depend on.
  package init(_ results: [RunResult], _ training: TrainingResult, identity: String) {
    self.identity = identity
    scores = results.flatMap { result in
      result.metrics.compactMap { record in
        guard Self.metrics.contains(record.identifier),
          record.averaging == .macro || record.averaging == .none, let value = record.value.number
        else { return nil }
        return Score(
          protocolName: result.evaluationProtocol.name,
          task: "\(result.dataset.name)/\(result.dataset.task ?? "")",
          metric: record.identifier,
          metricName: record.displayName,
          value: value
        )
      }
    }
    seconds = training.seconds
    peakBytes = training.memory.map(\.peak)
  }

  /// What an earlier command wrote; nil where there is nothing that can be read, or where it depends on
  /// something else.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - identity: what the scores are to depend on.
  /// - Returns: the scores.
  package static func kept(at file: URL, identity: String) -> AblationScores? {
    guard let data = try? Data(contentsOf: file),
      let scores = try? JSONDecoder().decode(AblationScores.self, from: data),
      scores.identity == identity
    else { return nil }
    return scores
  }

  /// Writes the scores.
  ///
  /// - Parameter file: the file; one that exists is replaced.
  /// - Throws: ``PretrainingError``: `notWritable`.
  package func write(to file: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).writeWhole(to: file)
  }
}
