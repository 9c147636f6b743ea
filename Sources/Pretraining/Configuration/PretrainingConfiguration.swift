package import Datasets
package import Models
import Training

/// What a configuration file of a pre-training says.
package struct PretrainingConfiguration {
  /// The weights that a training begins with.
  package enum Start: Equatable, Sendable {
    /// A checkpoint's.
    case checkpoint(String)
    /// Random ones of an architecture. The images' side is nil for the architecture's own; the
    /// vocabulary is a file's, or nil for the reports' characters.
    case random(architecture: String, imageSize: Int?, vocabulary: String?)
  }

  /// Where pairs come from.
  package enum Source: Equatable, Sendable {
    /// A drawn data set of the catalog: its photographs with their reports, in its splits.
    case dataset(String)
    /// A table and a folder; a share of the training pairs validates where no column says.
    case table(PairFile)
  }

  /// A table of pairs and a folder of photographs.
  package struct PairFile: Equatable, Sendable {
    /// The table: CSV, or a JSON object in each line.
    package var table: String
    /// The folder of the photographs.
    package var images: String
    /// Where the table says what.
    package var columns = PairColumns()
    /// Which share of the training pairs validates where no column says, in (0, 1).
    package var validationShare = 0.1
  }

  /// How findings are read from reports.
  package struct Labels: Equatable, Sendable {
    /// The file of the findings table; nil for the program's own.
    package var findings: String?
    /// Whether a suspected finding counts as one.
    package var countsSuspected = false
  }

  /// The file, for errors.
  let path: String
  /// `file:line` of sections, such as `queue`, and of their keys, such as `queue.length`.
  let places: [String: String]
  /// The training's name: of its folder, and in tables.
  package var name: String
  /// The seed of everything random.
  package var seed: UInt64
  /// The weights that it begins with.
  package var start: Start
  /// Where pairs come from.
  package var source: Source
  /// How findings are read from reports.
  package var labels: Labels
  /// What differs from the released settings.
  package var changes: [(inout PretrainingSettings) -> Void]
  /// The trainings of an ablation; nil where the file describes one training.
  package var ablation: AblationPlan?

  /// Which share of the training pairs validates where the collection names no split.
  package var validationShare: Double {
    if case .table(let file) = source { file.validationShare } else { 0.1 }
  }

  /// The settings of the training.
  ///
  /// - Parameter vision: the image encoder, whose released settings are the default.
  /// - Returns: valid settings.
  /// - Throws: ``PretrainingError`` that names the file, for values that are senseless or don't fit
  ///   together.
  package func settings(for vision: VisionArchitecture) throws -> PretrainingSettings {
    var settings = PretrainingSettings(for: vision)
    for change in changes { change(&settings) }
    settings.training.seed = seed
    try check(settings)
    return settings
  }

  /// Refuses settings whose values are senseless or don't fit together.
  ///
  /// - Parameters:
  ///   - settings: those of the file, or of an ablation's arm.
  ///   - pairs: how many pairs are learnt from; nil where that isn't known yet.
  /// - Throws: ``PretrainingError`` that names the file, and the line where one says it.
  package func check(_ settings: PretrainingSettings, pairs: Int? = nil) throws {
    do {
      try settings.validate()
      try settings.training.validate()
      // With fewer, the training says that they are too few.
      if let pairs, pairs >= 2 { try settings.requireUse(pairs: pairs) }
    } catch let error as PretrainingError {
      throw PretrainingError(error.reason, path: place(of: error.reason))
    } catch let error as TrainingError {
      guard case .invalidSetting(let option, let found, let expected) = error.reason else {
        throw error
      }
      let reason = PretrainingError.Reason.invalidSetting(
        name: option,
        value: found,
        expected: expected
      )
      throw PretrainingError(reason, path: place(of: reason))
    }
  }

  /// Which keys say a setting, the likeliest first.
  private static let keys = [
    "queue length": ["queue.length", "queue"],
    "queue's warm-up": ["queue.warm_up_steps"],
    "refill": ["queue.refill", "queue"],
    "number of training pairs": ["pairs"],
    "warm-up": ["training.warm_up_epochs", "training.schedule", "training.epochs"],
    "validation interval": ["training.validate_every"],
    "patience": ["training.patience"],
  ]

  /// `file:line`, or the file where no line says it.
  private func place(of reason: PretrainingError.Reason) -> String {
    guard case .invalidSetting(let name, _, _) = reason else { return path }
    return Self.keys[name, default: []].compactMap { places[$0] }.first ?? path
  }
}
