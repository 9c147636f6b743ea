package import Foundation

/// Which run this is, when it ran and how it ended.
package struct RunRecord: Codable, Equatable, Sendable {
  /// The name of the run's folder: a time and a short name, sorted by time.
  package var id: String
  /// How the run ended.
  package var status: RunStatus
  /// When it began, in whole seconds.
  package let started: Date
  /// How long it took.
  package var seconds: Double

  /// Records a run.
  ///
  /// - Parameters:
  ///   - id: the name of the run's folder.
  ///   - status: how it ended.
  ///   - started: when it began; the fraction of a second is dropped.
  ///   - seconds: how long it took.
  package init(id: String, status: RunStatus, started: Date, seconds: Double) {
    self.id = id
    self.status = status
    self.started = Date(timeIntervalSince1970: started.timeIntervalSince1970.rounded(.down))
    self.seconds = seconds
  }
}

/// How a run ended.
///
/// In JSON: `{"outcome": "failed", "reason": "the loss became NaN in epoch 3"}`.
package enum RunStatus: Equatable, Sendable {
  /// The protocol ran to its end.
  case passed
  /// It could not.
  case failed(reason: String)
  /// It was not started.
  case skipped(reason: String)
  /// It ran to its end, and its numbers are not to be believed, such as since all predictions are one
  /// class or fewer samples were found than declared.
  case mistrusted(reason: String)

  /// The status in one word.
  package var outcome: Outcome {
    switch self {
    case .passed: .passed
    case .failed: .failed
    case .skipped: .skipped
    case .mistrusted: .mistrusted
    }
  }

  /// Why the run did not simply pass.
  package var reason: String? {
    switch self {
    case .passed: nil
    case .failed(let reason), .skipped(let reason), .mistrusted(let reason): reason
    }
  }

  /// The words that a status is written with.
  package enum Outcome: String, Codable, Sendable {
    case passed, failed, skipped, mistrusted
  }
}

extension RunStatus: Codable {
  private enum CodingKeys: String, CodingKey {
    case outcome, reason
  }

  /// Reads the outcome and its reason.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError` where the outcome is unknown or its reason is missing.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Outcome.self, forKey: .outcome) {
    case .passed: self = .passed
    case .failed: self = .failed(reason: try container.decode(String.self, forKey: .reason))
    case .skipped: self = .skipped(reason: try container.decode(String.self, forKey: .reason))
    case .mistrusted:
      self = .mistrusted(reason: try container.decode(String.self, forKey: .reason))
    }
  }

  /// Writes the outcome and its reason.
  ///
  /// - Parameter encoder: where to write to.
  /// - Throws: what the encoder throws.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(outcome, forKey: .outcome)
    try container.encodeIfPresent(reason, forKey: .reason)
  }
}
