import Foundation
import Metrics
import Results
import TestSupport

/// One set of predictions with what scikit-learn says about it; nil stands for undefined.
struct ReferenceCase<Label: Decodable & Sendable>: Decodable, Sendable, CustomStringConvertible {
  let name: String
  let labels: [Label]
  let scores: [Double]
  let classCount: Int?
  let threshold: Double?
  let thresholds: [Double]?
  let multiplicities: [Int32]?
  /// `identifier/averaging` to value.
  let overall: [String: Double?]
  /// `identifier` to one value per class.
  let classes: [String: [Double?]]
  let confusion: [[Int]]?

  var description: String { name }

  var classNames: [String] { (0..<(classCount ?? 2)).map { "grade \($0)" } }
}

/// One pair of curves of scikit-learn's.
struct ReferenceCurves: Decodable, Sendable {
  let labels: [Bool]
  let scores: [Double]
  let roc: [[Double]]
  let pr: [[Double]]
}

/// Quantiles of NumPy's.
struct ReferenceQuantiles: Decodable, Sendable {
  let sorted: [Double]
  let shares: [Double]
  let quantiles: [Double]
}

/// The cases of one file under `Tests/Fixtures/Metrics`; `generate/metrics.py` makes them.
func references<Case: Decodable>(_ file: String, of type: Case.Type) throws -> [Case] {
  let url = Fixtures.directory.appending(path: "Metrics").appending(path: file)
  return try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
}

let scikitLearn = Tolerance(absolute: 1e-9, reason: "the stated equality with scikit-learn")

/// What is wrong with a value against its reference, or nil.
func disagreement(_ value: MetricValue, _ reference: Double?) -> String? {
  switch (value, reference) {
  case (.value(let number), .some(let expected)) where scikitLearn.accepts(number, expected): nil
  case (.undefined(let reason), .none) where !reason.isEmpty: nil
  default: "\(value) against \(reference.map { "\($0)" } ?? "undefined")"
  }
}

/// Everything wrong with a report against a reference case.
func disagreements<Label>(_ report: MetricReport, _ reference: ReferenceCase<Label>) -> [String] {
  var found: [String] = []
  let keys = report.metrics.map { "\($0.identifier)/\($0.averaging.rawValue)" }
  if keys.sorted() != reference.overall.keys.sorted() {
    found.append("metrics \(keys.sorted()) against \(reference.overall.keys.sorted())")
  }
  for (key, record) in zip(keys, report.metrics) {
    guard let expected = reference.overall[key] else { continue }
    if let wrong = disagreement(record.value, expected) { found.append("\(key): \(wrong)") }
  }
  for (index, record) in report.classMetrics.enumerated() {
    let identifiers = record.metrics.map(\.identifier)
    if identifiers.sorted() != reference.classes.keys.sorted() {
      found.append("\(record.name): \(identifiers) against \(reference.classes.keys.sorted())")
    }
    for metric in record.metrics {
      guard let expected = reference.classes[metric.identifier] else { continue }
      if let wrong = disagreement(metric.value, expected[index]) {
        found.append("\(record.name), \(metric.identifier): \(wrong)")
      }
    }
  }
  if report.confusionMatrix?.counts != reference.confusion {
    found.append("confusion \(report.confusionMatrix?.counts ?? [])")
  }
  return found
}

extension MetricReport {
  /// The record of one metric over all classes.
  func metric(_ identifier: String, _ averaging: Averaging = .none) -> MetricRecord? {
    metrics.first { $0.identifier == identifier && $0.averaging == averaging }
  }
}
