import Foundation
import Synchronization
import Training

/// What happens on Ctrl-C: unfinished files are removed and the process ends with code 130.
///
/// Writers give a file its name when it is complete; until then it lies beside its place as
/// `.NAME.….partial`, and a run's folder as `NAME.vbench-partial`. The work goes on while these are
/// removed and is then ended with the process, wherever it is. One per process, since signals are the
/// process's.
final class Interruption: Sendable {
  /// The process's.
  static let shared = Interruption()

  private struct State {
    var outputs: [Int: Output] = [:]
    var count = 0
    var isRequested = false
    /// What a training listens to while it runs.
    var training: StopRequest?
    /// The signal that a training was stopped for.
    var stoppedBy: Int32?
    var sources: [any DispatchSourceSignal] = []
  }

  /// Something that is being written.
  private struct Output {
    var url: URL
    /// What lay there before, perhaps another process's.
    var older: Set<String>
    var message: String
  }

  /// Guarded by itself.
  private let state = Mutex(State())

  /// Starts to listen to Ctrl-C, and to the signals of a closed terminal and of `kill`.
  ///
  /// Signals that the process was told to ignore, as by `nohup`, stay ignored. Dispatch installs the
  /// handlers: setting a disposition here would undo them.
  func watch() {
    state.withLock { state in
      guard state.sources.isEmpty else { return }
      let queue = DispatchQueue(label: "vbench.interruption", qos: .userInteractive)
      let ignored = Self.ignoredSignals
      let numbers = [SIGINT, SIGTERM, SIGHUP].filter { ignored & (1 << UInt64($0 - 1)) == 0 }
      state.sources = numbers.map { number in
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler { self.end(number) }
        source.resume()
        return source
      }
    }
  }

  /// The signals that are ignored, signal n as bit n − 1; none where the system doesn't say.
  private static var ignoredSignals: UInt64 {
    // Files of /proc state no size: a stream is read to its end.
    let status = try? FileHandle(forReadingFrom: URL(filePath: "/proc/self/status")).readToEnd()
    let lines = String(decoding: status ?? Data(), as: UTF8.self).split(separator: "\n")
    let digits = lines.first { $0.hasPrefix("SigIgn:") }?.split(separator: "\t").last
    return digits.flatMap { UInt64($0, radix: 16) } ?? 0
  }

  /// Writes a file or a folder whose unfinished form an interruption removes.
  ///
  /// - Parameters:
  ///   - path: the file's or folder's name when it is finished.
  ///   - message: what an interrupted user needs to know: what is kept, how to go on.
  ///   - body: the writing.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  func whileWriting<Result>(
    _ path: String,
    message: String = "nothing was written",
    _ body: () throws -> Result
  ) rethrows -> Result {
    let url = URL(filePath: path)
    let output = Output(url: url, older: Set(Self.unfinished(url)), message: message)
    let number = state.withLock { state in
      state.count += 1
      state.outputs[state.count] = output
      return state.count
    }
    defer { state.withLock { $0.outputs[number] = nil } }
    return try body()
  }

  /// Lets a training save its state at the first signal; a second one ends the process at once.
  ///
  /// - Parameter stop: what the training listens to; nil when it is over.
  func setTraining(_ stop: StopRequest?) {
    state.withLock { $0.training = stop }
  }

  /// How a process ends whose training was stopped by a signal.
  var exitCode: Int32 { 128 + state.withLock { $0.stoppedBy ?? SIGINT } }

  /// Never returns where the process is being ended; else does nothing.
  func waitIfRequested() {
    while state.withLock({ $0.isRequested }) { sleep(1) }
  }

  /// Asks the training under way to stop, once.
  ///
  /// - Returns: whether there was one to ask.
  private func stopTraining(_ number: Int32) -> Bool {
    let training = state.withLock { state in
      guard state.stoppedBy == nil, let training = state.training else {
        return nil as StopRequest?
      }
      state.stoppedBy = number
      return training
    }
    guard let training else { return false }
    training.stop()
    StandardError.shared.keepLine()
    StandardError.shared.writeLine(
      "vbench: the training's state is being saved; once more to end without"
    )
    return true
  }

  private func end(_ number: Int32) {
    if stopTraining(number) { return }
    let outputs = state.withLock { state in
      state.isRequested = true
      return state.outputs.sorted { $0.key < $1.key }.map(\.value)
    }
    for output in outputs { Self.remove(output) }
    let messages = outputs.map(\.message)
    StandardError.shared.keepLine()
    StandardError.shared.writeLine((["vbench: interrupted"] + messages).joined(separator: "; "))
    // Not `exit`: what libraries do there would meet threads that still work.
    _exit(128 + number)
  }

  /// Removes what was begun; other threads may still add files to a folder, so more than once.
  private static func remove(_ output: Output) {
    let folder = output.url.deletingLastPathComponent()
    let run = output.url.lastPathComponent + ".vbench-partial"
    for _ in 0..<100 {
      let names = unfinished(output.url).filter { !output.older.contains($0) } + [run]
      let places = names.map { folder.appending(path: $0) }
        .filter { FileManager.default.fileExists(atPath: $0.path(percentEncoded: false)) }
      if places.isEmpty { return }
      for place in places { try? FileManager.default.removeItem(at: place) }
    }
  }

  /// The names of unfinished files and folders beside a place.
  private static func unfinished(_ url: URL) -> [String] {
    let folder = url.deletingLastPathComponent().path(percentEncoded: false)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(".\(url.lastPathComponent).") && $0.hasSuffix("partial") }
  }
}
