import Glibc

/// State under a lock, with a condition to wait for.
///
/// `Mutex` of `Synchronization` has no condition variable, and ThreadSanitizer does not see it: a
/// correct program of 15 lines draws reports. State that worker threads share lies in monitors, so
/// that the sanitizer's word counts. A waiting thread first spins for some microseconds, because the next loop of a model's
/// forward pass follows the last one within that time and a futex round trip costs more.
// The guard of `@unchecked Sendable`: `value` is only touched between lock and unlock of `mutex`.
@safe package final class Monitor<State>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var value: State  // Guarded by `mutex`.

  /// How often a waiting thread looks again before it sleeps; measured, see `benchmarks/`.
  private let spins = 2_000

  /// Puts state under a lock.
  ///
  /// - Parameter initial: the state at first.
  package init(_ initial: State) {
    value = initial
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe pthread_cond_destroy(condition)
    unsafe mutex.deallocate()
    unsafe condition.deallocate()
  }

  /// Runs `body` with the state, alone.
  ///
  /// - Parameter body: must not ask for the same monitor's state.
  /// - Returns: what `body` returns.
  package func withLock<Result>(_ body: (inout State) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body(&value)
  }

  /// Waits until `isReady` holds, then runs `body` under the same lock.
  func withLockAfterWaiting<Result>(
    until isReady: (State) -> Bool,
    _ body: (inout State) -> Result
  ) -> Result {
    for _ in 0..<spins where unsafe pthread_mutex_trylock(mutex) == 0 {
      if isReady(value) {
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
      }
      unsafe pthread_mutex_unlock(mutex)
    }
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while !isReady(value) {
      unsafe pthread_cond_wait(condition, mutex)
    }
    return body(&value)
  }

  /// Waits until `isReady` holds.
  func wait(until isReady: (State) -> Bool) {
    withLockAfterWaiting(until: isReady) { _ in }
  }

  /// Wakes every thread that waits.
  func wakeAll() {
    unsafe pthread_cond_broadcast(condition)
  }
}
