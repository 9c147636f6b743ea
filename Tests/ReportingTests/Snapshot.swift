import Foundation
import TestSupport
import Testing

/// Compares a text with a committed file of `Tests/Fixtures/Reporting`.
///
/// With `VBENCH_UPDATE_SNAPSHOTS` set the file is written anew and the test fails, so that nobody
/// takes an update for a check; read the difference, then run the test again.
///
/// - Parameters:
///   - text: what was rendered.
///   - name: the file's name.
///   - location: the test's place.
/// - Throws: where the file can't be read or written.
func expectSnapshot(
  _ text: String,
  _ name: String,
  location: SourceLocation = #_sourceLocation
) throws {
  let file = Fixtures.directory.appending(path: "Reporting").appending(path: name)
  if ProcessInfo.processInfo.environment["VBENCH_UPDATE_SNAPSHOTS"] != nil {
    try Data(text.utf8).write(to: file)
    Issue.record("\(name) was written anew", sourceLocation: location)
    return
  }
  let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
  guard Array(text.utf8) != Array(expected.utf8) else { return }
  let found = text.split(separator: "\n", omittingEmptySubsequences: false)
  let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let line = zip(found, wanted).enumerated().first { $1.0 != $1.1 }
  let difference =
    line.map { "line \($0 + 1)\n  found    \($1.0)\n  expected \($1.1)" }
    ?? "\(found.count) lines against \(wanted.count)"
  Issue.record(
    "\(name): \(difference)\nVBENCH_UPDATE_SNAPSHOTS=1 writes it anew",
    sourceLocation: location
  )
}
