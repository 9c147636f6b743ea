/// What the program tells its caller by its exit code; numbers from 64 on are those of `sysexits.h`.
package enum ProgramStatus: Int32, Sendable {
  /// Everything ran.
  case success = 0
  /// Something failed, was not started, has no defined metric, or regressed.
  case failure = 1
  /// The command line is wrong.
  case usage = 64
  /// The input is there and can't be used.
  case badData = 65
  /// The input is not there or can't be opened.
  case missingInput = 66
  /// The program itself is at fault.
  case internalError = 70

  /// The status of a batch of runs.
  ///
  /// A mistrusted run did run: its report says why not to believe it, the exit code does not.
  ///
  /// - Parameter results: the batch's results.
  package init(of results: [RunResult]) {
    self = results.allSatisfy(\.hasRun) ? .success : .failure
  }
}

extension RunResult {
  /// Whether the protocol ran to its end and, where it has metrics, gave at least one number.
  package var hasRun: Bool {
    switch run.status {
    case .failed, .skipped: false
    case .passed, .mistrusted: metrics.isEmpty || metrics.contains { $0.value.number != nil }
    }
  }
}

extension ResultsError {
  /// The exit code that this error ends the program with.
  package var programStatus: ProgramStatus {
    switch reason {
    case .notFound, .unreadable: .missingInput
    case .malformed, .unknownKey, .newerSchema: .badData
    case .notFinite: .internalError
    case .unwritable: .failure
    }
  }
}
