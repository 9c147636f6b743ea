import Foundation
import Results
import TestSupport
import Testing

@Suite struct RunResultJSONTests {
  @Test func everyFieldComesBack() throws {
    let result = RunResult.sample()
    #expect(try RunResult(json: result.json()) == result)
  }

  @Test func theSameResultIsTheSameBytes() throws {
    let first = try RunResult.sample().json()
    #expect(try RunResult.sample().json() == first)
    #expect(try RunResult(json: first).json() == first)
    #expect(first.last == UInt8(ascii: "\n"))
  }

  @Test func keysAreSorted() throws {
    let text = String(decoding: try RunResult.sample().json(), as: UTF8.self)
    let keys = text.split(separator: "\n")
      .filter { $0.hasPrefix("  \"") }
      .compactMap { $0.split(separator: "\"").dropFirst().first.map(String.init) }
    #expect(keys == keys.sorted())
    #expect(keys.contains("schemaVersion") && keys.contains("protocol"))
  }

  @Test(
    arguments: [
      0, 0.1, 0.1 + 0.2, 1.0 / 3, .leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, .pi,
      1.0.nextDown, 1.0.nextUp, -0.7310000000000001, 123_456_789.123_456_79, 9_007_199_254_740_992,
    ]
  )
  func doublesComeBackBitForBit(_ number: Double) throws {
    var result = RunResult.sample()
    result.metrics[0].value = .value(number)
    result.run.seconds = number.magnitude
    let read = try RunResult(json: result.json())
    #expect(read.metrics[0].value.number?.bitPattern == number.bitPattern)
    #expect(read.run.seconds.bitPattern == number.magnitude.bitPattern)
  }

  @Test func undefinedKeepsItsReason() throws {
    let text = String(decoding: try RunResult.sample().json(), as: UTF8.self)
    #expect(text.contains("\"undefined\" : \"one class was predicted\""))
    #expect(try RunResult.read(text).metrics[1].value.number == nil)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNotFiniteIsNotWritten(_ number: Double) throws {
    var result = RunResult.sample()
    result.metrics[1].value = .value(number)
    let error = #expect(throws: ResultsError.self) { try result.json() }
    #expect(error?.reason == .notFinite(keyPath: "metrics[1].value"))
  }

  @Test(
    arguments: [
      RunStatus.passed, .failed(reason: "the loss became NaN"), .skipped(reason: "no data"),
      .mistrusted(reason: "all predictions are one class"),
    ]
  )
  func everyStatusComesBack(_ status: RunStatus) throws {
    var result = RunResult.sample()
    result.run.status = status
    #expect(try RunResult(json: result.json()).run.status == status)
  }

