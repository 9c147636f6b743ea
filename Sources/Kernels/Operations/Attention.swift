import CKernels
package import Parallelism

/// The sizes of a multi-head attention over B sequences.
package struct AttentionShape: Hashable, Sendable {
  /// How many sequences.
  package var sequences: Int
  /// How many queries each has.
  package var queries: Int
  /// How many keys each has room for.
  package var keys: Int
  /// How many heads.
  package var heads: Int
  /// How many features a head has.
  package var headWidth: Int

  /// Puts sizes together.
  ///
  /// - Parameters:
  ///   - sequences: how many sequences.
  ///   - queries: how many queries each has.
  ///   - keys: how many keys each has room for.
  ///   - heads: how many heads.
  ///   - headWidth: how many features a head has.
  package init(sequences: Int, queries: Int, keys: Int, heads: Int, headWidth: Int) {
    self.sequences = sequences
    self.queries = queries
    self.keys = keys
    self.heads = heads
    self.headWidth = headWidth
  }

  /// How many features a token has.
  package var width: Int { heads * headWidth }

  /// What scores are multiplied with: 1 / √headWidth.
  var factor: Float { 1 / Float(headWidth).squareRoot() }
}

/// Rows of features inside wider rows: where the first feature lies, and how far rows are apart.
package struct StridedRows: Sendable {
  /// The memory of all rows.
  package var memory: MemoryView<Float>
  /// Where the first row's first feature lies.
  package var offset: Int
  /// How far rows are apart, in floats.
  package var stride: Int

  /// Describes rows.
  ///
  /// - Parameters:
  ///   - memory: the memory of all rows.
  ///   - offset: where the first row's first feature lies.
  ///   - stride: how far rows are apart, in floats.
  package init(_ memory: MemoryView<Float>, offset: Int, stride: Int) {
    self.memory = memory
    self.offset = offset
    self.stride = stride
  }
}

extension ComputeContext {
  /// softmax(Q·Kᵀ / √headWidth)·V per sequence and head.
  ///
  /// Vaswani et al. 2017, eq. 1.
  ///
  /// - Parameters:
  ///   - q: sequences · queries rows, at least `width` features each.
  ///   - k: sequences · keys rows.
  ///   - v: sequences · keys rows.
  ///   - shape: the sizes.
  ///   - lengths: how many of each sequence's first keys are seen, each in 1...keys; nil for all.
  ///   - y: [sequences, queries, width]; rows of queries beyond a sequence's length are computed
  ///     like the others.
  ///   - logSums: [sequences, heads, queries] receives the logarithm of each query's
  ///     Σ e^(Q·Kᵀ / √headWidth), for the backward pass; nil when there is none.
  package func attention(
    _ q: StridedRows,
    _ k: StridedRows,
    _ v: StridedRows,
    shape: AttentionShape,
    lengths: [Int]? = nil,
    into y: MemoryView<Float>,
    logSums: MemoryView<Float>? = nil
  ) {
    let sums = shape.sequences * shape.heads * shape.queries
    precondition(
      y.count == shape.sequences * shape.queries * shape.width && (logSums?.count ?? sums) == sums,
      "attention \(shape) into \(y.count) floats and \(logSums?.count ?? sums) sums"
    )
    check(shape, lengths: lengths, q, k, v)
    let run = unsafe kernels.attention.run
    pool.forEach(shape.sequences * shape.heads) { index in
      let head = AttentionHead(index, of: shape, lengths: lengths)
      var geometry = head.geometry(q, k, v)
      unsafe withScratch(vbk_attention_f32_scratch(&geometry)) { scratch in
        unsafe run(
          &geometry,
          shape.factor,
          head.queries(of: q),
          head.keys(of: k),
          head.keys(of: v),
          scratch,
          y.pointer + head.outputOffset,
          logSums.map { unsafe $0.pointer + head.sumOffset }
        )
      }
    }
  }

  /// Stops where operands are too small or lengths impossible.
  func check(
    _ shape: AttentionShape,
    lengths: [Int]?,
    _ q: StridedRows,
    _ k: StridedRows,
    _ v: StridedRows
  ) {
    precondition(
      lengths.map { $0.count == shape.sequences && $0.allSatisfy { (1...shape.keys).contains($0) } }
        ?? true,
      "attention \(shape) with key lengths \(lengths ?? [])"
    )
    check(q, rows: shape.sequences * shape.queries, width: shape.width)
    check(k, rows: shape.sequences * shape.keys, width: shape.width)
    check(v, rows: shape.sequences * shape.keys, width: shape.width)
  }

  /// Stops where rows lie outside their memory.
  func check(_ rows: StridedRows, rows count: Int, width: Int) {
    guard count > 0 else { return }
    let end = rows.offset + (count - 1) * rows.stride + width
    precondition(
      rows.offset >= 0 && rows.stride >= width && end <= rows.memory.count,
      "attention over \(count) rows of \(width) at \(rows.offset) with stride \(rows.stride) "
        + "in \(rows.memory.count) floats"
    )
  }
}

/// Lends memory for so many floats, on a cache line's boundary.
func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>?) -> Void) {
  unsafe withUnsafeTemporaryAllocation(
    byteCount: count * MemoryLayout<Float>.stride,
    alignment: AlignedMemory.alignment
  ) { unsafe body($0.baseAddress?.assumingMemoryBound(to: Float.self)) }
}
