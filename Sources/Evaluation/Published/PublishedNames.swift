/// The names that entries of `published.yaml` may use: those that runs have.
package struct PublishedNames: Sendable {
  /// Each protocol's presets.
  package var presets: [String: [String]]
  /// The values that each metric may have, by its identifier.
  package var metrics: [String: ClosedRange<Double>]

  /// States names.
  ///
  /// - Parameters:
  ///   - presets: each protocol's presets.
  ///   - metrics: the values that each metric may have, by its identifier.
  package init(presets: [String: [String]], metrics: [String: ClosedRange<Double>]) {
    self.presets = presets
    self.metrics = metrics
  }
}
