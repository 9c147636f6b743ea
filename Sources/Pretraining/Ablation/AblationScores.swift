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

  /// What a training took.
  package struct Cost: Codable, Equatable, Sendable {
    /// How many seconds, interruptions left out.
    package var seconds: Double
    /// How many bytes of tensors at most.
    package var peakBytes: Int?

    /// Takes what a training says of itself.
    ///
    /// - Parameter training: the training.
    package init(_ training: TrainingResult) {
      seconds = training.seconds
      peakBytes = training.memory.map(\.peak)
    }
  }

  /// What the training depends on, in 64 hexadecimal digits: `PretrainingRun.identity`.
  package var training: String
  /// What the scores depend on beside the checkpoint, in 64 hexadecimal digits.
  package var evaluation: String
  /// The SHA-256 sum of the trained checkpoint.
  package var checkpoint: String
  /// The numbers, in the order of the tables.
  package var scores: [Score]
  /// What the training took.
  package var cost: Cost

  /// The metrics that an ablation looks at, averaged over classes or of a binary task.
  private static let metrics = ["auc", "ap", "f1"]

  /// Takes what runs on the test split say.
  ///
  /// - Parameters:
  ///   - results: the runs.
  ///   - cost: what the training took.
  ///   - training: what the training depends on.
  ///   - evaluation: what the scores depend on beside the checkpoint.
  ///   - checkpoint: the SHA-256 sum of the trained checkpoint.
  package init(
    _ results: [RunResult],
    _ cost: Cost,
    training: String,
    evaluation: String,
    checkpoint: String
  ) {
    self.cost = cost
    self.training = training
    self.evaluation = evaluation
    self.checkpoint = checkpoint
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
  }

  /// What an earlier command wrote; nil where there is nothing that can be read, or where the training
  /// depends on something else.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - training: what the training is to depend on.
  /// - Returns: the scores.
  package static func kept(at file: URL, training: String) -> AblationScores? {
    guard let data = try? Data(contentsOf: file),
      let scores = try? JSONDecoder().decode(AblationScores.self, from: data),
      scores.training == training
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
