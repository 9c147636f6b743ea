import Foundation
import Metrics
import Results
import TestSupport
import Testing

/// A matrix of similarities with what NumPy says about it; `generate/metrics_retrieval.py` makes it.
struct RetrievalCase: Decodable, Sendable, CustomStringConvertible {
  struct Direction: Decodable, Sendable {
    let ranks: [Double]
    let recallAt1: Double?
    let recallAt5: Double?
    let recallAt10: Double?
    let medianRank: Double?

    enum CodingKeys: String, CodingKey {
      case ranks
      case recallAt1 = "recall-at-1"
      case recallAt5 = "recall-at-5"
      case recallAt10 = "recall-at-10"
      case medianRank = "median-rank"
    }

    var values: [Double?] { [recallAt1, recallAt5, recallAt10, medianRank] }
  }

  let name: String
  let count: Int
  let similarities: [Double]
  let texts: [Int]
  let multiplicities: [Int32]
  /// `match/ties` to direction to values.
  let expected: [String: [String: Direction]]

  var description: String { name }
}

@Suite("Retrieval")
struct RetrievalTests {
  private static let cases = (try? references("retrieval.json", of: RetrievalCase.self)) ?? []
  private static let order = ["recall-at-1", "recall-at-5", "recall-at-10", "median-rank"]

