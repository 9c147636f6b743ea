import Checkpoints
import Foundation
import Testing
import TestSupport

/// A tensor as the fixtures' generator saw it in PyTorch.
struct ExpectedTensor: Decodable {
  var shape: [Int]
  var type: String
  /// The bits of the elements as float32.
  var bits: [UInt32]
}

/// The committed files of this module's tests.
enum CheckpointFixtures {
  static let directory = Fixtures.directory.appending(path: "Checkpoints")

  /// What each file holds, by file and by tensor.
  static func expected() throws -> [String: [String: ExpectedTensor]] {
    let data = try Data(contentsOf: directory.appending(path: "expected.json"))
    return try JSONDecoder().decode([String: [String: ExpectedTensor]].self, from: data)
  }

  /// The path of a fixture.
  static func path(_ name: String) -> String {
    directory.appending(path: name).path(percentEncoded: false)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: directory.appending(path: name)))
  }
}

/// Runs `body` with the path of a file of these bytes, which is deleted afterwards.
func withFile<Result>(
  _ bytes: [UInt8],
  named name: String = "file",
  _ body: (String) throws -> Result
) throws -> Result {
  try withTemporaryFolder { folder in
    let url = folder.appending(path: name)
    try Data(bytes).write(to: url)
    return try body(url.path(percentEncoded: false))
  }
}

/// Runs `body` with an empty folder, which is deleted afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = try Fixtures.temporaryDirectory()
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The reason of the `CheckpointError` that `body` throws, nil when it throws none.
func reason(_ body: () throws -> Void) -> CheckpointError.Reason? {
  do {
    try body()
    return nil
  } catch let error as CheckpointError {
    return error.reason
  } catch {
    Issue.record("another error than CheckpointError: \(error)")
    return nil
  }
}

extension CheckpointError.Reason {
  /// Whether it is one of the reasons for which a damaged file is refused.
  var isDamage: Bool {
    switch self {
    case .unreadable, .malformed, .unsupported, .tooLarge, .missingObject, .checksumMismatch,
      .forbiddenGlobal, .unexpectedType, .unexpectedShape, .newerVersion, .ambiguous:
      true
    default: false
    }
  }
}

/// The bytes of a number as files hold it.
func littleEndian(_ value: Float) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
}
