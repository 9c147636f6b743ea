/// Splits words into the tokens of a vocabulary, the longest first.
///
/// Source: Google's `tokenization.py` of BERT (2018), `WordpieceTokenizer`, with the limit of 200
/// scalars per word that it and the released Chinese-CLIP and ViLReF code have (Hugging Face's
/// tokenizers stop at 100).
struct WordPiece: Sendable {
  /// A word of more scalars than this is `[UNK]` as a whole.
  static let longestWord = 200

  /// The tokens.
  let vocabulary: Vocabulary

  /// Appends the ids of a word's tokens.
  ///
  /// From the left, the longest token that fits is taken each time; behind the first, only tokens
  /// with `##`. When nothing fits somewhere, the whole word is one `[UNK]`.
  ///
  /// - Parameters:
  ///   - word: the word's scalars, at least one.
  ///   - ids: what the ids are appended to.
  @inline(__always)
  func append(_ word: [UInt32], to ids: inout [Int32]) {
    let count = ids.count
    var start = 0
    if word.count > Self.longestWord { start = TokenMatch.nowhere }
    while start != TokenMatch.nowhere && start < word.count {
      let match = longestToken(in: word, from: start)
      if match.end != TokenMatch.nowhere { ids.append(match.id) }
      start = match.end
    }
    if start == TokenMatch.nowhere {
      ids.removeSubrange(count...)
      ids.append(vocabulary.unknownID)
    }
  }

  /// A token found in a word: its id and where it ends.
  private struct TokenMatch {
    static let nowhere = -1
    var id = TokenTrie.none
    var end = nowhere
  }

  /// The longest token that stands at `start`.
  @inline(__always)
  private func longestToken(in word: [UInt32], from start: Int) -> TokenMatch {
    let trie = vocabulary.trie
    var node = start == 0 ? TokenTrie.root : vocabulary.continuationRoot
    var match = TokenMatch()
    var end = start
    while node != TokenTrie.none && end < word.count {
      node = trie.child(of: node, word[end])
      guard node != TokenTrie.none else { break }
      end += 1
      let token = trie.token(at: node)
      if token != TokenTrie.none { match = TokenMatch(id: token, end: end) }
    }
    return match
  }
}
