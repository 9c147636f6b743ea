import Metrics
import Results

/// The metrics of several repeats as one: means, deviations, intervals.
struct RepeatedMetrics {
  let metrics: [MetricRecord]
  let classMetrics: [ClassRecord]
  let repeats: [RepeatRecord]

  /// Puts repeats together.
  ///
  /// With one repeat its intervals are kept; with several, an interval's ends are the means of the
  /// repeats' ends, and its method says so. A metric that one repeat could not compute is undefined.
  ///
  /// - Parameters:
  ///   - reports: each repeat's seed and metrics, all of one kind of task; none makes no metrics.
  ///   - areOrdered: whether the classes are grades; else the quadratic kappa has no meaning and is
  ///     left out.
  init(_ reports: [(seed: UInt64, report: MetricReport)], areOrdered: Bool) {
    func kept(_ records: [MetricRecord]) -> [MetricRecord] {
      areOrdered
        ? records : records.filter { $0.identifier != Metric.quadraticKappa.identifier }
    }
    self.init(reports.map { ($0.seed, kept($0.report.metrics), $0.report.classMetrics) })
  }

  /// Puts repeats of any protocol together, with the same rules.
  ///
  /// - Parameter repeats: each repeat's seed, its metrics and those of its classes, alike in all; none
  ///   makes no metrics.
  init(_ repeats: [(seed: UInt64, metrics: [MetricRecord], classMetrics: [ClassRecord])]) {
    guard let first = repeats.first else {
      (metrics, classMetrics, self.repeats) = ([], [], [])
      return
    }
    metrics = Self.joined(repeats.map(\.metrics))
    let classes = repeats.map(\.classMetrics)
    classMetrics = first.classMetrics.enumerated().map { index, record in
      ClassRecord(
        name: record.name,
        count: record.count,
        metrics: Self.joined(classes.map { $0[index].metrics })
      )
    }
    self.repeats = repeats.map { seed, metrics, _ in
      RepeatRecord(
        seed: seed,
        values: metrics.map {
          RepeatValue(identifier: $0.identifier, averaging: $0.averaging, value: $0.value)
        }
      )
    }
  }

  private static func joined(_ repeats: [[MetricRecord]]) -> [MetricRecord] {
    guard repeats.count > 1 else { return repeats[0] }
    return repeats[0].indices.map { index in joined(repeats.map { $0[index] }) }
  }

  private static func joined(_ records: [MetricRecord]) -> MetricRecord {
    var record = records[0]
    let numbers = records.compactMap(\.value.number)
    guard numbers.count == records.count else {
      let reason = records.compactMap(\.value.undefinedReason).first ?? ""
      record.value = .undefined(
        reason: "\(records.count - numbers.count) of \(records.count) repeats: \(reason)"
      )
      record.confidenceInterval = nil
      return record
    }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    record.value = .value(mean)
    record.standardDeviation = (squares / Double(numbers.count - 1)).squareRoot()
    let intervals = records.compactMap(\.confidenceInterval)
    record.confidenceInterval = nil
    if let first = intervals.first, intervals.count == records.count {
      let count = Double(intervals.count)
      record.confidenceInterval = ConfidenceInterval(
        low: intervals.reduce(0) { $0 + $1.low } / count,
        high: intervals.reduce(0) { $0 + $1.high } / count,
        level: first.level,
        method: "\(first.method), mean of repeats",
        replicates: first.replicates,
        seed: first.seed
      )
    }
    return record
  }
}
