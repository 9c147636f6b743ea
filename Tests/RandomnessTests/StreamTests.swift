import Randomness
import Testing

/// What tells streams apart, and what copies share.
struct StreamTests {
  @Test func streamsOfDifferentNamesAreDifferent() {
    let extremes: [UInt32] = [0, 1, 2, .max - 1, .max]
    var sources: [RandomSource] = []
    for seed in [0, 1, 1 << 32, UInt64.max] {
      sources.append(RandomSource(seed: seed))
      for first in extremes {
        sources.append(RandomSource(seed: seed, first))
        for second in extremes { sources.append(RandomSource(seed: seed, first, second)) }
      }
    }
    let starts = sources.map { source in
      var source = source
      return [source.next(), source.next()]
    }
    #expect(Set(starts).count == 4 * (1 + 5 + 25))
  }

  @Test func aCopyDrawsTheSameNumbers() {
    var source = RandomSource(seed: 11, 3)
    for _ in 0..<5 {
      _ = source.next()
      var copy = source
      #expect(copy == source)
      let bits = copy.next()
      #expect(copy != source)
      var again = source
      #expect(again.next() == bits)
    }
  }

  @Test func theStandardLibraryDrawsFromIt() {
    var first = RandomSource(seed: 5)
    var second = RandomSource(seed: 5)
    #expect(Int.random(in: 0..<1000, using: &first) == Int.random(in: 0..<1000, using: &second))
    #expect(first == second)
  }

  @Test func shufflingNothingOrOneDrawsNothing() {
    var source = RandomSource(seed: 1)
    var none: [Int] = []
    var one = [7]
    source.shuffle(&none)
    source.shuffle(&one)
    #expect(none.isEmpty && one == [7] && source == RandomSource(seed: 1))
  }

  @Test func aBoundBelowOneStops() async {
    await #expect(processExitsWith: .failure) {
      var source = RandomSource(seed: 1)
      _ = source.nextIndex(below: 0)
    }
  }

  @Test func threeIndicesStop() async {
    await #expect(processExitsWith: .failure) {
      _ = RandomSource(seed: 1, 1, 2, 3)
    }
  }
}
