/// Token ids of N texts.
package struct TokenBatch: Equatable, Sendable {
  /// The ids, N × ``contextLength``, one text after the other.
  package internal(set) var ids: [Int32] = []
  /// How many ids each text has, padding included.
  package let contextLength: Int
  /// How many ids of each text aren't padding, at least 2 (`[CLS]` and `[SEP]`).
  ///
  /// The attention mask of text i is 1 at its first `lengths[i]` positions, which are those whose
  /// id isn't 0.
  package internal(set) var lengths: [Int] = []
  /// The indices of the texts that had more tokens than fit, ascending.
  package internal(set) var truncated: [Int] = []

  init(contextLength: Int) {
    self.contextLength = contextLength
  }

  /// The number of texts.
  package var count: Int { lengths.count }

  /// The ids of one text.
  ///
  /// - Parameter index: the text, 0 ..< ``count``.
  /// - Returns: ``contextLength`` ids.
  package func row(_ index: Int) -> ArraySlice<Int32> {
    precondition((0..<count).contains(index), "text \(index) of a batch of \(count)")
    return ids[(index * contextLength)..<((index + 1) * contextLength)]
  }
}
