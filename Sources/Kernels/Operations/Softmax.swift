import CKernels
package import Parallelism

extension ComputeContext {
  /// y = softmax(factor · x) for each row.
  ///
  /// - Parameters:
  ///   - x: R rows of `columns` floats.
  ///   - columns: how many floats a row has; at least 1.
  ///   - factor: what x is multiplied with first.
  ///   - y: as x; may be x itself.
  package func softmax(
    _ x: MemoryView<Float>,
    columns: Int,
    factor: Float = 1,
    into y: MemoryView<Float>
  ) {
    precondition(
      columns > 0 && x.count % columns == 0 && x.count == y.count,
      "softmax of \(x.count) into \(y.count) floats in rows of \(columns)"
    )
    let run = unsafe kernels.softmax.run
    pool.forEachChunk(of: x.count / columns, grain: rowGrain(columns)) { rows in
      unsafe run(
        rows.count,
        columns,
        factor,
        x.rows(rows, width: columns).pointer,
        y.rows(rows, width: columns).pointer
      )
    }
  }
}
