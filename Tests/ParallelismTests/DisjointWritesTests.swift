import Parallelism
import Testing

/// Chunks that write into one array.
struct DisjointWritesTests {
  private struct Refusal: Error {}

  @Test(arguments: [1, 2, 4])
  func everyChunkWritesItsRange(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    var values = Array(repeating: -1, count: 1003)
    let count = values.withDisjointWrites { writes in
      pool.forEachChunk(of: writes.count, grain: 10) { range in
        let part = unsafe writes[range]
        for index in 0..<range.count { unsafe part[index] = 3 * (range.lowerBound + index) }
      }
      return writes.count
    }
    #expect(count == 1003)
    #expect(values == (0..<1003).map { 3 * $0 })
  }

  @Test func partsHaveTheirRangesLength() {
    var values = ["a", "b", "c", "d", "e"]
    values.withDisjointWrites { writes in
      let part = unsafe writes[1..<4]
      #expect(unsafe Array(part) == ["b", "c", "d"])
      #expect(unsafe writes[0..<0].isEmpty)
      #expect(unsafe writes[5..<5].isEmpty)
      unsafe part[0] = "B"
    }
    #expect(values == ["a", "B", "c", "d", "e"])
  }

  @Test func anEmptyArrayHasNoParts() {
    var values: [Float] = []
    #expect(values.withDisjointWrites { $0.count } == 0)
  }

  @Test func anErrorPassesThrough() {
    var values = [1, 2]
    #expect(throws: Refusal.self) { try values.withDisjointWrites { _ in throw Refusal() } }
    #expect(values == [1, 2])
  }

  @Test func aRangePastTheEndStops() async {
    await #expect(processExitsWith: .failure) {
      var values = [1, 2, 3]
      values.withDisjointWrites { writes in unsafe _ = writes[2..<4] }
    }
  }

  @Test func aRangeBeforeTheStartStops() async {
    await #expect(processExitsWith: .failure) {
      var values = [1, 2, 3]
      values.withDisjointWrites { writes in unsafe _ = writes[-1..<2] }
    }
  }
}
