import Randomness
import Testing

/// The moments and frequencies of many draws.
///
/// Seeds are fixed, so each test passes always or never.
struct DistributionTests {
  /// Pearson's χ² of counts against equal shares.
  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func uniformsFillTheUnitInterval(seed: UInt64) {
    var source = RandomSource(seed: seed)
    let values = (0..<100_000).map { _ in source.nextUniform() }.sorted()
    #expect(values.allSatisfy { (0..<1).contains($0) })
    // Kolmogorov and Smirnov: 1.95/√N is exceeded by 1 of 1,000 uniform samples.
    let distance = values.enumerated().map { index, value in
      max(abs(value - Double(index) / 100_000), abs(value - Double(index + 1) / 100_000))
    }
    #expect((distance.max() ?? 1) < 1.95 / 100_000.0.squareRoot())
  }

  @Test func uniformsOfARangeStayInside() {
    var source = RandomSource(seed: 4)
    let values = (0..<10_000).map { _ in source.nextUniform(in: -3..<5) }
    #expect(values.allSatisfy { (-3..<5).contains($0) })
    // The mean's deviation is 8/√12/√10,000 = 0.023.
    let mean = values.reduce(0, +) / 10_000
    #expect(abs(mean - 1) < 4 * 0.0231)
  }

  @Test(arguments: [2, 7, 64, 1000])
  func indicesAreEquallyLikely(bound: Int) {
    var source = RandomSource(seed: 5, UInt32(bound))
    var counts = Array(repeating: 0, count: bound)
    for _ in 0..<bound * 200 { counts[source.nextIndex(below: bound)] += 1 }
    // χ² has mean k and variance 2k, k = bound − 1; 4 deviations (5 for k = 1, whose tail is long).
    let freedom = Double(bound - 1)
    #expect(chiSquare(counts) < freedom + (bound == 2 ? 5 : 4) * (2 * freedom).squareRoot())
    #expect(counts.allSatisfy { $0 > 0 })
  }

  @Test func normalsHaveTheirMoments() {
    var source = RandomSource(seed: 6)
    let count = 200_000
    let values = (0..<count).map { _ in source.nextNormal() }
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, value in
        sum + (0..<power).reduce(1) { product, _ in product * value }
      } / Double(count)
    }
    // Expected 0, 1, 0, 3 with variances 1, 2, 15, 96 per draw; 4 deviations each.
    for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
      let bound = 4 * (variance / Double(count)).squareRoot()
      #expect(abs(moment(power) - expected) < bound, "moment \(power)")
    }
    let share = Double(values.count { abs($0) < 1.959_963_985 }) / Double(count)
    #expect(abs(share - 0.95) < 4 * (0.95 * 0.05 / Double(count)).squareRoot())
    #expect(values.allSatisfy { abs($0) < 8.6 })
  }

  @Test func neighbouringStreamsDoNotCorrelate() {
    let count = 50_000
    var sources = [RandomSource(seed: 8, 0), RandomSource(seed: 8, 1), RandomSource(seed: 9, 0)]
    let values = sources.indices.map { stream in
      (0..<count).map { _ in sources[stream].nextUniform() - 0.5 }
    }
    let bound = 4 / Double(count).squareRoot()
    for (first, second) in [(0, 1), (0, 2), (1, 2)] {
      #expect(abs(correlation(values[first], values[second])) < bound)
    }
    // And a stream with itself one draw later.
    #expect(abs(correlation(values[0], values[0].dropFirst())) < bound)
  }

  /// The correlation of uniform numbers on ±½, whose variance is 1/12.
  private func correlation(
    _ first: some Sequence<Double>,
    _ second: some Sequence<Double>
  ) -> Double {
    let products = zip(first, second).map { pair in pair.0 * pair.1 * 12 }
    return products.reduce(0, +) / Double(products.count)
  }

  @Test func everyOrderOfFourIsEquallyLikely() {
    var source = RandomSource(seed: 10)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      var items = [0, 1, 2, 3]
      source.shuffle(&items)
      counts[items, default: 0] += 1
    }
    #expect(counts.count == 24)
    // χ² of 23 degrees of freedom is above 49.7 for 1 of 1,000 fair shuffles.
    #expect(chiSquare(Array(counts.values)) < 49.7)
  }
}
