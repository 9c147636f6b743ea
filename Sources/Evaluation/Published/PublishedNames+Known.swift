import Metrics

extension PublishedNames {
  /// The protocols, presets and metrics of this version.
  ///
  /// A range that a metric can't leave catches numbers in per cent, and columns that were mixed up.
  package static let known: PublishedNames = {
    var presets = Dictionary(grouping: ProtocolPreset.all, by: \.settings.name)
      .mapValues { $0.map(\.name) }
    presets[SegmentationPreset.protocolName] = SegmentationPreset.all.map(\.name)
    var metrics: [String: ClosedRange<Double>] = [:]
    for metric in Metric.allCases { metrics[metric.identifier] = metric.range }
    let ofMasks = SegmentationMetric.allCases.map(\.identifier) + ["auc", "ap"]
    for scope in SegmentationScope.allCases {
      for identifier in ofMasks { metrics["\(identifier)-\(scope.rawValue)"] = 0...1 }
    }
    metrics["hd95-per-image"] = 0...unlimited
    metrics["cdr-error-mean"] = -1...1
    metrics["cdr-error-absolute"] = 0...1
    return PublishedNames(presets: presets, metrics: metrics)
  }()
}

/// More than any distance in pixels, rank or loss.
private let unlimited = 1e9

extension Metric {
  /// The values that the metric may have.
  fileprivate var range: ClosedRange<Double> {
    switch self {
    case .kappa, .quadraticKappa, .matthewsCorrelation: -1...1
    case .logLoss: 0...unlimited
    case .imageToTextMedianRank, .textToImageMedianRank: 1...unlimited
    default: 0...1
    }
  }
}
