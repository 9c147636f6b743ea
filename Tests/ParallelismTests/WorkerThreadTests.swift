import Parallelism
import Synchronization
import Testing

/// The threads of a pool: that they work together, wake, and end.
struct WorkerThreadTests {
  /// An object whose death shows that a closure was released.
  private final class Canary: Sendable {
    private let died: @Sendable () -> Void
    init(died: @escaping @Sendable () -> Void) { self.died = died }
    deinit { died() }
  }

  /// Waits until `isReady` holds, for at most 20 seconds.
  private static func eventually(_ isReady: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while !isReady() {
      guard ContinuousClock.now < deadline else { return false }
    }
    return true
  }

  /// Whether `threads` chunks were under way at one time.
  private static func meet(_ pool: WorkerPool, _ threads: Int) -> Bool {
    let arrived = Atomic<Int>(0)
    let met = Atomic<Int>(0)
    pool.forEach(threads) { _ in
      arrived.add(1, ordering: .sequentiallyConsistent)
      let all = eventually { arrived.load(ordering: .sequentiallyConsistent) == threads }
      if all { met.add(1, ordering: .sequentiallyConsistent) }
    }
    return met.load(ordering: .sequentiallyConsistent) == threads
  }

  @Test(arguments: [2, 3])
  func allThreadsWorkAtOnceAlsoAfterASleep(threads: Int) async throws {
    let pool = WorkerPool(threadCount: threads)
    for pause in [0, 0, 30, 0, 100] {
      // Longer than a waiting worker spins: it has to be woken.
      try await Task.sleep(for: .milliseconds(pause))
      #expect(Self.meet(pool, threads))
    }
  }

  @Test func loopsOfSeveralThreadsShareAPool() async {
    let pool = WorkerPool(threadCount: 3)
    let total = await withTaskGroup(of: Int.self) { group in
      for task in 0..<6 {
        group.addTask {
          (0..<300).reduce(0) { sum, round in
            let parts = pool.mapChunks(of: 20, grain: 3) { $0.reduce(0, +) + 0 * task * round }
            return sum + parts.reduce(0, +)
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(total == 6 * 300 * 190)
  }

  @Test func eachThreadIsPreparedOnce() {
    let count = Atomic<Int>(0)
    let pool = WorkerPool(threadCount: 4) { count.add(1, ordering: .sequentiallyConsistent) }
    #expect(count.load(ordering: .sequentiallyConsistent) >= 1, "the calling thread at once")
    #expect(Self.eventually { count.load(ordering: .sequentiallyConsistent) == 4 })
    pool.forEach(100) { _ in }
    #expect(count.load(ordering: .sequentiallyConsistent) == 4)
  }

  @Test func poolsEndTheirThreads() {
    let alive = Atomic<Int>(0)
    for round in 0..<200 {
      alive.add(1, ordering: .sequentiallyConsistent)
      // Held by the pool's threads alone, so it dies with the last of them.
      let canary = Canary { alive.subtract(1, ordering: .sequentiallyConsistent) }
      let pool = WorkerPool(threadCount: 1 + round % 5) { _ = canary }
      // Some pools end without a loop, and some while their threads are still starting.
      if round % 3 > 0 { pool.forEach(round % 7) { _ in } }
    }
    #expect(Self.eventually { alive.load(ordering: .sequentiallyConsistent) == 0 })
  }

  @Test func aLoopsClosureIsReleasedWithTheLoop() {
    let pool = WorkerPool(threadCount: 4)
    let dead = Atomic<Int>(0)
    for round in 1...300 {
      do {
        let canary = Canary { dead.add(1, ordering: .sequentiallyConsistent) }
        pool.forEach(8) { _ in _ = canary }
      }
      #expect(dead.load(ordering: .sequentiallyConsistent) == round)
    }
  }
}
