import CKernels
package import Parallelism

extension ComputeContext {
  /// Copies the same columns of each row, or adds them to what y holds.
  ///
  /// y[r, start + c] = x[r, columns.lowerBound + c]; 8 bytes per element moved, 12 where added.
  ///
  /// - Parameters:
  ///   - columns: which columns of x, inside 0..<stride of x.
  ///   - x: R rows.
  ///   - stride: how many floats a row of x has; at least 1.
  ///   - y: R rows.
  ///   - outputStride: how many floats a row of y has.
  ///   - start: where in y's rows the columns go.
  ///   - adds: whether they are added to what y holds.
  package func copyColumns(
    _ columns: Range<Int>,
    of x: MemoryView<Float>,
    stride: Int,
    into y: MemoryView<Float>,
    stride outputStride: Int,
    at start: Int,
    adds: Bool = false
  ) {
    let width = columns.count
    precondition(
      stride > 0 && outputStride > 0 && x.count % stride == 0
        && x.count / stride * outputStride == y.count && columns.lowerBound >= 0
        && columns.upperBound <= stride && start >= 0 && start + width <= outputStride,
      "columns \(columns) of rows of \(stride) in \(x.count) floats"
        + " to column \(start) of rows of \(outputStride) in \(y.count)"
    )
    let run = unsafe kernels.add.run
    pool.forEachChunk(of: x.count / stride, grain: rowGrain(width)) { rows in
      for row in rows {
        let from = x.rows(row..<row + 1, width: stride)[columns]
        let to = y.rows(row..<row + 1, width: outputStride)[start..<start + width]
        if adds {
          unsafe run(width, from.pointer, to.pointer, to.pointer)
        } else {
          to.copy(from: from)
        }
      }
    }
  }

  /// y[b, t] += factor·x[b] for some rows t of each sequence b.
  ///
  /// - Parameters:
  ///   - x: [sequences, width], `stride` floats from one sequence to the next.
  ///   - stride: at least `width`.
  ///   - factor: what x is multiplied with.
  ///   - rows: which rows of each sequence, inside 0..<T.
  ///   - y: [sequences, T, width].
  ///   - sequences: how many sequences.
  ///   - width: how many floats a row has; at least 1.
  package func addToRows(
    _ x: MemoryView<Float>,
    stride: Int,
    times factor: Float,
    rows: Range<Int>,
    of y: MemoryView<Float>,
    sequences: Int,
    width: Int
  ) {
    guard sequences > 0 else { return }
    let size = y.count / sequences
    precondition(
      width > 0 && stride >= width && x.count >= (sequences - 1) * stride + width
        && size * sequences == y.count && rows.lowerBound >= 0 && rows.upperBound * width <= size,
      "\(x.count) floats added to rows \(rows) of \(sequences) sequences in \(y.count)"
    )
    let run = unsafe kernels.gradients.arithmetic.scaled.run
    pool.forEach(sequences) { sequence in
      let from = x[sequence * stride..<sequence * stride + width]
      let own = y.rows(sequence..<sequence + 1, width: size)
      for row in rows {
        unsafe run(width, factor, from.pointer, 1, own.rows(row..<row + 1, width: width).pointer)
      }
    }
  }
}
