import Results

/// A metric of a table's column.
struct MetricKey: Hashable {
  var identifier: String
  var averaging: Averaging

  init(_ record: MetricRecord) {
    identifier = record.identifier
    averaging = record.averaging
  }
}

extension MetricRecord {
  /// The column's head, such as `F1 (macro)` or `speed [images/s]`.
  var columnTitle: String {
    let name = displayName.lowercased()
    let isNamed =
      name.contains(averaging.rawValue) || averaging == .samples && name.contains("per image")
    let average = averaging == .none || isNamed ? "" : " (\(averaging.rawValue))"
    return displayName + average + (unit.map { " [\($0)]" } ?? "")
  }
}

extension RunResult {
  /// The protocol as rows name it, such as `linear-probe lbfgs-sweep, 5 per class`.
  var protocolLabel: String {
    let preset = evaluationProtocol.preset.flatMap { $0 == evaluationProtocol.name ? nil : $0 }
    let name = [evaluationProtocol.name, preset].compactMap(\.self)
    return ([name.joined(separator: " ")] + [dataset.subset].compactMap(\.self))
      .joined(separator: ", ")
  }

  /// The model and the protocol.
  var rowLabel: String { "\(model.name), \(protocolLabel)" }
}

/// The runs of one section side by side.
///
/// - Parameters:
///   - results: the runs of one section.
///   - published: the figures from elsewhere that are compared with some of them.
///   - footnotes: takes the reasons of what is undefined, failed or mistrusted, and the sources.
/// - Returns: a row per run: model, protocol, status where one did not pass, n, then the metrics;
///   below them the rows of `publishedRows`.
func runTable(
  _ results: [RunResult],
  _ published: [PublishedResult],
  _ footnotes: inout Footnotes
) -> ReportTable {
  let heads = metricHeads(results.map(\.metrics))
  let showsStatus = results.contains { $0.run.status != .passed }
  var columns = [ReportColumn("Model"), ReportColumn("Protocol")]
  if showsStatus { columns.append(ReportColumn("Status")) }
  columns.append(ReportColumn("n", .trailing))
  let labelCount = columns.count
  columns += heads.map { ReportColumn($0.columnTitle, .trailing) }
  let labels = results.map(\.rowLabel)
  var rows: [[ReportCell]] = []
  let names = results.map { result in
    let isAmbiguous = labels.count { $0 == result.rowLabel } > 1
    return isAmbiguous ? "\(result.model.name) (\(result.run.id))" : result.model.name
  }
  for (result, name) in zip(results, names) {
    var row = [ReportCell(name), ReportCell(result.protocolLabel)]
    if showsStatus { row.append(statusCell(result.run.status, &footnotes)) }
    row.append(ReportCell(NumberFormat.count(result.dataset.evaluatedCount)))
    row += metricCells(result.metrics, heads: heads, &footnotes)
    rows.append(row)
  }
  var table = ReportTable(columns: columns, rows: rows, labelCount: labelCount)
  for (index, head) in heads.enumerated() {
    let column = results.map { result in result.metrics.first { MetricKey($0) == MetricKey(head) } }
    if let best = bestRow(column) { table.rows[best][labelCount + index].isBest = true }
  }
  let runs = zip(results, names).map { NamedRun(result: $0, name: $1) }
  for rows in published.map({ publishedRows($0, runs, heads, labelCount, &footnotes) }) {
    table.referenceRows.formUnion(table.rows.count..<table.rows.count + rows.count)
    table.rows += rows
  }
  return table
}

/// The classes of a run side by side.
///
/// - Parameters:
///   - result: the run.
///   - footnotes: takes the reasons of what is undefined.
/// - Returns: a row per class: the class, n, then its metrics; nil where the run has no classes.
func classTable(_ result: RunResult, _ footnotes: inout Footnotes) -> ReportTable? {
  guard !result.classMetrics.isEmpty, !hasOneClassAlone(result) else { return nil }
  let heads = metricHeads(result.classMetrics.map(\.metrics))
  let columns =
    [ReportColumn("Class"), ReportColumn("n", .trailing)]
    + heads.map { ReportColumn($0.columnTitle, .trailing) }
  var rows: [[ReportCell]] = []
  for record in result.classMetrics {
    rows.append(
      [ReportCell(record.name), ReportCell(NumberFormat.count(record.count))]
        + metricCells(record.metrics, heads: heads, &footnotes)
    )
  }
  return ReportTable(columns: columns, rows: rows)
}

/// Whether the only class's metrics are the run's own, as of masks of one class.
private func hasOneClassAlone(_ result: RunResult) -> Bool {
  guard result.classMetrics.count == 1 else { return false }
  return result.classMetrics[0].metrics == result.metrics
}

