/// A buffer into which the chunks of one parallel loop write, each into a range of its own.
///
/// Made by `withDisjointWrites`, valid inside its closure only.
// The guard of `@unchecked Sendable`: the caller's promise that no two chunks take overlapping
// ranges, which each caller keeps by deriving the range from the chunk's own.
@safe package struct DisjointWrites<Element>: @unchecked Sendable {
  private let buffer: UnsafeMutableBufferPointer<Element>

  /// Wraps a buffer that outlives the loop.
  ///
  /// - Parameter buffer: the memory that the chunks write into.
  package init(_ buffer: UnsafeMutableBufferPointer<Element>) {
    unsafe self.buffer = unsafe buffer
  }

  /// How many elements the buffer has.
  package var count: Int { unsafe buffer.count }

  /// The part of the buffer that one chunk owns.
  ///
  /// - Parameter range: the chunk's own range, inside `0..<count`.
  package subscript(range: Range<Int>) -> UnsafeMutableBufferPointer<Element> {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "chunk \(range) lies outside 0..<\(count)"
    )
    return unsafe UnsafeMutableBufferPointer(rebasing: buffer[range])
  }
}

extension Array {
  /// Lends the array's memory to the chunks of a parallel loop.
  ///
  /// - Parameter body: starts the loop; each chunk writes into a range of its own.
  /// - Returns: what `body` returns.
  package mutating func withDisjointWrites<Result>(
    _ body: (DisjointWrites<Element>) throws -> Result
  ) rethrows -> Result {
    try unsafe withUnsafeMutableBufferPointer { try body(unsafe DisjointWrites($0)) }
  }
}
