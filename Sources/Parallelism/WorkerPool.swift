/// A fixed set of threads that run the chunks of one loop at a time.
///
/// Chunk bounds depend on `grain` and on nothing else, so that a kernel whose chunks write disjoint
/// ranges, or whose partial sums are combined in chunk order, returns the same bits for any number
/// of threads. The calling thread works too: a pool of one thread starts none.
///
/// A loop that is started inside a chunk, or while another thread's loop runs, runs inline on the
/// thread that started it.
package final class WorkerPool: Sendable {
  /// How many threads work on a loop, the calling one included.
  package let threadCount: Int

  private let exchange = LoopExchange()

  /// Starts the workers.
  ///
  /// - Parameters:
  ///   - threadCount: how many threads work on a loop, the calling one included; at least 1.
  ///   - prepareThread: runs once on each worker before its first chunk, and at once on the calling
  ///     thread; libraries with threads of their own are told there to use one.
  package init(threadCount: Int, prepareThread: @escaping @Sendable () -> Void = {}) {
    precondition(threadCount >= 1, "a worker pool needs at least 1 thread, got \(threadCount)")
    self.threadCount = threadCount
    prepareThread()
    for _ in 1..<max(threadCount, 1) {
      let exchange = exchange
      NativeThread.start {
        prepareThread()
        exchange.work()
      }
    }
  }

  deinit {
    exchange.stop()
  }

  /// Runs `body` on consecutive ranges of at most `grain` indices that together make `0..<count`.
  ///
  /// - Parameters:
  ///   - count: how many indices there are; none is allowed.
  ///   - grain: the length of each range but the last; at least 1.
  ///   - body: called once per range, on any of the pool's threads, in any order.
  package func forEachChunk(
    of count: Int,
    grain: Int,
    _ body: @Sendable (Range<Int>) -> Void
  ) {
    let plan = ChunkPlan(count: count, grain: grain)
    guard plan.chunkCount > 1, threadCount > 1 else {
      for chunk in 0..<plan.chunkCount { body(plan[chunk]) }
      return
    }
    withoutActuallyEscaping(body) { escapable in
      exchange.run(ChunkedLoop(plan, body: escapable))
    }
  }

  /// Runs `body` once for each index of `0..<count`, each index a chunk of its own.
  ///
  /// - Parameters:
  ///   - count: how many indices there are.
  ///   - body: called once per index, on any of the pool's threads, in any order.
  package func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    forEachChunk(of: count, grain: 1) { range in
      for index in range { body(index) }
    }
  }

  /// Computes one value per chunk and returns them in chunk order.
  ///
  /// - Parameters:
  ///   - count: how many indices there are.
  ///   - grain: the length of each range but the last; at least 1.
  ///   - body: computes the value of one range.
  /// - Returns: one value per chunk, in the order of the ranges, whatever thread computed it.
  package func mapChunks<Value: Sendable>(
    of count: Int,
    grain: Int,
    _ body: @Sendable (Range<Int>) -> Value
  ) -> [Value] {
    let plan = ChunkPlan(count: count, grain: grain)
    var values = [Value?](repeating: nil, count: plan.chunkCount)
    values.withDisjointWrites { writes in
      forEachChunk(of: count, grain: grain) { range in
        let chunk = range.lowerBound / grain
        unsafe writes[chunk..<chunk + 1][0] = body(range)
      }
    }
    return values.compactMap(\.self)
  }
}
