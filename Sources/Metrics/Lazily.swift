import Synchronization

/// A value that is computed when it is first asked for, by one thread, and then shared.
///
/// Copies of predictions share it: rankings are sorted once, also over all bootstrap replicates.
final class Lazily<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  /// The value; computes it on the first call.
  ///
  /// - Parameter compute: makes the value; must make the same value each time.
  /// - Returns: the value that the first call computed.
  func callAsFunction(_ compute: () -> Value) -> Value {
    value.withLock { stored in
      if let stored { return stored }
      let computed = compute()
      stored = computed
      return computed
    }
  }
}