/// The metrics of one run below each other.
///
/// - Parameters:
///   - result: the run.
///   - published: the figures from elsewhere that are compared with it.
///   - footnotes: takes the reasons of what is undefined, and the sources.
/// - Returns: a row per metric: its name, its value, and what has one its deviation and interval;
///   then, per source, its value and the difference.
func metricTable(
  _ result: RunResult,
  _ published: [PublishedResult],
  _ footnotes: inout Footnotes
) -> ReportTable {
  let showsDeviation = result.metrics.contains { $0.standardDeviation != nil }
  let showsInterval = result.metrics.contains { $0.confidenceInterval != nil }
  var columns = [ReportColumn("Metric"), ReportColumn("Value", .trailing)]
  if showsDeviation { columns.append(ReportColumn("Deviation")) }
  if showsInterval { columns.append(ReportColumn("Interval")) }
  var rows: [[ReportCell]] = []
  for metric in result.metrics {
    var value = metricCell(metric, &footnotes)
    value.detail = nil
    var row = [ReportCell(metric.columnTitle), value]
    if showsDeviation { row.append(ReportCell(deviationText(metric) ?? "")) }
    if showsInterval { row.append(ReportCell(intervalText(metric) ?? "")) }
    row += published.flatMap { [publishedCell($0, metric), differenceCell($0, metric)] }
    rows.append(row)
  }
  columns += published.flatMap { publishedColumns($0, result, &footnotes) }
  return ReportTable(columns: columns, rows: rows)
}

private func deviationText(_ metric: MetricRecord) -> String? {
  metric.standardDeviation.map { "± \(NumberFormat.metric($0))" }
}

private func intervalText(_ metric: MetricRecord) -> String? {
  metric.confidenceInterval.map(NumberFormat.interval)
}

/// The first record of each metric, in order of appearance.
private func metricHeads(_ rows: [[MetricRecord]]) -> [MetricRecord] {
  var seen: Set<MetricKey> = []
  return rows.joined().filter { seen.insert(MetricKey($0)).inserted }
}

/// A row's cells; a metric that it lacks is a dash.
private func metricCells(
  _ metrics: [MetricRecord],
  heads: [MetricRecord],
  _ footnotes: inout Footnotes
) -> [ReportCell] {
  var cells: [ReportCell] = []
  for head in heads {
    guard let metric = metrics.first(where: { MetricKey($0) == MetricKey(head) }) else {
      cells.append(ReportCell("–"))
      continue
    }
    cells.append(metricCell(metric, &footnotes))
  }
  return cells
}

/// A metric's value with its spread and interval.
///
/// - Parameters:
///   - metric: the metric.
///   - footnotes: takes the reason, and the classes that an average is without.
/// - Returns: e.g. `0.731 ± 0.012 [0.602, 0.845]`, or `n/a` with its reason as a footnote.
func metricCell(_ metric: MetricRecord, _ footnotes: inout Footnotes) -> ReportCell {
  var marks: [Int] = []
  if let reason = metric.value.undefinedReason { marks.append(footnotes.number(of: reason)) }
  if metric.value.number != nil, !metric.classesExcluded.isEmpty {
    let reasons = metric.classesExcluded.map { "\($0.name) (\($0.reason))" }
    let included = metric.classesIncluded.map { "mean over \($0) classes, " } ?? ""
    marks.append(footnotes.number(of: "\(included)without \(reasons.joined(separator: ", "))"))
  }
  guard let number = metric.value.number else { return ReportCell("n/a", footnotes: marks) }
  let details = [deviationText(metric), intervalText(metric)].compactMap(\.self)
  return ReportCell(
    NumberFormat.metric(number),
    detail: details.isEmpty ? nil : details.joined(separator: " "),
    footnotes: marks
  )
}

/// A run's outcome, with its reason as a footnote.
private func statusCell(_ status: RunStatus, _ footnotes: inout Footnotes) -> ReportCell {
  ReportCell(
    status.outcome.rawValue,
    footnotes: status.reason.map { [footnotes.number(of: $0)] } ?? []
  )
}

/// The row whose value is the best, where its interval and the second best's have nothing in common.
///
/// - Parameter column: one metric of every row; nil where a row lacks it.
/// - Returns: nil where there are fewer than two numbers, no direction, an interval is missing or
///   the two intervals meet.
func bestRow(_ column: [MetricRecord?]) -> Int? {
  let entries = column.enumerated().compactMap { row, metric in
    metric.flatMap { metric in metric.value.number.map { (row, number: $0, metric) } }
  }
  guard let higherIsBetter = entries.first?.2.higherIsBetter else { return nil }
  let ranked = entries.sorted { higherIsBetter ? $0.number > $1.number : $0.number < $1.number }
  guard ranked.count > 1, let best = ranked[0].2.confidenceInterval,
    let second = ranked[1].2.confidenceInterval
  else { return nil }
  let isApart = higherIsBetter ? best.low > second.high : best.high < second.low
  return isApart ? ranked[0].0 : nil
}