  @Test("There are cases") func present() { #expect(Self.cases.count == 19) }

  @Test("Ranks, recall and medians equal NumPy's", arguments: cases)
  func reference(_ example: RetrievalCase) throws {
    for (match, texts) in [("exact", nil), ("same-text", example.texts)] {
      for ties in RetrievalTies.allCases {
        let predictions = try RetrievalPredictions(
          similarities: example.similarities,
          texts: texts,
          ties: ties
        )
        let expected = try #require(example.expected["\(match)/\(ties.rawValue)"])
        let report = MetricSuite.evaluate(
          predictions.counted(example.multiplicities),
          bootstrap: nil
        )
        let both = [
          ("image-to-text", predictions.imageToText), ("text-to-image", predictions.textToImage),
        ]
        for (name, ranks) in both {
          let direction = try #require(expected[name])
          #expect(ranks.count == example.count)
          #expect(zip(ranks, direction.ranks).allSatisfy { scikitLearn.accepts($0, $1) })
          for (metric, value) in zip(Self.order, direction.values) {
            let record = report.metrics.first { $0.identifier == "\(name)-\(metric)" }
            let found = try #require(record).value
            #expect(disagreement(found, value) == nil, "\(match), \(ties), \(name)-\(metric)")
          }
        }
        #expect(report.metrics.count == 8 && report.classMetrics.isEmpty)
      }
    }
  }

  private let square = [0.9, 0.1, 0.2, 0.3, 0.8, 0.1, 0.7, 0.6, 0.5]

  @Test("Images are rows: the directions can't be exchanged")
  func directions() throws {
    let predictions = try RetrievalPredictions(similarities: square, texts: nil, ties: .mean)
    #expect(predictions.imageToText == [1, 1, 3])
    #expect(predictions.textToImage == [1, 1, 1])
  }

  @Test("The same text as another pair's is right for both, and wrong for the exact pair")
  func sameText() throws {
    let twins = [0.5, 0.5, 0.1, 0.4, 0.4, 0.3, 0.2, 0.2, 0.9]
    let exact = try RetrievalPredictions(similarities: twins, texts: nil, ties: .pessimistic)
    let same = try RetrievalPredictions(similarities: twins, texts: [4, 4, 7], ties: .pessimistic)
    #expect(exact.imageToText == [2, 2, 1] && exact.textToImage == [1, 2, 1])
    #expect(same.imageToText == [1, 1, 1] && same.textToImage == [1, 1, 1])
  }

  @Test("Pairs in another order have the same metrics, and any rising map changes nothing")
  func invariance() throws {
    let example = try #require(Self.cases.first { $0.count == 23 })
    let count = example.count
    let order = (0..<count).map { ($0 * 7 + 3) % count }
    let moved = order.flatMap { row in order.map { example.similarities[row * count + $0] } }
    for ties in RetrievalTies.allCases {
      let plain = try RetrievalPredictions(
        similarities: example.similarities,
        texts: example.texts,
        ties: ties
      )
      let permuted = try RetrievalPredictions(
        similarities: moved,
        texts: order.map { example.texts[$0] },
        ties: ties
      )
      #expect(permuted.imageToText == order.map { plain.imageToText[$0] })
      #expect(permuted.textToImage == order.map { plain.textToImage[$0] })
      let mapped = try RetrievalPredictions(
        similarities: example.similarities.map { exp(3 * $0) },
        texts: example.texts,
        ties: ties
      )
      #expect(mapped.imageToText == plain.imageToText)
    }
  }

  @Test("Intervals come from drawn queries, or whole groups of them")
  func intervals() throws {
    let example = try #require(Self.cases.first { $0.count == 41 })
    let predictions = try RetrievalPredictions(
      similarities: example.similarities,
      texts: nil,
      ties: .pessimistic
    )
    let options = try BootstrapOptions(replicates: 300, seed: 3)
    let alone = MetricSuite.evaluate(predictions, bootstrap: options)
    let grouped = MetricSuite.evaluate(
      predictions,
      bootstrap: options,
      groups: (0..<41).map { $0 / 2 }
    )
    for (record, other) in zip(alone.metrics, grouped.metrics) {
      let interval = try #require(record.confidenceInterval)
      let value = try #require(record.value.number)
      #expect(interval.low <= value && value <= interval.high, "\(record.identifier)")
      if record.identifier == "text-to-image-recall-at-1" {
        #expect(interval.low < interval.high)
      }
      #expect(interval.method == "bootstrap-percentile")
      #expect(other.confidenceInterval?.method == "cluster-bootstrap-percentile")
      #expect(other.value == record.value)
    }
  }

  @Test("A small gallery has no recall, and equal similarities are mistrusted")
  func undefined() throws {
    let small = try RetrievalPredictions(similarities: square, texts: nil, ties: .pessimistic)
    let report = MetricSuite.evaluate(small, bootstrap: try BootstrapOptions(seed: 1))
    #expect(report.metrics[0].value.number != nil)
    let reason = report.metrics[1].value.undefinedReason
    #expect(reason == "with 3 candidates, each is among the first 5")
    #expect(report.mistrustReasons.isEmpty)
    let flat = try RetrievalPredictions(
      similarities: Array(repeating: 0.25, count: 144),
      texts: nil,
      ties: .pessimistic
    )
    #expect(flat.imageToText == Array(repeating: 12, count: 12))
    #expect(MetricSuite.evaluate(flat, bootstrap: nil).mistrustReasons.count == 1)
    let none = try RetrievalPredictions(similarities: [], texts: [], ties: .mean)
    #expect(
      MetricSuite.evaluate(none, bootstrap: nil).metrics.allSatisfy { $0.value.number == nil }
    )
  }

  @Test("Which metrics rise with quality is said")
  func direction() {
    #expect(!Metric.imageToTextMedianRank.higherIsBetter)
    #expect(!Metric.textToImageMedianRank.higherIsBetter)
    #expect(Metric.textToImageRecallAt10.higherIsBetter && !Metric.logLoss.higherIsBetter)
  }

  @Test("What doesn't fit is refused")
  func malformed() {
    #expect(throws: MetricsError.self) {
      try RetrievalPredictions(similarities: [1, 2, 3], texts: nil, ties: .mean)
    }
    #expect(throws: MetricsError.self) {
      try RetrievalPredictions(similarities: [1, 2, 3, 4], texts: [1], ties: .mean)
    }
    #expect(throws: MetricsError.self) {
      try RetrievalPredictions(similarities: [1, .nan, 3, 4], texts: nil, ties: .mean)
    }
  }
}
