import CKernels
package import Parallelism

extension ComputeContext {
  /// y[r] = table[indices[r]], or y[r] += table[indices[r]].
  ///
  /// - Parameters:
  ///   - indices: R rows of the table, each inside it.
  ///   - table: V rows of `width` floats.
  ///   - width: how many floats a row has; at least 1.
  ///   - accumulating: whether the rows are added to what y holds.
  ///   - y: R rows of `width` floats.
  package func embed(
    _ indices: [Int32],
    table: MemoryView<Float>,
    width: Int,
    accumulating: Bool = false,
    into y: MemoryView<Float>
  ) {
    precondition(
      width > 0 && table.count % width == 0 && y.count == indices.count * width,
      "\(indices.count) rows of \(width) from \(table.count) into \(y.count) floats"
    )
    let rowCount = Int32(table.count / width)
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < rowCount },
      "an index lies outside the table's \(rowCount) rows"
    )
    let run = unsafe kernels.embedding.run
    pool.forEachChunk(of: indices.count, grain: rowGrain(width)) { rows in
      unsafe indices[rows].withUnsafeBufferPointer { chunk in
        unsafe run(
          rows.count,
          width,
          chunk.baseAddress,
          table.pointer,
          accumulating ? 1 : 0,
          y.rows(rows, width: width).pointer
        )
      }
    }
  }
}
