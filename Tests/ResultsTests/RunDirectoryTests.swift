import Foundation
import Results
import TestSupport
import Testing

@Suite struct RunDirectoryTests {
  /// 2026-11-21, 07:25:56 UTC.
  private let date = Date(timeIntervalSince1970: 1_795_245_956)

  /// Runs a test in a folder of its own.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func anIdIsTheTimeInUTCAndAHashOfTheContent() {
    // FNV-1a with 64 bits of "" and "foobar", from the authors' test vectors, upper halves.
    #expect(RunDirectory.identifier(at: date, content: "") == "20261121T072556Z-cbf29ce4")
    #expect(RunDirectory.identifier(at: date, content: "foobar") == "20261121T072556Z-85944171")
    let later = RunDirectory.identifier(at: date + 3600 * 24 * 400, content: "")
    #expect(later > RunDirectory.identifier(at: date, content: "foobar"))
  }

  @Test func aRunAppearsWhole() throws {
    try withFolder { folder in
      let runs = folder.appending(path: "reports/runs")
      let run = try RunDirectory.create(in: runs, at: date, content: "x")
      try Data("scores".utf8).write(to: run.predictionsFile)
      #expect(try names(in: runs) == [run.id + ".vbench-partial"])
      #expect(RunDirectory.resultFiles(in: runs).isEmpty)

      let file = try run.finish(.sample())
      #expect(try names(in: runs) == [run.id])
      #expect(try names(in: run.finished) == ["predictions.h5", "result.json"])
      #expect(RunDirectory.resultFiles(in: runs).map(\.path) == [file.path])
      #expect(try RunResult(contentsOf: file).run.id == run.id)
    }
  }

  @Test func idsNeverClash() throws {
    try withFolder { folder in
      let first = try RunDirectory.create(in: folder, at: date, content: "x")
      let second = try RunDirectory.create(in: folder, at: date, content: "x")
      #expect(second.id == first.id + "-2")
      _ = try first.finish(.sample())
      // The id of a finished run is taken too, and looking leaves no folder behind.
      let third = try RunDirectory.create(in: folder, at: date, content: "x")
      #expect(third.id == first.id + "-3")
      #expect(
        try names(in: folder)
          == [first.id, second.partial.lastPathComponent, third.partial.lastPathComponent]
      )
    }
  }

  @Test func aHundredRunsAtOnceHaveAHundredIds() async throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<100 {
        group.addTask {
          let run = try RunDirectory.create(in: folder, at: date, content: "x")
          return try run.finish(.sample()).deletingLastPathComponent().lastPathComponent
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(ids).count == 100)
    #expect(Set(try names(in: folder)) == Set(ids))
  }

  @Test func aFailedRunLeavesNoRun() throws {
    try withFolder { folder in
      let run = try RunDirectory.create(in: folder, at: date, content: "x")
      var result = RunResult.sample()
      result.metrics[0].value = .value(.nan)
      #expect(throws: ResultsError.self) { try run.finish(result) }
      #expect(RunDirectory.resultFiles(in: folder).isEmpty)
      run.discard()
      #expect(try names(in: folder).isEmpty)
      run.discard()
    }
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    try withFolder { folder in
      let file = folder.appending(path: "file")
      try Data().write(to: file)
      let error = #expect(throws: ResultsError.self) {
        try RunDirectory.create(in: file, at: date, content: "x")
      }
      #expect(error?.path == file.path)
      #expect(error?.programStatus == .failure)
    }
  }

  @Test func runsAreListedInTheOrderOfTheirIds() throws {
    try withFolder { folder in
      for offset in [7200.0, 0, 3600] {
        let run = try RunDirectory.create(in: folder, at: date + offset, content: "\(offset)")
        _ = try run.finish(.sample())
      }
      let found = RunDirectory.resultFiles(in: folder)
      #expect(found.count == 3)
      #expect(found.map(\.path) == found.map(\.path).sorted())
      #expect(RunDirectory.resultFiles(in: folder.appending(path: "none")).isEmpty)
    }
  }
}
