import Testing
import Tokenization

/// The tokenizer's shapes and rules on a vocabulary that fits on the page.
struct TokenizerTests {
  // Ids:        0        1       2       3       4     5       6        7     8     9     10
  let tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "眼", "\"", "##f", "左"]

  private func tokenizer(_ contextLength: Int) throws -> CLIPTextTokenizer {
    try CLIPTextTokenizer(vocabulary: Vocabulary(tokens: tokens), contextLength: contextLength)
  }

  @Test func batchIsRowMajorWithLengths() throws {
    let batch = try tokenizer(5).encode(["左眼", "", "unaffable", "“眼”眼"])
    #expect(
      batch.ids == [
        2, 10, 7, 3, 0,
        2, 3, 0, 0, 0,
        2, 4, 5, 6, 3,
        2, 8, 7, 8, 3,
      ]
    )
    #expect(batch.lengths == [4, 2, 5, 5])
    #expect(batch.truncated == [3])
    #expect(batch.count == 4)
    #expect(batch.contextLength == 5)
    #expect(Array(batch.row(2)) == [2, 4, 5, 6, 3])
    for index in 0..<batch.count {
      #expect(batch.row(index).count { $0 != 0 } == batch.lengths[index])
    }
  }

  @Test func noTextsGiveAnEmptyBatch() throws {
    let batch = try tokenizer(52).encode([])
    #expect(batch.count == 0 && batch.ids.isEmpty && batch.lengths.isEmpty)
  }

  @Test func aTextThatJustFitsIsNotTruncated() throws {
    let batch = try tokenizer(4).encode(["眼眼", "眼眼眼", "眼眼   "])
    #expect(batch.truncated == [1])
    #expect(batch.ids == [2, 7, 7, 3, 2, 7, 7, 3, 2, 7, 7, 3])
  }

  @Test func truncationCutsInsideAWord() throws {
    #expect(try tokenizer(4).encode("unaffable") == [2, 4, 5, 3])
  }

  @Test func theLongestTokenWinsAndAWordIsUnknownAsAWhole() throws {
    #expect(
      try tokenizer(9).tokens(of: "unaffable unf unx affable") == [
        "un", "##aff", "##able", "un", "##f", "[UNK]", "[UNK]",
      ]
    )
  }

  @Test func specialTokensInATextAreText() throws {
    #expect(CLIPTextTokenizer.words(of: "左[SEP]") == ["左", "[", "sep", "]"])
    #expect(try tokenizer(9).encode("[PAD]") == [2, 1, 1, 1, 3, 0, 0, 0, 0])
  }

  @Test func wordsOfMoreThan200ScalarsAreUnknown() throws {
    let vocabulary = try Vocabulary(tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "##a"])
    let tokenizer = try CLIPTextTokenizer(vocabulary: vocabulary, contextLength: 300)
    let fits = String(repeating: "a", count: 200)
    #expect(tokenizer.encode([fits]).lengths == [202])
    #expect(tokenizer.encode([fits + "a"]).lengths == [3])
    #expect(tokenizer.tokens(of: fits + "a") == ["[UNK]"])
  }

  @Test func marksOfAnEndlessWordAreOrderedQuickly() {
    // 20,000 pairs of descending combining class 224 and 216: insertion would take 10⁸ moves.
    let text = "a" + String(repeating: "\u{302E}\u{1D165}", count: 20_000)
    let scalars = CLIPTextTokenizer.words(of: text).first?.unicodeScalars.map(\.value) ?? []
    #expect(
      scalars == [0x61] + Array(repeating: 0x1D165, count: 20_000)
        + Array(repeating: 0x302E, count: 20_000)
    )
  }

  @Test func contextLengthHasBounds() throws {
    for length in [-1, 0, 2, 65_537] {
      let error = #expect(throws: TokenizationError.self) { try tokenizer(length) }
      #expect(error?.reason == .contextLength(length, allowed: 3...65_536))
    }
    #expect(try tokenizer(3).encode("眼") == [2, 7, 3])
  }

  @Test func aRowOutsideTheBatchStops() async {
    await #expect(processExitsWith: .failure) {
      let vocabulary = try Vocabulary(tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
      _ = try CLIPTextTokenizer(vocabulary: vocabulary, contextLength: 4).encode(["a"]).row(1)
    }
  }
}
