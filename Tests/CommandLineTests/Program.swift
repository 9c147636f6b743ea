import Foundation
import TestSupport
import Testing

/// All tests of the command line, one after another: each starts processes that use all processors.
@Suite(.serialized, .timeLimit(.minutes(10))) enum CommandLineTests {}

/// The built executable.
struct Program {
  /// How a run of it ended.
  struct Outcome {
    let status: Int32
    let output: String
    let error: String

    /// The lines on standard error.
    var errorLines: [Substring] { error.split(separator: "\n") }
  }

  /// A folder of this test's own; the processes start in it, and it is their home.
  let folder: URL

  /// Makes the folder.
  init() throws { folder = try Fixtures.temporaryDirectory() }

  /// Removes the folder.
  func removeFolder() { try? FileManager.default.removeItem(at: folder) }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

  /// The names in the folder, hidden ones too.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(""))) ?? []).sorted()
  }

  /// Writes a file into the folder.
  func write(_ data: Data, to name: String) throws {
    try data.write(to: folder.appending(path: name))
  }

  /// The program's path: it lies beside the tests' own executable.
  static var path: String {
    get throws {
      try #require(Bundle.main.executableURL).deletingLastPathComponent().appending(path: "vbench")
        .path(percentEncoded: false)
    }
  }

  /// Starts the program, or another one.
  ///
  /// - Parameters:
  ///   - arguments: what follows its name.
  ///   - executable: another program's path.
  ///   - environment: variables beside those that every run has.
  /// - Returns: the process, and the files that take its output and its errors.
  /// - Throws: what starting a process throws.
  func start(
    _ arguments: [String],
    executable: String? = nil,
    environment: [String: String] = [:]
  ) throws -> (process: Process, output: URL, error: URL) {
    let streams = FileManager.default.temporaryDirectory
    let files = (0..<2).map { _ in streams.appending(path: "vbench-stream-\(UUID().uuidString)") }
    for file in files { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(filePath: try executable ?? Self.path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = [
      "HOME": path(""), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm",
    ].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    return (process, files[0], files[1])
  }

  /// Runs the program to its end.
  ///
  /// - Parameter arguments: what follows its name.
  /// - Returns: its exit code and what it wrote.
  /// - Throws: what starting a process throws.
  func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// Runs the program to its end.
  ///
  /// - Parameter arguments: what follows its name.
  /// - Returns: its exit code and what it wrote.
  /// - Throws: what starting a process throws.
  func run(_ arguments: [String]) throws -> Outcome { try finish(start(arguments)) }

  /// Waits for the end of a run.
  ///
  /// - Parameter run: what `start` gave.
  /// - Returns: its exit code and what it wrote.
  /// - Throws: what reading a file throws.
  func finish(_ run: (process: Process, output: URL, error: URL)) throws -> Outcome {
    run.process.waitUntilExit()
    defer { for file in [run.output, run.error] { try? FileManager.default.removeItem(at: file) } }
    return Outcome(
      status: run.process.terminationStatus,
      output: String(decoding: try Data(contentsOf: run.output), as: UTF8.self),
      error: String(decoding: try Data(contentsOf: run.error), as: UTF8.self)
    )
  }
}

/// Expects an exit code and one line that says why.
func expectFailure(
  _ outcome: Program.Outcome,
  status: Int32,
  containing parts: String...,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(outcome.status == status, "\(outcome.error)", sourceLocation: sourceLocation)
  #expect(outcome.errorLines.count == 1, "\(outcome.error)", sourceLocation: sourceLocation)
  let isError = outcome.error.hasPrefix("vbench: error: ")
  #expect(isError, "\(outcome.error)", sourceLocation: sourceLocation)
  for part in parts {
    #expect(outcome.error.contains(part), "\(outcome.error)", sourceLocation: sourceLocation)
  }
}

/// Decodes JSON that the program printed.
func object(_ outcome: Program.Outcome) throws -> [String: Any] {
  try #require(
    JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any],
    "\(outcome.output)\(outcome.error)"
  )
}
