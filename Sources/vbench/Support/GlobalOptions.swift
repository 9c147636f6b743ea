import ArgumentParser
import Foundation
import Parallelism
import Tensors

/// The options of commands whose work is shared among threads.
struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How many threads work; results don't depend on it. (default: one per processor)",
      valueName: "n"
    )
  )
  var threads: Int?

  @OptionGroup var reporting: OutputOptions

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

  /// Whether JSON is asked for.
  var json: Bool { reporting.json }

  /// Says something that is worth knowing but no error; see `OutputOptions`.
  func remark(_ text: String) { reporting.remark(text) }

  /// Shows how far long work is; see `OutputOptions`.
  func progress(_ label: String, unit: String, total: Int?) -> ProgressDisplay {
    reporting.progress(label, unit: unit, total: total)
  }
}
