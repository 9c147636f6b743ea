import Results

/// A run with the name that tells it from the others of its table.
struct NamedRun {
  var result: RunResult
  var name: String
}

extension PublishedFigure {
  /// Whether a run's metric is the one that the figure is of.
  func isOf(_ metric: MetricRecord) -> Bool {
    identifier == metric.identifier && averaging == metric.averaging
  }
}

extension PublishedResult {
  /// Whether the run is of the same task, split and protocol and has a number for one of the figures.
  ///
  /// The preset, the number of samples and a subset for training may be others: those differences are
  /// said beside the numbers.
  func isComparable(_ result: RunResult) -> Bool {
    dataset == result.dataset.name && task == result.dataset.task
      && split == result.dataset.evaluatedSplit
      && protocolName == result.evaluationProtocol.name
      && figures.contains { figure in
        result.metrics.contains { figure.isOf($0) && $0.value.number != nil }
      }
  }

  /// What is other in the run than in the source, the model left aside; nil where nothing is known to
  /// be.
  func deviations(of result: RunResult) -> String? {
    var deviations: [String] = []
    let count = result.dataset.evaluatedCount
    if count != self.count {
      deviations.append(
        "n \(NumberFormat.count(count)) instead of \(NumberFormat.count(self.count))"
      )
    }
    if let preset, preset != result.evaluationProtocol.preset {
      let used = result.evaluationProtocol.preset ?? "none"
      deviations.append("preset \(used) instead of \(preset)")
    }
    let changed = result.evaluationProtocol.parameters.first {
      $0.name == ProtocolRecord.changedSettings
    }
    if case .list(let names)? = changed?.value {
      deviations.append("changed: \(names.map(\.description).joined(separator: ", "))")
    }
    if let subset = result.dataset.subset { deviations.append("\(subset) instead of all") }
    return deviations.isEmpty
      ? nil : "not the source's conditions: " + deviations.joined(separator: ", ")
  }

  /// The source, how the figures came about and under which protocol.
  var citation: String {
    let identifiers = [
      source.doi.map { "doi:" + $0 }, source.arxiv.map { "arXiv:" + $0 }, source.url, source.place,
    ]
    let place = ([source.title] + identifiers.compactMap(\.self)).joined(separator: ", ")
    let protocolLabel = [protocolName, preset].compactMap(\.self).joined(separator: " ")
    let conditions =
      "protocol \(protocolLabel), \(split) split, \(NumberFormat.count(count, "sample"))"
    let note = notes.map { "; " + $0 } ?? ""
    switch origin {
    case .published: return "published: \(place); \(conditions)\(note)"
    case .releasedWeights:
      return "measured with the released weights, not the source's own figures: \(place); "
        + "\(conditions)\(note)"
    }
  }

  /// The figure of a metric; nil where the source has none.
  fileprivate func figure(of metric: MetricRecord) -> PublishedFigure? {
    figures.first { $0.isOf(metric) }
  }
}

extension PublishedResult.Origin {
  /// How a table marks figures that are not its own.
  fileprivate var mark: String {
    switch self {
    case .published: "published"
    case .releasedWeights: "released weights"
    }
  }
}

/// Figures from elsewhere, and below them how far each comparable run is from them.
///
/// - Parameters:
///   - published: the figures.
///   - runs: the runs of the table.
///   - heads: a record per metric, in the order of the columns.
///   - labelCount: how many columns stand before the metrics: model, protocol, n as the last.
///   - footnotes: takes the source and what is other in a run than in it.
/// - Returns: rows with a cell per column, the figures' first.
func publishedRows(
  _ published: PublishedResult,
  _ runs: [NamedRun],
  _ heads: [MetricRecord],
  _ labelCount: Int,
  _ footnotes: inout Footnotes
) -> [[ReportCell]] {
  let blank = Array(repeating: ReportCell(""), count: labelCount)
  var labels = blank
  labels[0] = ReportCell(
    published.model,
    detail: "(\(published.origin.mark))",
    footnotes: [footnotes.number(of: published.citation)]
  )
  labels[1].text = [published.protocolName, published.preset].compactMap(\.self)
    .joined(separator: " ")
  labels[labelCount - 1].text = NumberFormat.count(published.count)
  var rows = [labels + heads.map { publishedCell(published, $0) }]
  for run in runs where published.isComparable(run.result) {
    labels = blank
    let deviations = published.deviations(of: run.result).map { [footnotes.number(of: $0)] }
    labels[0] = ReportCell("\(run.name) − \(published.model)", footnotes: deviations ?? [])
    labels[1].text = "difference"
    let cells = heads.map { head in
      let metric = run.result.metrics.first { MetricKey($0) == MetricKey(head) }
      return metric.map { differenceCell(published, $0) } ?? ReportCell("–")
    }
    rows.append(labels + cells)
  }
  return rows
}

/// The heads of the columns of figures from elsewhere and of a run's differences from them.
func publishedColumns(
  _ published: PublishedResult,
  _ result: RunResult,
  _ footnotes: inout Footnotes
) -> [ReportColumn] {
  let source = Footnotes.superscript(footnotes.number(of: published.citation))
  let deviations = published.deviations(of: result)
    .map { Footnotes.superscript(footnotes.number(of: $0)) }
  return [
    ReportColumn("\(published.model)\(source) (\(published.origin.mark))", .trailing),
    ReportColumn("Difference" + (deviations ?? ""), .trailing),
  ]
}

/// The figure from elsewhere, or a dash.
func publishedCell(_ published: PublishedResult, _ metric: MetricRecord) -> ReportCell {
  ReportCell(published.figure(of: metric).map { NumberFormat.metric($0.value) } ?? "–")
}

/// The run's value less the figure from elsewhere, or a dash where one of them is missing.
func differenceCell(_ published: PublishedResult, _ metric: MetricRecord) -> ReportCell {
  guard let figure = published.figure(of: metric), let number = metric.value.number else {
    return ReportCell("–")
  }
  return ReportCell(NumberFormat.difference(number - figure.value))
}
