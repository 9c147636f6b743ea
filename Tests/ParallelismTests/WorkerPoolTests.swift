import Parallelism
import Testing

/// What a loop over a pool promises: every index once, chunks by grain alone, order of results.
struct WorkerPoolTests {
  /// How often a loop visits each index; ThreadSanitizer sees two visits at one time.
  private func visits(
    _ count: Int,
    _ loop: (_ visit: @escaping @Sendable (Int) -> Void) -> Void
  ) -> [Int] {
    var visits = Array(repeating: 0, count: count)
    visits.withDisjointWrites { writes in
      loop { index in unsafe writes[index..<index + 1][0] += 1 }
    }
    return visits
  }

  @Test(arguments: [1, 2, 3, 8])
  func chunksPartitionTheIndicesByGrainAlone(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    #expect(pool.threadCount == threads)
    for count in [0, 1, 2, 3, 7, 64, 65, 1000] {
      for grain in [1, 2, 3, 7, 64, 999, 1000, 1001] {
        let expected = stride(from: 0, to: count, by: grain).map { $0..<min(count, $0 + grain) }
        let chunks = pool.mapChunks(of: count, grain: grain) { $0 }
        #expect(chunks == expected, "\(count) by \(grain)")
        let visited = visits(count) { visit in
          pool.forEachChunk(of: count, grain: grain) { $0.forEach(visit) }
        }
        #expect(visited.allSatisfy { $0 == 1 }, "\(count) by \(grain)")
      }
    }
  }

  @Test func anEmptyLoopCallsNothing() {
    let pool = WorkerPool(threadCount: 3)
    pool.forEachChunk(of: 0, grain: 4) { Issue.record("called with \($0)") }
    pool.forEach(0) { Issue.record("called with \($0)") }
    #expect(pool.mapChunks(of: 0, grain: 4) { $0.count }.isEmpty)
  }

  @Test func theLargestGrainIsOneChunk() {
    let pool = WorkerPool(threadCount: 2)
    #expect(pool.mapChunks(of: 10, grain: .max) { $0 } == [0..<10])
    // Bounds near the largest integer: start plus grain would overflow.
    let half = Int.max / 2 + 1
    #expect(pool.mapChunks(of: .max, grain: half) { $0 } == [0..<half, half..<Int.max])
    #expect(pool.mapChunks(of: .max, grain: .max) { $0 } == [0..<Int.max])
  }

  @Test(arguments: [1, 2, 5])
  func forEachVisitsEveryIndexOnce(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    for round in 0..<200 {
      let visited = visits(37) { pool.forEach(37, $0) }
      #expect(visited.allSatisfy { $0 == 1 }, "round \(round)")
    }
  }

  @Test func mapChunksKeepsTheOrderOfTheRanges() {
    let pool = WorkerPool(threadCount: 4)
    for _ in 0..<100 {
      // The first chunks take longest, so that they end last.
      let values = pool.mapChunks(of: 50, grain: 3) { range in
        var sum = 0
        for step in 0..<(50 - range.lowerBound) * 40 { sum &+= step }
        return [range.lowerBound, range.upperBound, min(sum, 0)]
      }
      #expect(values == stride(from: 0, to: 50, by: 3).map { [$0, min(50, $0 + 3), 0] })
    }
  }

  @Test func mapChunksKeepsAbsentValues() {
    let pool = WorkerPool(threadCount: 2)
    let values: [Int?] = pool.mapChunks(of: 6, grain: 2) {
      $0.lowerBound == 2 ? nil : $0.lowerBound
    }
    #expect(values == [0, nil, 4])
  }

  @Test func bitsDoNotDependOnThreads() {
    // Every addition of these rounds, so another order gives other bits.
    let terms = (1...10_007).map { 1 / Float($0) }
    let sums = [1, 2, 4, 7].map { (threads: Int) -> [UInt32] in
      let pool = WorkerPool(threadCount: threads)
      return (0..<20).map { _ in
        let parts = pool.mapChunks(of: terms.count, grain: 128) { terms[$0].reduce(0, +) }
        return parts.reduce(0, +).bitPattern
      }
    }
    let bits = Set(sums.joined())
    #expect(bits.count == 1)
    #expect(bits.first != terms.reduce(0, +).bitPattern, "the order of additions shows in the bits")
  }

  @Test(arguments: [1, 2, 4])
  func nestedLoopsRunInline(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    for _ in 0..<50 {
      let visited = visits(6 * 5 * 4) { visit in
        pool.forEach(6) { first in
          pool.forEach(5) { second in
            let parts = pool.mapChunks(of: 4, grain: 1) { $0.lowerBound }
            for third in parts { visit((first * 5 + second) * 4 + third) }
          }
        }
      }
      #expect(visited.allSatisfy { $0 == 1 })
    }
  }

  @Test func aNegativeCountStops() async {
    await #expect(processExitsWith: .failure) {
      WorkerPool(threadCount: 2).forEachChunk(of: -1, grain: 1) { _ in }
    }
  }

  @Test func aGrainOfZeroStops() async {
    await #expect(processExitsWith: .failure) {
      _ = WorkerPool(threadCount: 1).mapChunks(of: 3, grain: 0) { $0 }
    }
  }

  @Test func aPoolOfNoThreadStops() async {
    await #expect(processExitsWith: .failure) {
      _ = WorkerPool(threadCount: 0)
    }
  }
}
