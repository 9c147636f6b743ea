import Foundation
import Results
import Training

/// What a trained repeat has said about the test samples, kept until its run is complete and for
/// the same command later.
struct FinishedRepeat: Codable, Equatable {
  /// What it depends on: another training's is not used.
  var facts: [TrainingFact]
  /// The test samples' probabilities, N × K; empty where the training failed.
  var scores: [Double]
  /// From which probability on classes are decided.
  var thresholds: [Double]?
  /// What the protocol chose, by name.
  var chosen: [Choice]
  /// What a reader must know, in one line each.
  var notes: [String]
  /// How the training went.
  var training: TrainingRecord
  /// Why it failed; nil where it didn't.
  var failure: String?

  /// Something that validation chose.
  struct Choice: Codable, Equatable {
    var name: String
    var value: Double
  }

  /// The repeat as the metrics take it.
  func scored(_ indices: [Int]) -> ScoredSamples {
    ScoredSamples(
      indices: indices,
      scores: scores,
      thresholds: thresholds,
      chosen: chosen.map { ($0.name, $0.value) },
      notes: notes,
      training: training,
      failure: failure
    )
  }

  /// Reads what an earlier command kept.
  ///
  /// - Parameters:
  ///   - file: where it lies.
  ///   - facts: what it must depend on.
  /// - Returns: the repeat; nil where there is none, it is damaged, or belongs to another training.
  static func kept(at file: URL, facts: [TrainingFact]) -> FinishedRepeat? {
    guard let data = try? Data(contentsOf: file),
      let found = try? JSONDecoder().decode(FinishedRepeat.self, from: data), found.facts == facts
    else { return nil }
    return found
  }

  /// Writes the repeat, whole or not at all.
  ///
  /// - Parameter file: where to.
  /// - Throws: `ResultsError` where it can't be written.
  func write(to file: URL) throws { try writeWhole(self, to: file) }
}

/// Writes a value as JSON, whole or not at all.
///
/// - Parameters:
///   - value: the value.
///   - file: where to.
/// - Throws: `ResultsError` where it can't be written.
func writeWhole(_ value: some Encodable, to file: URL) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do {
    try encoder.encode(value).write(to: file, options: .atomic)
  } catch {
    throw ResultsError(
      .unwritable(detail: error.localizedDescription),
      path: file.path(percentEncoded: false)
    )
  }
}

extension TrainingRecord {
  /// A training's history as a result keeps it.
  ///
  /// - Parameters:
  ///   - result: what came of the training.
  ///   - seed: the repeat's seed.
  init(_ result: TrainingResult, seed: UInt64) {
    self.init(
      seed: seed,
      ending: result.outcome.description,
      validationName: result.history.lazy.compactMap(\.validation?.name).first ?? "none",
      epochs: result.history.map { epoch in
        EpochRecord(
          epoch: epoch.epoch,
          trainingLoss: epoch.trainingLoss,
          validation: epoch.validation?.value,
          isBest: epoch.epoch == result.best?.epoch
        )
      }
    )
  }
}
