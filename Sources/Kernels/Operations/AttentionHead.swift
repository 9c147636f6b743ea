import CKernels
import Parallelism

/// One head of one sequence of a multi-head attention.
struct AttentionHead {
  let shape: AttentionShape
  /// How many of the sequence's first keys are seen.
  let seenKeys: Int
  /// The head's first feature.
  let column: Int
  /// The sequence's first row of queries.
  let firstQuery: Int
  /// The sequence's first row of keys.
  let firstKey: Int
  /// Where the head's logarithms of sums start.
  let sumOffset: Int

  /// Finds the place of a head.
  ///
  /// - Parameters:
  ///   - index: sequence · heads + head.
  ///   - shape: the sizes.
  ///   - lengths: how many of each sequence's first keys are seen; nil for all.
  init(_ index: Int, of shape: AttentionShape, lengths: [Int]?) {
    let (sequence, head) = index.quotientAndRemainder(dividingBy: shape.heads)
    self.shape = shape
    seenKeys = lengths?[sequence] ?? shape.keys
    column = head * shape.headWidth
    firstQuery = sequence * shape.queries
    firstKey = sequence * shape.keys
    sumOffset = index * shape.queries
  }

  /// Where the head's outputs start.
  var outputOffset: Int { firstQuery * shape.width + column }

  /// The sizes and strides for a kernel.
  func geometry(_ q: StridedRows, _ k: StridedRows, _ v: StridedRows) -> VBKAttentionShape {
    VBKAttentionShape(
      queries: shape.queries,
      keys: seenKeys,
      headWidth: shape.headWidth,
      queryStride: q.stride,
      keyStride: k.stride,
      valueStride: v.stride,
      outputStride: shape.width
    )
  }

  /// The head's first feature of the sequence's first query.
  func queries(of rows: StridedRows) -> UnsafeMutablePointer<Float> {
    unsafe rows.memory.pointer + (rows.offset + firstQuery * rows.stride + column)
  }

  /// The head's first feature of the sequence's first key or value.
  func keys(of rows: StridedRows) -> UnsafeMutablePointer<Float> {
    unsafe rows.memory.pointer + (rows.offset + firstKey * rows.stride + column)
  }
}
