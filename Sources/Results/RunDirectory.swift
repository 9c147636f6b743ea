package import Foundation

/// A run's own folder while it is written: `reports/runs/<id>.vbench-partial`.
///
/// Predictions and pictures go into the partial folder; `finish` writes `result.json` and gives the
/// folder its name, so that a folder named after a run always holds a whole run. A crash leaves a
/// folder that ends in `.vbench-partial` and nothing reads.
package struct RunDirectory: Sendable {
  /// What a folder's name ends with while its run goes on.
  package static let partialSuffix = ".vbench-partial"

  /// The run's id: the name of the finished folder.
  package let id: String
  /// The folder to write into.
  package let partial: URL
  /// The folder's place after `finish`.
  package let finished: URL

  /// The predictions' place in the partial folder.
  package var predictionsFile: URL { partial.appending(path: "predictions.h5") }

  /// Makes the partial folder of a run and takes an id that no other run has or will have.
  ///
  /// - Parameters:
  ///   - parent: where runs lie, such as `reports/runs`; made where missing.
  ///   - date: the time that the id begins with.
  ///   - content: what the run is about, such as the checkpoint's and the data's checksums and the
  ///     parameters; a short hash of it ends the id.
  /// - Returns: the new folder; `-2`, `-3`, … ends its id where the id was taken.
  /// - Throws: `ResultsError.unwritable` where the folder can't be made.
  package static func create(in parent: URL, at date: Date, content: String) throws -> RunDirectory
  {
    let base = identifier(at: date, content: content)
    do {
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      var attempt = 1
      while true {
        let id = attempt == 1 ? base : "\(base)-\(attempt)"
        if let run = try take(id: id, in: parent) { return run }
        attempt += 1
      }
    } catch {
      throw ResultsError(
        .unwritable(detail: error.localizedDescription),
        path: parent.path(percentEncoded: false)
      )
    }
  }

  /// Takes an id, unless it is taken.
  ///
  /// Making the partial folder fails where it exists, also where another process makes it at this
  /// moment. Who has it alone may make the finished folder, so looking for that one *afterwards* is
  /// safe.
  private static func take(id: String, in parent: URL) throws -> RunDirectory? {
    let run = RunDirectory(
      id: id,
      partial: parent.appending(path: id + partialSuffix, directoryHint: .isDirectory),
      finished: parent.appending(path: id, directoryHint: .isDirectory)
    )
    do {
      try FileManager.default.createDirectory(at: run.partial, withIntermediateDirectories: false)
    } catch CocoaError.fileWriteFileExists {
      return nil
    }
    guard FileManager.default.fileExists(atPath: run.finished.path(percentEncoded: false)) else {
      return run
    }
    run.discard()
    return nil
  }

  /// Writes `result.json` and gives the folder its name.
  ///
  /// - Parameter result: the run's result; its id becomes this folder's.
  /// - Returns: the file `result.json` in the finished folder.
  /// - Throws: `ResultsError` where a number is not finite, a value is out of range or the folder
  ///   can't be written; the partial folder is then still there.
  package func finish(_ result: RunResult) throws -> URL {
    var result = result
    result.run.id = id
    try result.write(to: partial.appending(path: "result.json"))
    do {
      try FileManager.default.moveItem(at: partial, to: finished)
    } catch {
      throw ResultsError(
        .unwritable(detail: error.localizedDescription),
        path: finished.path(percentEncoded: false)
      )
    }
    return finished.appending(path: "result.json")
  }

  /// Removes the partial folder of a run that won't be finished; does nothing where it is gone.
  package func discard() {
    try? FileManager.default.removeItem(at: partial)
  }

  /// A run's id before any suffix, so that ids sort by time.
  ///
  /// - Parameters:
  ///   - date: the time, written in UTC.
  ///   - content: what the run is about.
  /// - Returns: e.g. `20261121T072556Z-5f2c09ab`.
  package static func identifier(at date: Date, content: String) -> String {
    let time = date.formatted(
      Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
    )
    let hash = String(shortHash(of: content), radix: 16)
    return "\(time)-\(String(repeating: "0", count: 8 - hash.count))\(hash)"
  }

  /// The upper half of FNV-1a with 64 bits (Fowler, Noll and Vo, RFC 9923).
  private static func shortHash(of content: String) -> UInt32 {
    let hash = content.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
      (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return UInt32(truncatingIfNeeded: hash >> 32)
  }

  /// The results under a folder of runs, in the order of their ids; unfinished runs are left out.
  ///
  /// - Parameter parent: where runs lie.
  /// - Returns: the files named `result.json`, one per finished run; none where `parent` is missing.
  package static func resultFiles(in parent: URL) -> [URL] {
    let path = parent.path(percentEncoded: false)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasSuffix(partialSuffix) }.sorted()
      .map { parent.appending(path: $0).appending(path: "result.json") }
      .filter { FileManager.default.fileExists(atPath: $0.path(percentEncoded: false)) }
  }
}
