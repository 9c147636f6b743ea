import Foundation
import TestSupport

/// The texts, words and ids that the released Python tokenizer gave
/// (`Tests/Fixtures/generate/tokenization.py`).
struct ReferenceLines: Decodable {
  struct Case: Decodable {
    let text: String
    let words: [String]
    /// Ids at context 52, where they differ from those at 100 because some were cut.
    let small52: [Int32]?
    let small100: [Int32]
    let full52: [Int32]?
    let full100: [Int32]
  }

  let cases: [Case]
  /// The hash of the reference model's token ids.
  let modelHash: String

  static func load() throws -> Self {
    let data = try Data(contentsOf: folder.appending(path: "lines.json"))
    return try JSONDecoder().decode(Self.self, from: data)
  }

  static let folder = Fixtures.directory.appending(path: "Tokenization")
  static let smallVocabulary = folder.appending(path: "vocabulary.txt").path
}

/// The hashes of the words around every scalar, run by run.
struct ReferenceScalars: Decodable {
  struct Run: Decodable {
    let first: UInt32
    let count: UInt32
    let step: UInt32
    let hash: String
  }

  let runs: [Run]

  static func load() throws -> [Run] {
    let url = ReferenceLines.folder.appending(path: "scalars.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url)).runs
  }
}

/// The 64-bit FNV-1a hash of bytes, in hexadecimal as the fixtures hold it.
func fnv1a(_ bytes: some Sequence<UInt8>) -> String {
  let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

/// The scalars' numbers, for failures that a terminal can show.
func numbers(of text: String) -> String {
  text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
}
