import ArgumentParser
import Foundation
import Parallelism
import Tensors

/// The options that every command has.
struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How many threads work; results don't depend on it. (default: one per processor)",
      valueName: "n"
    )
  )
  var threads: Int?

  @Flag(help: "Print JSON for other programs instead of text for people.")
  var json = false

  @Flag(name: .shortAndLong, help: "Write neither progress nor remarks; errors remain.")
  var quiet = false

  /// The numbers of threads that can be asked for.
  private static let allowedThreads = 1...1024

  func validate() throws {
    guard let threads, !Self.allowedThreads.contains(threads) else { return }
    throw ValidationError("--threads is \(threads), allowed are 1 to 1024.")
  }

  /// How many threads work.
  var threadCount: Int {
    threads ?? min(ProcessInfo.processInfo.activeProcessorCount, Self.allowedThreads.upperBound)
  }

  /// The threads and memory that models run on; make one per process.
  func makeDevice() -> Device { Device(threadCount: threadCount) }

  /// Threads for work without models; a device has its own.
  func makePool() -> WorkerPool { WorkerPool(threadCount: threadCount) }

  /// Says something on standard error that is worth knowing but no error; nothing with `--quiet`.
  ///
  /// - Parameter text: one line.
  func remark(_ text: String) {
    if !quiet { StandardError.shared.writeLine("vbench: \(text)") }
  }

  /// Shows how far long work is; nothing with `--quiet`.
  ///
  /// - Parameters:
  ///   - label: what is done, such as `Encoding`.
  ///   - unit: what is counted, in the plural.
  ///   - total: how many there are; nil where unknown.
  /// - Returns: a display whose clock runs.
  func progress(_ label: String, unit: String, total: Int?) -> ProgressDisplay {
    ProgressDisplay(label, unit: unit, total: total, isShown: !quiet)
  }
}
