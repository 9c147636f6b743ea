import Foundation
package import Results

/// The results as one CSV table (RFC 4180): a row per run and metric, per class and per repeat.
///
/// The column `level` tells the rows apart: `run` for a metric over all classes, `class` for one of
/// the class in `class`, `repeat` for one of the seed in `seed`. Numbers are exact, not rounded; an
/// undefined value is an empty field with its reason in `undefined_reason`. A run without metrics
/// has one row.
///
/// - Parameter results: the runs.
/// - Returns: UTF-8 text whose lines end with CR LF; the first holds the columns' names.
package func csvReport(_ results: [RunResult]) -> String {
  let rows = [csvColumns] + results.flatMap(csvRows)
  return rows.map { $0.map(\.csvField).joined(separator: ",") + "\r\n" }.joined()
}

private let csvColumns = [
  "run_id", "started", "status", "status_reason", "model", "checkpoint_sha256", "dataset",
  "dataset_version", "task", "split", "protocol", "protocol_version", "preset", "subset",
  "features", "n", "excluded", "level", "class", "seed", "metric", "averaging", "value", "unit",
  "standard_deviation", "interval_low", "interval_high", "interval_level", "undefined_reason",
]

private func csvRows(_ result: RunResult) -> [[String]] {
  let seed = result.repeats.count == 1 ? result.repeats.first.map { String($0.seed) } : nil
  var rows = result.metrics.map { csvRun(result) + csvMetric($0, level: "run", seed: seed) }
  if rows.isEmpty {
    let rest = csvColumns.count - csvRun(result).count - 1
    rows = [csvRun(result) + ["run"] + Array(repeating: "", count: rest)]
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
