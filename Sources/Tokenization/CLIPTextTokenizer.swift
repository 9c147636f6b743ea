/// Turns texts into the token ids that the text encoders of ViLReF, Chinese-CLIP and RET-CLIP read.
///
/// Lower case; curly quotes “ ” become `"`; BERT's basic tokenizer and WordPiece; then `[CLS]
/// tokens [SEP]`, of which at most the context's length − 2 tokens are kept, and zeros up to the
/// context's length. The attention mask is id ≠ 0. Special tokens written in a text (`[MASK]`) are
/// text: brackets and a word.
///
/// Equal to the released Python code (`cn_clip`'s `bert_tokenizer.py` behind `_preprocess_text`)
/// under Python 3.11 on every scalar that its Unicode 14 knows, but U+1171E, whose category Unicode
/// has changed since. Scalars assigned later follow Swift's newer Unicode.
///
/// Speed, one core of an AVX-512 server: 350,000 reports of 20 tokens per second at context 100
/// (0.06 s once for the table of scalars, 0.015 s for a vocabulary of 21,128 tokens).
package struct CLIPTextTokenizer: Sendable {
  /// The context length of Chinese-CLIP.
  package static let chineseCLIPContextLength = 52
  /// The context length of ViLReF.
  package static let vilrefContextLength = 100
  /// The allowed context lengths: room for one token, and no absurd memory.
  package static let contextLengths = 3...65_536

  /// The tokens.
  package let vocabulary: Vocabulary
  /// How many ids each text gives.
  package let contextLength: Int

  private let wordPiece: WordPiece

  /// A tokenizer.
  ///
  /// - Parameters:
  ///   - vocabulary: the tokens that the model was trained with.
  ///   - contextLength: how many ids each text gives, in ``contextLengths``.
  /// - Throws: ``TokenizationError`` when the context's length isn't allowed.
  package init(vocabulary: Vocabulary, contextLength: Int) throws {
    guard Self.contextLengths.contains(contextLength) else {
      throw TokenizationError(
        reason: .contextLength(contextLength, allowed: Self.contextLengths)
      )
    }
    self.vocabulary = vocabulary
    self.contextLength = contextLength
    wordPiece = WordPiece(vocabulary: vocabulary)
  }

  /// The ids of one text.
  ///
  /// - Parameter text: any text.
  /// - Returns: ``contextLength`` ids.
  package func encode(_ text: String) -> [Int32] { encode([text]).ids }

  /// The ids of texts.
  ///
  /// - Parameter texts: N texts.
  /// - Returns: N × ``contextLength`` ids, their lengths, and which texts didn't fit.
  package func encode(_ texts: [String]) -> TokenBatch {
    let capacity = contextLength - 2
    var batch = TokenBatch(contextLength: contextLength)
    batch.ids.reserveCapacity(texts.count * contextLength)
    batch.lengths.reserveCapacity(texts.count)
    for (index, text) in texts.enumerated() {
      let start = batch.ids.count
      batch.ids.append(vocabulary.classID)
      append(text, to: &batch.ids, until: start + 1 + capacity)
      if batch.ids.count > start + 1 + capacity {
        batch.ids.removeSubrange((start + 1 + capacity)...)
        batch.truncated.append(index)
      }
      batch.ids.append(vocabulary.separatorID)
      batch.lengths.append(batch.ids.count - start)
      let padding = start + contextLength - batch.ids.count
      batch.ids.append(contentsOf: repeatElement(vocabulary.paddingID, count: padding))
    }
    return batch
  }

  /// The tokens of a whole text, without special tokens, truncation or padding.
  ///
  /// - Parameter text: any text.
  /// - Returns: tokens of the vocabulary, `[UNK]` for words that can't be spelled with them.
  package func tokens(of text: String) -> [String] {
    var ids: [Int32] = []
    append(text, to: &ids, until: .max)
    return ids.map { vocabulary.tokens[Int($0)] }
  }

  /// The words of a text, before they are split into tokens.
  ///
  /// - Parameter text: any text.
  /// - Returns: words in lower case without accents; each ideograph and punctuation mark is one.
  package static func words(of text: String) -> [String] {
    var scanner = WordScanner(text)
    var words: [String] = []
    while scanner.advance() {
      var word = String.UnicodeScalarView()
      word.append(contentsOf: straightened(scanner.word).compactMap(Unicode.Scalar.init))
      words.append(String(word))
    }
    return words
  }

  /// Appends the ids of a text's tokens; stops after the word that takes their number over `limit`.
  private func append(_ text: String, to ids: inout [Int32], until limit: Int) {
    var scanner = WordScanner(text)
    while ids.count <= limit, scanner.advance() {
      wordPiece.append(Self.straightened(scanner.word), to: &ids)
    }
  }

  /// The word, or `"` for a curly double quote; quotes are words of their own.
  @inline(__always)
  private static func straightened(_ word: [UInt32]) -> [UInt32] {
    word.count == 1 && (word[0] == 0x201C || word[0] == 0x201D) ? [0x22] : word
  }
}
