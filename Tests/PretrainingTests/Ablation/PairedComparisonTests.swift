import Foundation
import Pretraining
import TestSupport
import Testing

/// What SciPy says of paired differences and of Student's distribution.
struct RecordedStatistics: Decodable {
  struct Comparison: Decodable, Sendable {
    let first, second: [Double]
    let mean, low, high, p: Double
  }

  struct Distribution: Decodable, Sendable {
    let freedom: Int
    let t, p: [Double]
    let quantile975: Double
  }

  let comparisons: [Comparison]
  let distributions: [Distribution]

  static func read() throws -> RecordedStatistics {
    let url = Fixtures.directory.appending(path: "Pretraining/statistics.json")
    return try JSONDecoder().decode(RecordedStatistics.self, from: Data(contentsOf: url))
  }
}

/// Arms of an ablation against each other.
struct PairedComparisonTests {
  @Test func comparisonsAreSciPys() throws {
    let recorded = try RecordedStatistics.read().comparisons
    #expect(recorded.count == 6)
    for one in recorded {
      let comparison = PairedComparison(one.first, one.second)
      let interval = try #require(comparison.interval)
      let found = [
        comparison.mean, interval.lowerBound, interval.upperBound,
        try #require(comparison.pValue),
      ]
      let fault = mismatch(
        found,
        [one.mean, one.low, one.high, one.p],
        within: Tolerance(
          absolute: 1e-14,
          relative: 1e-9,
          reason: "differences of numbers of four decimals, cancellation included"
        ),
        context: "\(one.first.count) pairs"
      )
      #expect(fault == nil, "\(fault ?? "")")
      #expect(comparison.count == one.first.count)
    }
  }

  @Test func theDistributionIsSciPys() throws {
    let recorded = try RecordedStatistics.read().distributions
    #expect(recorded.count == 11)
    for one in recorded {
      let fault = mismatch(
        one.t.map { StudentDistribution.twoSided($0, freedom: one.freedom) },
        one.p,
        within: Tolerance(absolute: 4e-15, reason: "1 minus a sum of float64 numbers up to 1"),
        context: "\(one.freedom) degrees of freedom"
      )
      #expect(fault == nil, "\(fault ?? "")")
      let quantile = StudentDistribution.quantile975(freedom: one.freedom)
      #expect(abs(quantile - one.quantile975) < 1e-11 * one.quantile975, "\(one.freedom)")
    }
  }

  @Test func oneSeedHasAMeanOnly() {
    let comparison = PairedComparison([0.5], [0.75])
    #expect(comparison.count == 1 && comparison.mean == 0.25)
    #expect(comparison.interval == nil && comparison.pValue == nil)
  }

  /// Differences of decimals are alike up to rounding, which is no evidence.
  @Test(
    arguments: [
      ([0.5, 0.25, 0.125], [0.75, 0.5, 0.375], 0.25),
      ([0.7, 0.8, 0.4, 0.9, 0.6], [0.8, 0.9, 0.5, 1.0, 0.7], 0.1),
      ([0.1, 0.2], [0.1, 0.2], 0),
    ] as [([Double], [Double], Double)]
  )
  func equalDifferencesHaveNoPValue(first: [Double], second: [Double], mean: Double) throws {
    let comparison = PairedComparison(first, second)
    #expect(abs(comparison.mean - mean) < 1e-15)
    #expect(comparison.pValue == nil)
    let interval = try #require(comparison.interval)
    #expect(interval.upperBound - interval.lowerBound < 1e-15)
  }

  @Test func theOrderOfTheArmsIsTheSign() {
    let (one, two) = ([0.7, 0.74, 0.69], [0.75, 0.76, 0.78])
    let (there, back) = (PairedComparison(one, two), PairedComparison(two, one))
    #expect(there.mean > 0 && back.mean == -there.mean)
    #expect(there.pValue == back.pValue)
  }
}
