import CKernels
package import Parallelism

extension ComputeContext {
  /// How many columns of a sum over rows make a chunk: 64 kB in all, at least four cache lines of
  /// each row.
  private func columnGrain(rows: Int) -> Int { max(64, 16_384 / max(rows, 1) / 32 * 32) }

  /// y[c] = Σ x[r, c] over rows r, or y[c] += that, summed in double in the order of the rows.
  ///
  /// - Parameters:
  ///   - x: R rows of `stride` floats.
  ///   - stride: how many floats a row has; at least 1.
  ///   - columns: which columns are summed, inside 0..<stride.
  ///   - adds: whether the sums are added to what y holds.
  ///   - y: as many floats as there are columns.
  package func sumRows(
    _ x: MemoryView<Float>,
    stride: Int,
    columns: Range<Int>,
    adds: Bool,
    into y: MemoryView<Float>
  ) {
    precondition(
      stride > 0 && x.count % stride == 0 && columns.lowerBound >= 0
        && columns.upperBound <= stride && y.count == columns.count,
      "columns \(columns) of rows of \(stride) in \(x.count) floats summed into \(y.count)"
    )
    let run = unsafe kernels.gradients.rows.sumRows.run
    pool.forEachChunk(of: columns.count, grain: columnGrain(rows: x.count / stride)) { range in
      unsafe run(
        x.count / stride,
        range.count,
        stride,
        nil,
        nil,
        x.pointer + columns.lowerBound + range.lowerBound,
        adds ? 1 : 0,
        y[range].pointer
      )
    }
  }

  /// y[c] = Σ a[r, c]·b[r, c] over rows r, or y[c] += that, summed in double in the order of the rows.
  ///
  /// - Parameters:
  ///   - a: R rows of as many floats as y has.
  ///   - b: as a.
  ///   - adds: whether the sums are added to what y holds.
  ///   - y: C floats, at least 1.
  package func sumProducts(
    _ a: MemoryView<Float>,
    _ b: MemoryView<Float>,
    adds: Bool,
    into y: MemoryView<Float>
  ) {
    precondition(
      y.count > 0 && a.count == b.count && a.count % y.count == 0,
      "products of \(a.count) and \(b.count) floats summed into \(y.count)"
    )
    let run = unsafe kernels.gradients.rows.sumProducts.run
    pool.forEachChunk(of: y.count, grain: columnGrain(rows: a.count / y.count)) { range in
      unsafe run(
        a.count / y.count,
        range.count,
        y.count,
        a.pointer + range.lowerBound,
        b.pointer + range.lowerBound,
        adds ? 1 : 0,
        y[range].pointer
      )
    }
  }

  /// Each row of y is a weighted sum of rows of x, in double, in the order of the list.
  ///
  /// y[r] = Σ weight·x[row] over the taps of r, or y[r] += that.
  ///
  /// - Parameters:
  ///   - x: rows of `width` floats.
  ///   - taps: for each row of y the rows of x that make it, each inside x.
  ///   - width: how many floats a row has; at least 1.
  ///   - adds: whether the sums are added to what y holds.
  ///   - y: as many rows as there are lists.
  package func sumRows(
    _ x: MemoryView<Float>,
    taps: [[(row: Int, weight: Double)]],
    width: Int,
    adds: Bool,
    into y: MemoryView<Float>
  ) {
    let rowCount = width > 0 ? x.count / width : 0
    precondition(
      width > 0 && x.count % width == 0 && y.count == taps.count * width
        && taps.allSatisfy { $0.allSatisfy { (0..<rowCount).contains($0.row) } },
      "\(taps.count) sums of \(rowCount) rows of \(width) into \(y.count) floats"
    )
    let rows = taps.map { $0.map { Int32($0.row) } }
    let weights = taps.map { $0.map(\.weight) }
    let run = unsafe kernels.gradients.rows.sumRows.run
    pool.forEachChunk(of: taps.count, grain: 16) { range in
      for row in range {
        unsafe run(
          rows[row].count,
          width,
          width,
          rows[row],
          weights[row],
          x.pointer,
          adds ? 1 : 0,
          y.rows(row..<row + 1, width: width).pointer
        )
      }
    }
  }
}
