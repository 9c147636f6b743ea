import Parallelism

/// A wish to stop, which any thread may state and a training looks at between steps.
package final class StopRequest: Sendable {
  // Guarded by itself.
  private let state = Monitor(false)

  /// Makes a request that nobody has stated yet.
  package init() {}

  /// Whether it was stated.
  package var isStated: Bool { state.withLock { $0 } }

  /// States it; the training saves its state and ends after the step under way.
  package func stop() { state.withLock { $0 = true } }
}