  @Test func aNewerSchemaIsRefusedBeforeItsContent() {
    let error = #expect(throws: ResultsError.self) {
      try RunResult(json: Data(#"{"schemaVersion": 2, "things": []}"#.utf8), path: "new.json")
    }
    #expect(error?.reason == .newerSchema(found: 2, supported: 1))
    #expect(error?.programStatus == .badData)
    #expect(error?.description.hasPrefix("new.json: has schema version 2") == true)
  }

  /// Texts that replace others in the sample's file, with the place that the error names.
  @Test(
    arguments: [
      (#""schemaVersion" : 1"#, #""schemaVersion" : 0"#, "schemaVersion"),
      (#""seconds" : 12.5"#, #""seconds" : "long""#, "run.seconds"),
      (#""seconds" : 12.5"#, #""seconds" : -1"#, "run.seconds"),
      (#""outcome" : "passed""#, #""outcome" : "lost""#, "run.status.outcome"),
      (#""outcome" : "passed""#, #""outcome" : "failed""#, "run.status.reason"),
      (#""low" : 0.602"#, #""low" : 0.902"#, "metrics[0].confidenceInterval"),
      (#""level" : 0.95"#, #""level" : 95"#, "metrics[0].confidenceInterval.level"),
      (#""usedCount" : 413"#, #""usedCount" : -413"#, "dataset.splits[0].usedCount"),
      (#""count" : 68"#, #""count" : "many""#, "classMetrics[0].count"),
      (#""threads" : 2"#, #""threads" : null"#, "environment.threads"),
    ]
  )
  func aBadValueIsNamedByItsPlace(_ found: String, _ replacement: String, _ place: String) throws {
    let text = String(decoding: try RunResult.sample().json(), as: UTF8.self)
    try #require(text.contains(found))
    let error = #expect(throws: ResultsError.self) {
      try RunResult.read(text.replacing(found, with: replacement, maxReplacements: 1))
    }
    guard case .malformed(let keyPath, _) = error?.reason else {
      Issue.record("expected a malformed value, found \(String(describing: error))")
      return
    }
    #expect(keyPath == place)
  }

  @Test(
    arguments: [
      (#""seconds" : 12.5"#, #""secondz" : 1, "seconds" : 12.5"#, "run.secondz"),
      (#""low" : 0.602"#, #""low" : 0.602, "lower" : 0"#, "metrics[0].confidenceInterval.lower"),
    ]
  )
  func anUnknownKeyIsRefused(_ found: String, _ replacement: String, _ place: String) throws {
    let text = String(decoding: try RunResult.sample().json(), as: UTF8.self)
    let error = #expect(throws: ResultsError.self) {
      try RunResult.read(text.replacing(found, with: replacement, maxReplacements: 1))
    }
    #expect(error?.reason == .unknownKey(keyPath: place))
  }

  @Test func nullStandsForAbsent() throws {
    let text = String(decoding: try RunResult.sample().json(), as: UTF8.self)
    let read = try RunResult.read(text.replacing(#""task" : "dr-grade""#, with: #""task" : null"#))
    #expect(read.dataset.task == nil)
  }

  @Test(arguments: ["", "{", "[]", "\u{0}\u{1}", #"{"schemaVersion": "one"}"#, "{}"])
  func whatIsNoResultIsRefused(_ text: String) {
    let error = #expect(throws: ResultsError.self) { try RunResult.read(text) }
    #expect(error?.programStatus == .badData)
  }

  @Test func aConfusionMatrixIsSquareAndCountsUp() throws {
    let text = String(decoding: try RunResult.sample().json(), as: UTF8.self)
    let start = try #require(text.range(of: #""counts" : ["#)).upperBound
    for broken in ["[1, 2], [3]", "[1, 2]", "[1, 2], [3, -4]"] {
      let end = try #require(text.range(of: "\n  },", range: start..<text.endIndex)).lowerBound
      let changed = text.replacingCharacters(in: start..<end, with: broken + "]")
      let error = #expect(throws: ResultsError.self) { try RunResult.read(changed) }
      guard case .malformed("confusionMatrix.counts", _) = error?.reason else {
        Issue.record("expected the counts to be refused, found \(String(describing: error))")
        continue
      }
    }
  }

  @Test func aFileIsReplacedWhole() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "result.json")
    try Data(repeating: 0x20, count: 100_000).write(to: file)
    try RunResult.sample().write(to: file)
    #expect(try RunResult(contentsOf: file) == .sample())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["result.json"])
  }

  @Test func filesThatCannotBeReadOrWrittenSaySo() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let missing = folder.appending(path: "none/result.json")
    let absent = #expect(throws: ResultsError.self) { try RunResult(contentsOf: missing) }
    #expect(absent?.reason == .notFound)
    #expect(absent?.programStatus == .missingInput)
    let directory = #expect(throws: ResultsError.self) { try RunResult(contentsOf: folder) }
    #expect(directory?.programStatus == .missingInput)
    let refused = #expect(throws: ResultsError.self) { try RunResult.sample().write(to: missing) }
    #expect(refused?.programStatus == .failure)
  }
}

extension RunResult {
  /// Reads a result from a text.
  fileprivate static func read(_ text: String) throws -> RunResult {
    try RunResult(json: Data(text.utf8))
  }
}
