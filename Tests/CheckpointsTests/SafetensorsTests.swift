import Checkpoints
import Foundation
import Testing
import TestSupport

/// The safetensors reader against headers that lie.
struct SafetensorsTests {
  private static func file(_ header: String, data: Int = 8, length: UInt64? = nil) -> [UInt8] {
    let count = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  private static func failure(_ bytes: [UInt8]) throws -> CheckpointError.Reason? {
    try withFile(bytes) { path in reason { _ = try SafetensorsFile(path) } }
  }

  @Test("metadata with escapes is text")
  func metadata() throws {
    let archive = try openArchive(at: CheckpointFixtures.path("types.safetensors"))
    #expect(archive.metadata == ["note": "a \"b\" \n眼"])
    let header =
      #"{ "__metadata__" : {"k":"\u773c\ud83d\ude00\t\/\b\f\r\\"} , "w":{"shape":[2],"data_offsets":[0,8],"dtype":"F32"}}  "#
    try withFile(Self.file(header)) { path in
      let archive = try openArchive(at: path)
      #expect(archive.metadata == ["k": "眼😀\t/\u{8}\u{C}\r\\"])
      #expect(try archive.read("w") == [0, 0])
    }
    let count = try withFile(Self.file("{}", data: 0)) { try openArchive(at: $0).tensors.count }
    #expect(count == 0)
  }

  @Test("headers that contradict themselves or the file are refused")
  func malformed() throws {
    let w = #""w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#
    let headers = [
      ("two of a name", "{\(w),\(w)}"),
      ("overlap", #"{\#(w),"v":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#),
      ("a gap", #"{"v":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#),
      ("bytes of nobody", #"{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#),
      ("beyond the end", #"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#),
      ("backwards", #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#),
      ("another size", #"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#),
      (
        "an overflow",
        #"{"w":{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]}}"#
      ),
      (
        "a huge number",
        #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}"#
      ),
      ("a negative one", #"{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#),
      ("three offsets", #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}"#),
      ("no type", #"{"w":{"shape":[2],"data_offsets":[0,8]}}"#),
      ("two types", #"{"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#),
      ("another key", #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}"#),
      ("no end", #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#),
      ("a tail", "{\(w)}x"),
      ("a string without end", #"{"w"#),
      ("half a surrogate", #"{"\ud83d":1}"#),
      ("a low surrogate first", #"{"\ude00":1}"#),
      ("a bad escape", #"{"\x":1}"#),
      ("a line feed in a string", "{\"a\nb\":1}"),
      ("nesting", "{" + String(repeating: #""a":{"#, count: 100_000)),
    ]
    for (name, header) in headers {
      guard case .malformed = try Self.failure(Self.file(header)) else {
        Issue.record("\(name) was accepted")
        continue
      }
    }
    for length: UInt64 in [1 << 31, 100_000_001, 19] {
      guard case .malformed = try Self.failure(Self.file("{}", length: length)) else {
        Issue.record("a header of \(length) bytes was accepted")
        continue
      }
    }
    guard case .unreadable = try Self.failure(Self.file("{}", length: .max)) else {
      Issue.record("a header of 2⁶⁴ - 1 bytes was accepted")
      return
    }
  }

  @Test("a type that isn't read here is named")
  func type() throws {
    let header = #"{"w":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}"#
    #expect(
      try Self.failure(Self.file(header))
        == .unsupported(
          detail: "\"w\" is of type F8_E4M3, which isn't read here",
          remedy: "save it as F32, F16 or BF16"
        )
    )
  }
}
