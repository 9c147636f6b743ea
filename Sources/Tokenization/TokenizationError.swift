/// Why a vocabulary or a tokenizer could not be made, or ids could not be read back.
package struct TokenizationError: Error, Equatable, Sendable {
  /// What was wrong.
  package enum Reason: Equatable, Sendable {
    /// There is no such file.
    case notFound
    /// The file is there and can't be read.
    case unreadable(detail: String)
    /// The file is larger than any vocabulary.
    case tooLarge(bytes: Int, limit: Int)
    /// A line isn't UTF-8 (the first line is 1).
    case invalidUTF8(line: Int)
    /// There is not one token.
    case noTokens
    /// A token without a character stands between others (the first line is 1).
    case emptyToken(line: Int)
    /// The same token stands on two lines.
    case duplicateToken(token: String, firstLine: Int, line: Int)
    /// Tokens that the tokenizer can't do without are absent.
    case missingSpecialTokens([String])
    /// `[PAD]` isn't token 0, but the models take id 0 for padding.
    case paddingIsNotZero(id: Int)
    /// The context has no room for one token between `[CLS]` and `[SEP]`, or is absurdly long.
    case contextLength(Int, allowed: ClosedRange<Int>)
    /// An id lies outside the vocabulary.
    case idOutOfRange(id: Int, count: Int)
  }

  /// What was wrong.
  package var reason: Reason
  /// The file, or what the tokens came from; nil where there is none.
  package var source: String?

  /// Makes an error.
  package init(reason: Reason, source: String? = nil) {
    self.reason = reason
    self.source = source
  }
}

extension TokenizationError: CustomStringConvertible {
  package var description: String {
    guard let source else { return explanation }
    guard let line else { return "\(source): \(explanation)" }
    return "\(source):\(line): \(explanation)"
  }

  /// The line of the file that the error is about; the first is 1.
  private var line: Int? {
    switch reason {
    case .invalidUTF8(let line), .emptyToken(let line), .duplicateToken(_, _, let line): line
    default: nil
    }
  }

  /// What was found, what was expected, what to do.
  private var explanation: String {
    switch reason {
    case .notFound:
      "no such file; name a WordPiece vocabulary with one token per line (vocab.txt)"
    case .unreadable(let detail):
      "the vocabulary can't be read: \(detail)"
    case .tooLarge(let bytes, let limit):
      "\(bytes) bytes are too many for a vocabulary (at most \(limit)); "
        + "name a text file with one token per line (vocab.txt)"
    case .invalidUTF8:
      "not UTF-8 text; a vocabulary is a UTF-8 file with one token per line (vocab.txt)"
    case .noTokens:
      "the vocabulary is empty; expected one token per line (vocab.txt)"
    case .emptyToken:
      "an empty token between others; ids are line numbers, so put the missing token back"
    case .duplicateToken(let token, let firstLine, _):
      "the token \(token.debugDescription) is already on line \(firstLine); "
        + "ids are line numbers, so use the vocabulary that the model was trained with"
    case .missingSpecialTokens(let tokens):
      "the vocabulary lacks \(tokens.joined(separator: ", ")); "
        + "use the BERT vocabulary that the model was trained with"
    case .paddingIsNotZero(let id):
      "[PAD] is token \(id), but must be token 0 (the first line): "
        + "the models ignore the positions whose id is 0"
    case .contextLength(let length, let allowed):
      "a context of \(length) tokens; expected \(allowed.lowerBound) to \(allowed.upperBound) "
        + "(Chinese-CLIP: 52, ViLReF: 100)"
    case .idOutOfRange(let id, let count):
      "there is no token \(id): the vocabulary has ids 0 to \(count - 1)"
    }
  }
}
