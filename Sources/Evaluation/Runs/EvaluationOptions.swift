package import Datasets
package import Foundation
package import Metrics
package import Models
package import Training

/// What a user may choose about runs, whatever the protocol.
package struct EvaluationOptions: Sendable {
  /// Which features; nil for the preset's or the encoder's usual ones.
  package var features: ImageFeatureKind?
  /// How intervals are made; nil makes none.
  package var bootstrap: BootstrapOptions?
  /// How missing splits are made.
  package var splits: SplitOptions
  /// Where features are kept; nil to keep none.
  package var cache: FeatureCache?
  /// Where runs are written.
  package var runsFolder: URL
  /// Where trainings keep what they need to go on, and what finished repeats said.
  package var trainingFolder: URL
  /// Asks trainings to save their state and end.
  package var stop: StopRequest
  /// How many pictures are encoded together.
  package var batchSize: Int

  /// The usual options.
  ///
  /// - Parameters:
  ///   - runsFolder: where runs are written.
  ///   - cache: where features are kept; nil to keep none.
  ///   - bootstrap: how intervals are made; nil makes none.
  package init(runsFolder: URL, cache: FeatureCache?, bootstrap: BootstrapOptions?) {
    features = nil
    self.bootstrap = bootstrap
    splits = SplitOptions()
    self.cache = cache
    self.runsFolder = runsFolder
    trainingFolder = runsFolder.deletingLastPathComponent().appending(path: "training")
    stop = StopRequest()
    batchSize = 32
  }
}
