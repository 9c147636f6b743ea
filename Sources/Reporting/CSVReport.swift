import Foundation
package import Results

/// The results as one CSV table (RFC 4180): a row per run and metric, per class and per repeat.
///
/// The column `level` tells the rows apart: `run` for a metric over all classes, `class` for one of
/// the class in `class`, `repeat` for one of the seed in `seed`. Numbers are exact, not rounded; an
/// undefined value is an empty field with its reason in `undefined_reason`. A run without metrics
/// has one row.
///
/// Below them, where runs are compared with figures from elsewhere: `published` or
/// `released-weights`, by how they came about, for such a figure; `difference` for a run's value less
/// that figure. What they come from is in `source`.
///
/// - Parameters:
///   - results: the runs.
///   - published: figures from elsewhere; those of the runs' data and protocols are listed.
/// - Returns: UTF-8 text whose lines end with CR LF; the first holds the columns' names.
package func csvReport(
  _ results: [RunResult],
  published: [PublishedResult] = []
) -> String {
  let rows = results.flatMap(csvRows) + published.flatMap { csvRows($0, comparedWith: results) }
  let filled = rows.map { $0 + Array(repeating: "", count: csvColumns.count - $0.count) }
  return ([csvColumns] + filled).map { $0.map(\.csvField).joined(separator: ",") + "\r\n" }.joined()
}

private let csvColumns = [
  "run_id", "started", "status", "status_reason", "model", "checkpoint_sha256", "dataset",
  "dataset_version", "task", "split", "protocol", "protocol_version", "preset", "subset",
  "features", "n", "excluded", "level", "class", "seed", "metric", "averaging", "value", "unit",
  "standard_deviation", "interval_low", "interval_high", "interval_level", "undefined_reason",
  "source",
]

private func csvRows(_ result: RunResult) -> [[String]] {
  let seed = result.repeats.count == 1 ? result.repeats.first.map { String($0.seed) } : nil
  var rows = result.metrics.map { csvRun(result) + csvMetric($0, level: "run", seed: seed) }
  if rows.isEmpty {
    rows = [csvRun(result) + ["run"]]
  }
  for record in result.classMetrics {
    rows += record.metrics.map {
      csvRun(result, count: record.count)
        + csvMetric($0, level: "class", className: record.name, seed: seed)
    }
  }
  guard result.repeats.count > 1 else { return rows }
  for record in result.repeats {
    rows += record.values.map { csvRun(result) + csvRepeat($0, seed: String(record.seed)) }
  }
  return rows
}

/// The columns up to `excluded`: what is the same for all rows of a run.
private func csvRun(_ result: RunResult, count: Int? = nil) -> [String] {
  let dataset = result.dataset
  let used = result.evaluationProtocol
  return [
    result.run.id, result.run.started.formatted(.iso8601), result.run.status.outcome.rawValue,
    result.run.status.reason ?? "", result.model.name, result.model.checkpoint?.sha256 ?? "",
    dataset.name, String(dataset.version), dataset.task ?? "", dataset.evaluatedSplit,
    used.name, String(used.version), used.preset ?? "", dataset.subset ?? "",
    result.model.features?.kind ?? "", String(count ?? dataset.evaluatedCount),
    String(dataset.exclusions.count),
  ]
}

private func csvMetric(
  _ metric: MetricRecord,
  level: String,
  className: String = "",
  seed: String?
) -> [String] {
  let interval = metric.confidenceInterval
  let numbers = [metric.standardDeviation, interval?.low, interval?.high, interval?.level]
  return [
    level, className, seed ?? "", metric.identifier, metric.averaging.rawValue,
    metric.value.number.map(NumberFormat.exact) ?? "", metric.unit ?? "",
  ] + numbers.map { $0.map(NumberFormat.exact) ?? "" } + [metric.value.undefinedReason ?? ""]
}

private func csvRepeat(_ value: RepeatValue, seed: String) -> [String] {
  [
    "repeat", "", seed, value.identifier, value.averaging.rawValue,
    value.value.number.map(NumberFormat.exact) ?? "", "", "", "", "", "",
    value.value.undefinedReason ?? "",
  ]
}

/// A figure from elsewhere and the differences of runs from it; nothing where no run is comparable.
private func csvRows(
  _ published: PublishedResult,
  comparedWith results: [RunResult]
) -> [[String]] {
  let compared = results.filter(published.isComparable)
  guard !compared.isEmpty else { return [] }
  let head = [
    "", "", "", "", published.model, "", published.dataset, "", published.task, published.split,
    published.protocolName, "", published.preset ?? "", "", "", String(published.count), "",
  ]
  let rows = published.figures.map { figure in
    head + csvFigure(figure, level: published.origin.rawValue, figure.value, published)
  }
  return rows
    + compared.flatMap { result in
      published.figures.compactMap { figure -> [String]? in
        let metric = result.metrics.first { figure.isOf($0) }
        guard let value = metric?.value.number else { return nil }
        return csvRun(result)
          + csvFigure(figure, level: "difference", value - figure.value, published)
      }
    }
}

/// The columns from `level` to `source`.
private func csvFigure(
  _ figure: PublishedFigure,
  level: String,
  _ value: Double,
  _ published: PublishedResult
) -> [String] {
  [level, "", "", figure.identifier, figure.averaging.rawValue, NumberFormat.exact(value)]
    + Array(repeating: "", count: 6) + [published.citation]
}
