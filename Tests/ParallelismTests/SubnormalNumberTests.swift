import Parallelism
import Testing

/// How threads treat numbers nearer to zero than the least normal one.
struct SubnormalNumberTests {
  private struct Failure: Error {}

  /// Half of the least normal number, computed when it runs.
  private func half(_ number: Float) -> UInt32 { (number * 0.5).bitPattern }

  private func halves(_ pool: WorkerPool) -> Set<UInt32> {
    let least = [Float](repeating: .leastNormalMagnitude, count: 400)
    return Set(pool.mapChunks(of: least.count, grain: 1) { half(least[$0.lowerBound]) })
  }

  @Test("a loop's chunks treat them as the thread that begins it", arguments: [1, 2, 5])
  func inherited(threads: Int) throws {
    let pool = WorkerPool(threadCount: threads)
    let gradual: Set<UInt32> = [0x0040_0000]
    #expect(halves(pool) == gradual)
    for _ in 0..<20 {
      #expect(flushingSubnormals { halves(pool) } == [0])
      #expect(halves(pool) == gradual, "workers are as before")
    }
    let nested = flushingSubnormals {
      pool.mapChunks(of: 6, grain: 1) { _ in halves(pool) }
    }
    #expect(Set(nested) == [[0]])
    #expect(flushingSubnormals { keepingSubnormals { halves(pool) } } == gradual)
  }

  @Test("the mode is restored after errors and inside one another")
  func restored() throws {
    #expect(!flushesSubnormals)
    #expect(throws: Failure.self) {
      try flushingSubnormals { () throws -> Void in throw Failure() }
    }
    #expect(!flushesSubnormals)
    flushingSubnormals {
      flushingSubnormals { #expect(flushesSubnormals) }
      #expect(flushesSubnormals)
    }
    #expect(!flushesSubnormals)
  }
}
