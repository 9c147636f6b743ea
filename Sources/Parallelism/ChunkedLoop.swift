import CKernels
import Synchronization

/// How a loop over `0..<count` is cut: chunk after chunk of `grain` indices, the last one shorter.
///
/// No sum here exceeds `count`, so that any grain up to `Int.max` is good.
struct ChunkPlan: Sendable {
  let count: Int
  let grain: Int

  /// Plans a loop; stops at a negative `count` or a `grain` below 1.
  init(count: Int, grain: Int) {
    precondition(count >= 0 && grain >= 1, "a loop over \(count) indices with grain \(grain)")
    self.count = count
    self.grain = grain
  }

  /// How many chunks there are; none for an empty loop.
  var chunkCount: Int { count / grain + (count % grain == 0 ? 0 : 1) }

  /// The indices of one chunk, `0..<chunkCount`.
  subscript(chunk: Int) -> Range<Int> {
    let start = chunk * grain
    return start..<start + min(grain, count - start)
  }
}

/// One loop under way: its chunks are claimed one by one until none is left.
///
/// The closure is held by whoever is inside `runChunks`, and by nobody once the loop is finished. Chunks
/// treat subnormal numbers as the thread does that begins the loop, so that results don't depend on
/// which thread runs them.
final class ChunkedLoop: Sendable {
  private let plan: ChunkPlan
  private let body: @Sendable (Range<Int>) -> Void
  private let mode = vbk_float_mode()
  private let nextChunk = Atomic<Int>(0)

  init(_ plan: ChunkPlan, body: @escaping @Sendable (Range<Int>) -> Void) {
    self.plan = plan
    self.body = body
  }

  /// Claims and runs chunks until none is left.
  func runChunks() {
    let chunkCount = plan.chunkCount
    let own = vbk_float_mode()
    if own != mode { vbk_set_float_mode(mode) }
    defer { if own != mode { vbk_set_float_mode(own) } }
    while true {
      let chunk = nextChunk.add(1, ordering: .relaxed).oldValue
      guard chunk < chunkCount else { return }
      body(plan[chunk])
    }
  }
}
