package import Datasets
package import Foundation
package import Metrics
package import Models

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
    batchSize = 32
  }
}
