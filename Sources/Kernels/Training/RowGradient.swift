import CKernels
package import Parallelism

extension ComputeContext {
  /// Of y = softmax(factor·x): dx = factor·y·(dy − Σ y·dy), or dx += that, for each row.
  ///
  /// - Parameters:
  ///   - y: R rows of `columns` floats, what softmax gave.
  ///   - columns: how many floats a row has; at least 1.
  ///   - factor: what x was multiplied with first.
  ///   - dy: as y, its gradient.
  ///   - adds: whether the gradient is added to what dx holds.
  ///   - dx: as y; may be dy itself.
  package func softmaxGradient(
    of y: MemoryView<Float>,
    columns: Int,
    factor: Float,
    _ dy: MemoryView<Float>,
    adds: Bool,
    into dx: MemoryView<Float>
  ) {
    checkRows("softmax's gradient", y, columns, dy, dx)
    let run = unsafe kernels.gradients.rows.softmax.run
    pool.forEachChunk(of: y.count / columns, grain: rowGrain(columns)) { rows in
      unsafe run(
        rows.count,
        columns,
        factor,
        y.rows(rows, width: columns).pointer,
        dy.rows(rows, width: columns).pointer,
        adds ? 1 : 0,
        dx.rows(rows, width: columns).pointer
      )
    }
  }

  /// Of y = x / max(‖x‖₂, 1e-12): dx = (dy − y·Σ y·dy) / ‖x‖₂, or dx += that, for each row.
  ///
  /// Where the length is below 1e-12, dx is dy / 1e-12.
  ///
  /// - Parameters:
  ///   - x: R rows of `columns` floats.
  ///   - columns: how many floats a row has; at least 1.
  ///   - dy: as x.
  ///   - adds: whether the gradient is added to what dx holds.
  ///   - dx: as x; may be dy itself.
  package func normalizeGradient(
    of x: MemoryView<Float>,
    columns: Int,
    _ dy: MemoryView<Float>,
    adds: Bool,
    into dx: MemoryView<Float>
  ) {
    checkRows("the gradient of rows of length 1", x, columns, dy, dx)
    let run = unsafe kernels.gradients.rows.normalize.run
    pool.forEachChunk(of: x.count / columns, grain: rowGrain(columns)) { rows in
      unsafe run(
        rows.count,
        columns,
        x.rows(rows, width: columns).pointer,
        dy.rows(rows, width: columns).pointer,
        adds ? 1 : 0,
        dx.rows(rows, width: columns).pointer
      )
    }
  }

  private func checkRows(
    _ operation: String,
    _ x: MemoryView<Float>,
    _ columns: Int,
    _ dy: MemoryView<Float>,
    _ dx: MemoryView<Float>
  ) {
    precondition(
      columns > 0 && x.count % columns == 0 && dy.count == x.count && dx.count == x.count,
      "\(operation) of \(x.count) from \(dy.count) into \(dx.count) floats in rows of \(columns)"
    )
  }
}
