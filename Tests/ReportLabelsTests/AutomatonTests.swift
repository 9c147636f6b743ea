import ReportLabels
import Testing

@Suite struct AutomatonTests {
  /// A linear congruential generator (Knuth, MMIX): texts of a small alphabet meet all suffix links.
  private struct Source {
    var state: UInt64
    mutating func next(below bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    mutating func text(_ length: UInt64) -> [UInt16] {
      (0..<length).map { _ in UInt16(0x61 + next(below: 3)) }
    }
  }

  @Test(arguments: 0..<40)
  func everyOccurrenceIsFound(seed: UInt64) {
    var source = Source(state: seed)
    var patterns: [[UInt16]] = []
    for _ in 0..<17 {
      let pattern = source.text(1 + source.next(below: 5))
      if !patterns.contains(pattern) { patterns.append(pattern) }
    }
    let text = source.text(97)
    var found: [[Int]] = []
    TermAutomaton(patterns).forEachMatch(in: text) { pattern, range in
      found.append([range.upperBound, range.lowerBound, pattern])
    }
    var expected: [[Int]] = []
    for end in 1...text.count {
      for start in 0..<end {
        if let pattern = patterns.firstIndex(of: Array(text[start..<end])) {
          expected.append([end, start, pattern])
        }
      }
    }
    #expect(found == expected, "seed \(seed)")
  }

  @Test func aMistakeOfTheTablesIsCaught() async {
    await #expect(processExitsWith: .failure) { _ = TermAutomaton([[1], [1]]) }
    await #expect(processExitsWith: .failure) { _ = TermAutomaton([[]]) }
  }
}
