import Foundation
import TestSupport
import Testing
import Tokenization

/// Vocabularies from lists and files, good and bad.
struct VocabularyTests {
  private let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]

  private func reason(_ tokens: [String]) -> TokenizationError.Reason? {
    (#expect(throws: TokenizationError.self) { try Vocabulary(tokens: tokens) })?.reason
  }

  /// Reads a vocabulary whose file holds `bytes`; the file is gone afterwards.
  private func read(_ bytes: [UInt8]) throws -> Vocabulary {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "vocab.txt")
    try Data(bytes).write(to: file)
    return try Vocabulary(contentsOfFile: file.path)
  }

  @Test func idsArePositions() throws {
    let vocabulary = try Vocabulary(tokens: ["[PAD]", "b", "[SEP]", "[CLS]", "##b", "[UNK]"])
    #expect(vocabulary.count == 6)
    #expect([vocabulary.paddingID, vocabulary.separatorID, vocabulary.classID] == [0, 2, 3])
    #expect(vocabulary.unknownID == 5)
    #expect(vocabulary.id(of: "##b") == 4)
    #expect(vocabulary.id(of: "##") == nil)
    #expect(vocabulary.id(of: "bb") == nil)
    #expect(vocabulary.id(of: "") == nil)
    #expect(try vocabulary.tokens(of: [3, 1, 4, 2, 0]) == ["[CLS]", "b", "##b", "[SEP]", "[PAD]"])
    for id in [-1, 6] as [Int32] {
      let error = #expect(throws: TokenizationError.self) { try vocabulary.tokens(of: [0, id]) }
      #expect(error?.reason == .idOutOfRange(id: Int(id), count: 6))
    }
  }

  @Test func canonicallyEquivalentTokensAreDifferent() throws {
    let vocabulary = try Vocabulary(tokens: special + ["\u{E9}", "e\u{301}"])
    #expect(vocabulary.id(of: "\u{E9}") == 4)
    #expect(vocabulary.id(of: "e\u{301}") == 5)
  }

  @Test func badListsAreNamed() {
    #expect(reason([]) == .noTokens)
    #expect(reason(["[PAD]", "[UNK]", "a"]) == .missingSpecialTokens(["[CLS]", "[SEP]"]))
    #expect(reason(["a"] + special) == .paddingIsNotZero(id: 1))
    #expect(reason(special + ["a", "", "b"]) == .emptyToken(line: 6))
    #expect(
      reason(special + ["a", "b", "a"]) == .duplicateToken(token: "a", firstLine: 5, line: 7)
    )
  }

  @Test func filesMayEndAndStartAsEditorsLeaveThem() throws {
    let text = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n眼\u{2028}\n##a"
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let crlf = text.replacingOccurrences(of: "\n", with: " \t\r\n")
    for bytes in [
      Array(text.utf8), Array((text + "\n").utf8), mark + Array(text.utf8),
      Array((crlf + "\r\n\r\n\n").utf8),
    ] {
      #expect(try read(bytes).tokens == special + ["眼\u{2028}", "##a"])
    }
  }

  @Test func badFilesAreNamedWithTheirLine() throws {
    let start = special.joined(separator: "\n") + "\n"
    let cases: [([UInt8], TokenizationError.Reason, String)] = [
      ([], .noTokens, "vocab.txt: the vocabulary is empty"),
      (Array(" \n\n".utf8), .noTokens, "vocab.txt: the vocabulary is empty"),
      (
        Array(start.utf8) + [0x61, 0x0A, 0xFF, 0xFE, 0x0A], .invalidUTF8(line: 6),
        "vocab.txt:6: not UTF-8"
      ),
      ([0xED, 0xA0, 0x80], .invalidUTF8(line: 1), "vocab.txt:1: not UTF-8"),
      (Array((start + "a\n\nb\n").utf8), .emptyToken(line: 6), "vocab.txt:6: an empty token"),
      (
        Array((start + "a\nb\n a\t\n").utf8),
        .duplicateToken(token: "a", firstLine: 5, line: 7), "already on line 5"
      ),
      (
        Array("[PAD]\n[UNK]\n[SEP]\n".utf8),
        .missingSpecialTokens(["[CLS]"]), "vocab.txt: the vocabulary lacks [CLS]"
      ),
    ]
    for (bytes, expected, message) in cases {
      let error = #expect(throws: TokenizationError.self) { try read(bytes) }
      #expect(error?.reason == expected)
      #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }
  }

  @Test func absentAndUnfitFilesAreNamed() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let absent = folder.appending(path: "absent.txt").path
    let missing = #expect(throws: TokenizationError.self) {
      try Vocabulary(contentsOfFile: absent)
    }
    #expect(missing == TokenizationError(reason: .notFound, source: absent))
    let directory = #expect(throws: TokenizationError.self) {
      try Vocabulary(contentsOfFile: folder.path)
    }
    #expect(directory?.reason == .unreadable(detail: "it is a folder"))

    // A sparse file: large on paper only.
    let huge = folder.appending(path: "huge.txt")
    try Data().write(to: huge)
    let handle = try FileHandle(forWritingTo: huge)
    try handle.truncate(atOffset: UInt64(Vocabulary.largestFile) + 1)
    try handle.close()
    let tooLarge = #expect(throws: TokenizationError.self) {
      try Vocabulary(contentsOfFile: huge.path)
    }
    #expect(
      tooLarge?.reason
        == .tooLarge(bytes: Vocabulary.largestFile + 1, limit: Vocabulary.largestFile)
    )
  }
}
