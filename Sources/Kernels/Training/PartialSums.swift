import Parallelism

/// Room for what each chunk of a loop over rows sums up, added in the chunks' order afterwards.
///
/// One row of floats per chunk.
struct PartialSums: Sendable {
  /// How many rows the loop goes over.
  let rows: Int
  /// How many rows a chunk has.
  let grain: Int
  /// How many sums a chunk has.
  let width: Int
  private let memory: AlignedMemory
  private let view: MemoryView<Float>

  /// Allocates the room; its content is undefined.
  ///
  /// - Parameters:
  ///   - rows: how many rows the loop goes over.
  ///   - grain: how many rows a chunk has.
  ///   - width: how many sums a chunk has.
  init(rows: Int, grain: Int, width: Int) {
    (self.rows, self.grain, self.width) = (rows, grain, width)
    let count = (rows + grain - 1) / grain * width
    memory = AlignedMemory(byteCount: count * MemoryLayout<Float>.stride)
    view = memory.view(of: Float.self)[0..<count]
  }

  /// How many chunks there are.
  var chunkCount: Int { (rows + grain - 1) / grain }

  /// How many rows a chunk has.
  func length(ofChunk chunk: Int) -> Int { min(grain, rows - chunk * grain) }

  /// The sums of a chunk.
  func memory(ofChunk chunk: Int) -> MemoryView<Float> {
    view.rows(chunk..<chunk + 1, width: width)
  }

  /// The sums of the chunk that has these rows.
  subscript(range: Range<Int>) -> MemoryView<Float> { memory(ofChunk: range.lowerBound / grain) }

  /// The chunks' sums added, each in double and in the chunks' order.
  ///
  /// - Parameter pool: shares out the sums.
  /// - Returns: as many numbers as a chunk has sums.
  func total(on pool: WorkerPool) -> [Double] {
    var totals = [Double](repeating: 0, count: width)
    totals.withDisjointWrites { writes in
      pool.forEachChunk(of: width, grain: 256) { range in
        let total = unsafe writes[range]
        for chunk in 0..<chunkCount {
          let sums = unsafe memory(ofChunk: chunk)[range].pointer
          for index in 0..<range.count { unsafe total[index] += Double(sums[index]) }
        }
      }
    }
    return totals
  }
}
