/// A WordPiece vocabulary: tokens and their ids, which are their positions in the list.
///
/// Tokens that continue a word start with `##`. `[PAD]` (which must be token 0), `[UNK]`, `[CLS]`
/// and `[SEP]` must be there. Tokens are taken scalar by scalar: canonically equivalent ones are
/// different tokens.
package struct Vocabulary: Sendable {
  /// The tokens; a token's id is its index.
  package let tokens: [String]
  /// The id of `[UNK]`, which stands for a word that can't be spelled with the tokens.
  package let unknownID: Int32
  /// The id of `[CLS]`, which starts every text.
  package let classID: Int32
  /// The id of `[SEP]`, which ends every text.
  package let separatorID: Int32
  /// The id of `[PAD]`, which fills a text up to the context's length.
  package let paddingID: Int32 = 0

  /// The tokens as a prefix tree.
  let trie: TokenTrie
  /// The tree's node of `##`, below which all continuations lie; `TokenTrie.none` where there are
  /// none.
  let continuationRoot: Int32

  /// A vocabulary of the tokens, in the order of their ids, as a checkpoint holds them.
  ///
  /// - Parameters:
  ///   - tokens: the tokens, each at least one character, each once.
  ///   - source: where they come from, for error messages.
  /// - Throws: ``TokenizationError`` when there are none, one is empty, one stands twice, `[UNK]`,
  ///   `[CLS]`, `[SEP]` or `[PAD]` is absent, or `[PAD]` isn't the first. Lines count from 1.
  package init(tokens: [String], source: String? = nil) throws {
    guard !tokens.isEmpty else { throw TokenizationError(reason: .noTokens, source: source) }
    var trie = TokenTrie(scalarCount: tokens.reduce(0) { $0 + $1.unicodeScalars.count })
    for (index, token) in tokens.enumerated() {
      guard !token.isEmpty else {
        throw TokenizationError(reason: .emptyToken(line: index + 1), source: source)
      }
      if let first = trie.insert(token.unicodeScalars, id: Int32(index)) {
        let reason = TokenizationError.Reason.duplicateToken(
          token: token,
          firstLine: Int(first) + 1,
          line: index + 1
        )
        throw TokenizationError(reason: reason, source: source)
      }
    }

    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map { ($0, Self.id(of: $0, in: trie)) }
    let missing = special.filter { $0.1 == nil }.map(\.0)
    let ids = special.compactMap(\.1)
    guard missing.isEmpty else {
      throw TokenizationError(reason: .missingSpecialTokens(missing), source: source)
    }
    guard ids[0] == 0 else {
      throw TokenizationError(reason: .paddingIsNotZero(id: Int(ids[0])), source: source)
    }
    self.tokens = tokens
    self.trie = trie
    (unknownID, classID, separatorID) = (ids[1], ids[2], ids[3])
    continuationRoot = trie.node(of: "##".unicodeScalars)
  }

  /// The number of tokens.
  package var count: Int { tokens.count }

  /// The id of a token, or nil when the vocabulary lacks it.
  ///
  /// - Parameter token: a whole token, with its `##` where it continues a word.
  /// - Returns: the id, 0 ..< ``count``, or nil.
  package func id(of token: String) -> Int32? { Self.id(of: token, in: trie) }

  /// The tokens that ids stand for.
  ///
  /// - Parameter ids: ids, each 0 ..< ``count``.
  /// - Returns: one token per id, special tokens and padding included.
  /// - Throws: ``TokenizationError`` when an id lies outside the vocabulary.
  package func tokens(of ids: some Sequence<Int32>) throws -> [String] {
    try ids.map { id in
      guard tokens.indices.contains(Int(id)) else {
        throw TokenizationError(reason: .idOutOfRange(id: Int(id), count: count))
      }
      return tokens[Int(id)]
    }
  }

  private static func id(of token: String, in trie: TokenTrie) -> Int32? {
    let node = trie.node(of: token.unicodeScalars)
    guard node != TokenTrie.none, trie.token(at: node) != TokenTrie.none else { return nil }
    return trie.token(at: node)
  }
}
