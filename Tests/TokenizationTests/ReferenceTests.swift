import Foundation
import TestSupport
import Testing
import Tokenization

/// Equality with the released Python code, line by line and scalar by scalar.
struct ReferenceTests {
  @Test func wordsEqualTheReference() throws {
    let cases = try ReferenceLines.load().cases
    #expect(cases.count >= 300)
    let wrong = cases.filter { line in
      // Scalar by scalar: String's == takes canonically equivalent words for equal.
      !CLIPTextTokenizer.words(of: line.text).elementsEqual(line.words) {
        $0.unicodeScalars.elementsEqual($1.unicodeScalars)
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(3).map { numbers(of: $0.text) })")
  }

  @Test func idsEqualTheReferenceWithASmallVocabulary() throws {
    let vocabulary = try Vocabulary(contentsOfFile: ReferenceLines.smallVocabulary)
    #expect((300...400).contains(vocabulary.count))
    let cases = try ReferenceLines.load().cases
    let pieces = Set(cases.flatMap(\.small100))
    #expect(pieces.count > 200, "the lines reach most of the vocabulary")
    try expect(vocabulary, 52, gives: cases.map { $0.small52 ?? $0.small100 }, for: cases)
    try expect(vocabulary, 100, gives: cases.map(\.small100), for: cases)
  }

  @Test(.enabled(if: Fixtures.realData != nil, "the full vocabulary needs VBENCH_DATA"))
  func idsEqualTheReferenceWithBERTBaseChinese() throws {
    let vocabulary = try fullVocabulary()
    #expect(vocabulary.count == 21_128)
    let cases = try ReferenceLines.load().cases
    try expect(vocabulary, 52, gives: cases.map { $0.full52 ?? $0.full100 }, for: cases)
    try expect(vocabulary, 100, gives: cases.map(\.full100), for: cases)
  }

  @Test(.enabled(if: Fixtures.realData != nil, "the reference model's texts need VBENCH_DATA"))
  func idsEqualThoseOfTheReferenceModel() throws {
    let folder = try #require(Fixtures.realData).appending(path: "reference")
    let texts = try String(contentsOf: folder.appending(path: "texts.txt"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    let tokenizer = try CLIPTextTokenizer(vocabulary: fullVocabulary(), contextLength: 100)
    #expect(texts.count == 5)
    let bytes = tokenizer.encode(texts).ids.flatMap { id in
      stride(from: 0, to: 32, by: 8).map { UInt8(truncatingIfNeeded: id >> Int32($0)) }
    }
    #expect(try fnv1a(bytes) == ReferenceLines.load().modelHash)
  }

  /// Every assigned scalar between two letters and alone; vast uniform ranges are sampled.
  @Test func wordsAroundEveryScalarEqualTheReference() throws {
    let runs = try ReferenceScalars.load()
    #expect(runs.reduce(0) { $0 + $1.count } > 30_000)
    let wrong = runs.filter { run in
      let scalars = (0..<run.count).compactMap { Unicode.Scalar(run.first + $0 * run.step) }
      let words = scalars.flatMap {
        CLIPTextTokenizer.words(of: "x\($0)y") + CLIPTextTokenizer.words(of: String($0))
      }
      return fnv1a(words.flatMap { Array(($0 + "\n").utf8) }) != run.hash
    }
    #expect(wrong.isEmpty, "runs from \(wrong.prefix(9).map { String($0.first, radix: 16) })")
  }

  private func fullVocabulary() throws -> Vocabulary {
    let folder = try #require(Fixtures.realData)
    let file = folder.appending(path: "weights/bert-base-chinese-vocab.txt")
    return try Vocabulary(contentsOfFile: file.path)
  }

  private func expect(
    _ vocabulary: Vocabulary,
    _ contextLength: Int,
    gives expected: [[Int32]],
    for cases: [ReferenceLines.Case]
  ) throws {
    let tokenizer = try CLIPTextTokenizer(vocabulary: vocabulary, contextLength: contextLength)
    let batch = tokenizer.encode(cases.map(\.text))
    #expect(batch.ids.count == cases.count * contextLength)
    #expect(batch.lengths == expected.map(\.count))
    let wrong = cases.indices.filter { index in
      let zeros = repeatElement(Int32(0), count: contextLength - expected[index].count)
      return Array(batch.row(index)) != expected[index] + zeros
    }
    let first = wrong.prefix(3).map { numbers(of: cases[$0].text) }
    #expect(wrong.isEmpty, "\(wrong.count) at context \(contextLength): \(first)")
  }
}
