import Foundation
import Reporting
import Synchronization

/// What a command says to people beside its output: errors, remarks and progress.
///
/// One per process, since there is one standard error; safe to call from any thread.
final class StandardError: Sendable {
  /// The process's.
  static let shared = StandardError()

  /// Whether lines can be rewritten.
  let isInteractive = Terminal.error.isInteractive
  /// The width to write for, and whether escape sequences may be written.
  let style = Terminal.error.style

  /// Whether the cursor stands at the end of a line that may be rewritten; guarded by itself.
  private let isLineOpen = Mutex(false)

  /// Writes a line for good.
  ///
  /// - Parameter text: one line; control characters are made visible.
  func writeLine(_ text: String) {
    isLineOpen.withLock { isOpen in
      put((isOpen ? "\r\u{1b}[K" : "") + text.printable + "\n")
      isOpen = false
    }
  }

  /// Writes a line that the next one replaces; only for terminals.
  ///
  /// - Parameter text: no wider than the terminal; may hold escape sequences for colours.
  func rewriteLine(_ text: String) {
    isLineOpen.withLock { isOpen in
      put("\r\(text)\u{1b}[K")
      isOpen = true
    }
  }

  /// Ends a line that would be replaced, so that it stays.
  func keepLine() {
    isLineOpen.withLock { isOpen in
      if isOpen { put("\n") }
      isOpen = false
    }
  }

  /// A closed or full standard error is no reason to stop the work.
  private func put(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
