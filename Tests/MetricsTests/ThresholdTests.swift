import Metrics
import Randomness
import Testing

/// The threshold chosen on validation samples.
struct ThresholdTests {
  private func f1(_ scores: [Double], _ labels: [Bool], at threshold: Double) -> Double {
    let decided = scores.map { $0 >= threshold }
    let hits = zip(decided, labels).count { $0 && $1 }
    let called = decided.count { $0 }
    return 2 * Double(hits) / Double(called + labels.count { $0 })
  }

  /// Every score as a threshold, tried one by one, is no better; the choice has the F1 that it says.
  @Test(arguments: 0..<40)
  func isTheBestOfAllThresholds(seed: UInt64) throws {
    var source = RandomSource(seed: seed)
    let count = 1 + source.nextIndex(below: 60)
    // Few distinct scores, so that many tie.
    let scores = (0..<count).map { _ in Double(source.nextIndex(below: 12)) / 12 }
    var labels = scores.map { source.nextUniform() < 0.2 + 0.6 * $0 }
    labels[source.nextIndex(below: count)] = true
    let chosen = try #require(thresholdOfBestF1(scores: scores, labels: labels))
    #expect(abs(f1(scores, labels, at: chosen.threshold) - chosen.f1) < 1e-12)
    let candidates = Set(scores).map { ($0, f1(scores, labels, at: $0)) }
    let best = candidates.map(\.1).max() ?? 0
    #expect(abs(chosen.f1 - best) < 1e-12)
    let highest = candidates.filter { $0.1 > best - 1e-12 }.map(\.0).max() ?? 0
    #expect(scores.count { $0 >= chosen.threshold } == scores.count { $0 >= highest })
  }

  @Test func liesHalfwayBetweenScores() throws {
    let chosen = try #require(
      thresholdOfBestF1(scores: [0.9, 0.2, 0.8, 0.4], labels: [true, false, true, false])
    )
    #expect(chosen.threshold == 0.6000000000000001 || chosen.threshold == 0.6)
    #expect(chosen.f1 == 1)
  }

  @Test func neighboursInFloatingPointHaveNoMiddle() throws {
    let above = Double(0.5).nextUp
    let scores = [above, 0.5]
    let chosen = try #require(thresholdOfBestF1(scores: scores, labels: [true, false]))
    #expect(chosen.threshold == above && chosen.f1 == 1)
  }

  @Test func withoutAPositiveThereIsNone() {
    #expect(thresholdOfBestF1(scores: [0.1, 0.2], labels: [false, false]) == nil)
    #expect(thresholdOfBestF1(scores: [], labels: []) == nil)
  }
}
