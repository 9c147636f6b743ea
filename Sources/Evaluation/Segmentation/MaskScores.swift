package import Datasets
import Foundation
import Imaging
package import Metrics
package import Results

/// What is measured of predicted masks, one photograph after another.
///
/// Keeps numbers per photograph and pooled probabilities in bounded memory, no map.
package struct MaskScores {
  private let form: MaskLogits
  private var regions: MultilabelSegmentation
  private var labels: LabelMapSegmentation?
  private let grid: ThresholdGrid

  /// No photograph yet.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - form: how maps stand for classes.
  ///   - threshold: the rule that decides; a fixed one is the only one that can be asked for.
  ///   - pooling: how finely probabilities are pooled for the areas under curves.
  /// - Throws: `MetricsError` for impossible classes.
  package init(
    _ task: MaskTaskDescription,
    _ form: MaskLogits,
    _ threshold: MaskThreshold,
    pooling: ScorePooling = .exact
  ) throws {
    self.form = form
    if case .fixed(let number) = threshold { grid = .atLeast(number) } else { grid = .evenly256 }
    let names = form.mapNames(task.classes)
    regions = try MultilabelSegmentation(classNames: names, grid: grid, pooling: pooling)
    labels = form.kind == .exclusive ? try LabelMapSegmentation(classNames: names) : nil
  }

  /// Adds a photograph.
  ///
  /// - Parameters:
  ///   - example: its masks.
  ///   - prediction: its maps.
  /// - Throws: `MetricsError` where a probability is none.
  package mutating func add(
    _ example: SegmentationExample,
    _ prediction: MaskPredictor.Prediction
  ) throws {
    let field = prediction.field?.samples.map { $0 != 0 }
    let truths = form.truths(example.target)
    let maps = prediction.maps.map(\.samples)
    try regions.add(
      name: example.id,
      planes: maps,
      truths: truths,
      fieldOfView: field
    )
    guard form.kind == .exclusive else { return }
    let truth = labelMap(truths)
    try labels?.add(
      name: example.id,
      predicted: prediction.highest,
      truth: truth,
      fieldOfView: field
    )
  }

  /// The thresholds of highest Dice over these photographs' pixels, one per class; nil where classes
  /// are decided by the highest probability.
  ///
  /// A class that no photograph shows has none better than another: 0.5, with a note.
  package func bestThresholds() -> (values: [Float], notes: [String])? {
    guard form.kind == .independent else { return nil }
    var notes: [String] = []
    let values = regions.classes.map { region -> Float in
      if let best = region.bestGridThreshold() { return best.threshold }
      notes.append("no picture shows ‘\(region.className)’ to choose its threshold by; it is 0.5")
      // The grid's own number: 127 / 255, the last below 0.5.
      return grid.thresholds[127]
    }
    return (values, notes)
  }

  /// What is measured beside decisions and probabilities.
  package struct Extras {
    /// The distances of each class's borders.
    package var distances: [ImageSummary]
    /// The errors of cup-to-disc ratios; nil where the task has none.
    package var cupToDisc: CupToDiscErrors?
    /// How intervals are made; nil makes none.
    package var bootstrap: BootstrapOptions?
    /// The number of each photograph's patient; nil where patients are unknown.
    package var groups: [Int]?

    /// States them.
    ///
    /// - Parameters:
    ///   - distances: the distances of each class's borders.
    ///   - cupToDisc: the errors of cup-to-disc ratios; nil where the task has none.
    ///   - bootstrap: how intervals are made; nil makes none.
    ///   - groups: the number of each photograph's patient; nil where patients are unknown.
    package init(
      distances: [ImageSummary] = [],
      cupToDisc: CupToDiscErrors? = nil,
      bootstrap: BootstrapOptions? = nil,
      groups: [Int]? = nil
    ) {
      self.distances = distances
      self.cupToDisc = cupToDisc
      self.bootstrap = bootstrap
      self.groups = groups
    }
  }

  /// Everything that is measured, decided at thresholds.
  ///
  /// - Parameters:
  ///   - thresholds: one of the grid's per class; unused where classes are decided by the highest
  ///     probability.
  ///   - policy: what empty masks are.
  ///   - extras: what else is measured.
  /// - Returns: the report.
  package func report(
    _ thresholds: [Float],
    _ policy: SegmentationPolicy,
    _ extras: Extras
  ) -> SegmentationReport {
    SegmentationReport(
      labels?.counts ?? counts(thresholds),
      areas: regions.classes,
      distances: extras.distances,
      cupToDisc: extras.cupToDisc,
      hasBackground: labels != nil,
      policy: policy,
      bootstrap: extras.bootstrap,
      groups: extras.groups
    )
  }

  /// Each class's decisions, without the background.
  package func counts(_ thresholds: [Float]) -> [SegmentationCounts] {
    if let labels { return Array(labels.counts.dropFirst()) }
    return zip(regions.classes, thresholds).map { region, threshold in
      region.counts(at: grid.index(of: threshold) ?? 0)
    }
  }

  /// Which classes were taken for which; nil where classes don't exclude each other.
  package var confusionMatrix: ConfusionMatrix? { labels?.confusionMatrix }

  private func labelMap(_ truths: [[UInt8]]) -> [UInt8] {
    truths[0].indices.map { pixel in
      guard truths[0][pixel] != MaskTarget.ignored else { return MaskTarget.ignored }
      return UInt8(truths.firstIndex { $0[pixel] == 1 } ?? 0)
    }
  }
}

extension MaskScores {
  /// What makes masks of maps as they are counted here.
  ///
  /// - Parameter thresholds: one of the grid's per class.
  /// - Returns: the decision.
  package func decision(_ thresholds: [Float]) -> MaskDecision {
    MaskDecision(form, thresholds, grid.rule)
  }
}
