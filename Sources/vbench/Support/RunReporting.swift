import ArgumentParser
import Foundation

/// Writes an error on standard error, in one line.
///
/// - Parameter error: what went wrong.
/// - Returns: how the process ends: 70 for an error that no module states, else what it says.
func report(_ error: any Error) -> ExitCode {
  guard let error = error as? any ReportedError else {
    StandardError.shared.writeLine(
      "vbench: error: \(error); this is a mistake of the program's: please report it"
    )
    return .internalError
  }
  StandardError.shared.writeLine("vbench: error: \(error.description)")
  return error.exitCode
}

/// Runs a command's work so that errors are reported in one line and Ctrl-C leaves nothing behind.
///
/// - Parameter body: the work; the exit codes, usage errors and clean exits that it throws are
///   ArgumentParser's to handle.
/// - Throws: what ends the process.
func runReporting(_ body: () throws -> Void) throws {
  Interruption.shared.watch()
  do {
    try body()
    Interruption.shared.waitIfRequested()
  } catch {
    // Work that lost its files to an interruption fails; it is not that failure which is told.
    Interruption.shared.waitIfRequested()
    if error is ExitCode || error is ValidationError || error is CleanExit { throw error }
    throw report(error)
  }
}
