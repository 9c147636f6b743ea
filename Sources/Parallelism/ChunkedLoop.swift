import Synchronization

/// One loop under way: its chunks are claimed one by one until none is left.
///
/// The closure is held by whoever is inside `runChunks`, and by nobody once the loop is finished.
final class ChunkedLoop: Sendable {
  let chunkCount: Int
  private let count: Int
  private let grain: Int
  private let body: @Sendable (Range<Int>) -> Void
  private let nextChunk = Atomic<Int>(0)

  init(
    count: Int,
    grain: Int,
    chunkCount: Int,
    body: @escaping @Sendable (Range<Int>) -> Void
  ) {
    self.count = count
    self.grain = grain
    self.chunkCount = chunkCount
    self.body = body
  }

  /// Claims and runs chunks until none is left.
  func runChunks() {
    while true {
      let chunk = nextChunk.add(1, ordering: .relaxed).oldValue
      guard chunk < chunkCount else { return }
      body(chunk * grain..<min(count, (chunk + 1) * grain))
    }
  }
}
