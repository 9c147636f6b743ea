/// Where the calling thread hands a loop to the workers and waits until all of them have let go of it.
final class LoopExchange: Sendable {
  private struct State {
    var loop: ChunkedLoop?
    /// Raised with each new loop, so that a worker joins each loop once.
    var generation = 0
    /// How many workers are inside the current loop.
    var inside = 0
    var isStopped = false
  }

  private let state = Monitor(State())

  /// Runs `loop` on the calling thread and all workers; inline where another loop is under way.
  func run(_ loop: consuming ChunkedLoop) {
    let opened: Int? = state.withLock { state in
      guard state.loop == nil, state.inside == 0 else { return nil }
      state.loop = loop
      state.generation += 1
      return state.generation
    }
    guard let opened else {
      loop.runChunks()
      return
    }
    state.wakeAll()
    loop.runChunks()
    // No chunk is left to claim. Late workers find no loop; those inside are waited for. A newer
    // loop, another thread's, could only be opened after they had left.
    state.withLock { $0.loop = nil }
    state.wait { $0.inside == 0 || $0.generation != opened }
  }

  /// The life of one worker: joins each loop once, until the pool stops.
  func work() {
    var lastGeneration = 0
    while let generation = joinNext(after: lastGeneration) {
      lastGeneration = generation
      // The worker's reference to the closure has died by now: only then may the count go down.
      state.withLock { $0.inside -= 1 }
      state.wakeAll()
    }
  }

  /// Makes every worker end.
  func stop() {
    state.withLock { $0.isStopped = true }
    state.wakeAll()
  }

  /// Waits for a loop newer than `lastGeneration`, runs its chunks and lets go of it.
  ///
  /// - Parameter lastGeneration: the newest loop that this worker has already joined.
  /// - Returns: the loop's generation, or nil when the pool has stopped.
  @inline(never)
  private func joinNext(after lastGeneration: Int) -> Int? {
    let joined: (loop: ChunkedLoop, generation: Int)? = state.withLockAfterWaiting(
      until: { $0.isStopped || ($0.loop != nil && $0.generation != lastGeneration) },
      { state in
        guard !state.isStopped, let loop = state.loop else { return nil }
        state.inside += 1
        return (loop, state.generation)
      }
    )
    guard let joined else { return nil }
    joined.loop.runChunks()
    return joined.generation
  }
}
