package import Foundation
package import Results
import Training

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

    /// Takes what a training's profile says.
    ///
    /// - Parameter profile: the profile.
    package init(_ profile: PretrainingProfile) {
      seconds = profile.seconds
      peakBytes = profile.memory.map(\.peak)
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

  /// What an earlier command wrote; nil where there is nothing that can be read, where the training
  /// depends on something else, or where the numbers can't be what trainings come to.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - training: what the training is to depend on.
  /// - Returns: the scores.
  package static func kept(at file: URL, training: String) -> AblationScores? {
    guard let data = try? Data(contentsOf: file),
      let scores = try? JSONDecoder().decode(AblationScores.self, from: data),
      scores.training == training, scores.arePossible
    else { return nil }
    return scores
  }

  /// Whether each score is there once and in 0...1, and the cost is one.
  private var arePossible: Bool {
    let names = scores.map { [$0.protocolName, $0.task, $0.metric] }
    return Set(names).count == names.count && cost.seconds >= 0 && cost.peakBytes ?? 0 >= 0
      && scores.allSatisfy { Self.metrics.contains($0.metric) && (0...1).contains($0.value) }
  }

  /// Whether there is a score of each protocol on each task, and of no other.
  ///
  /// - Parameters:
  ///   - protocols: the protocols' names.
  ///   - tasks: the tasks, such as `synthetic-fundus/disease`.
  /// - Returns: false also where all of a task's metrics are undefined.
  package func cover(protocols: [String], tasks: [String]) -> Bool {
    Set(scores.map { [$0.protocolName, $0.task] })
      == Set(protocols.flatMap { name in tasks.map { [name, $0] } })
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
