import Foundation
import Reporting
import Synchronization

/// How far long work is, on standard error, told from any thread.
///
/// On a terminal one line is rewritten ten times a second; elsewhere a line is written every ten
/// seconds, and one at the end of work that took longer than a second.
final class ProgressDisplay: Sendable {
  private struct State {
    var done = 0
    var lastWrite: ContinuousClock.Instant?
    var isFinished = false
  }

  private let line: ProgressLine
  private let isShown: Bool
  private let start = ContinuousClock.now
  /// Guarded by itself.
  private let state = Mutex(State())

  /// Starts the clock.
  ///
  /// - Parameters:
  ///   - label: what is done.
  ///   - unit: what is counted, in the plural.
  ///   - total: how many there are; nil where unknown.
  ///   - isShown: whether anything is written at all.
  init(_ label: String, unit: String, total: Int?, isShown: Bool) {
    line = ProgressLine(label: label, unit: unit, total: total)
    self.isShown = isShown
    update(done: 0)
  }

  /// Says how many are done.
  ///
  /// - Parameter done: how many; less than was said before changes nothing, since threads may come
  ///   late.
  func update(done: Int) {
    guard isShown else { return }
    state.withLock { state in
      state.done = max(state.done, done)
      show(&state, isLast: false)
    }
  }

  /// Says that more are done.
  ///
  /// - Parameter count: how many more.
  func advance(by count: Int = 1) {
    guard isShown else { return }
    state.withLock { state in
      state.done += count
      show(&state, isLast: false)
    }
  }

  /// Shows the last state, which then stays; further calls do nothing.
  func finish() {
    guard isShown else { return }
    state.withLock { state in
      show(&state, isLast: true)
      state.isFinished = true
    }
    StandardError.shared.keepLine()
  }

  private func show(_ state: inout State, isLast: Bool) {
    let output = StandardError.shared
    let now = ContinuousClock.now
    let seconds = (now - start) / .seconds(1)
    guard !state.isFinished else { return }
    if isLast {
      guard output.isInteractive || seconds >= 1 else { return }
    } else {
      // Only `finish` says that all is done: the last line is then written once.
      let isDue = line.isDue(
        done: line.total.map { min(state.done, $0 - 1) } ?? state.done,
        secondsSinceLast: state.lastWrite.map { (now - $0) / .seconds(1) }
          ?? (output.isInteractive ? nil : seconds),
        isTerminal: output.isInteractive
      )
      guard isDue else { return }
    }
    state.lastWrite = now
    if output.isInteractive {
      output.rewriteLine(
        line.terminalText(done: state.done, seconds: seconds, style: output.style)
      )
    } else {
      output.writeLine(line.plainText(done: state.done, seconds: seconds))
    }
  }
}
