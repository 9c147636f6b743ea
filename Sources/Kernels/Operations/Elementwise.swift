import CKernels
package import Parallelism

extension ComputeContext {
  /// How many elements of a memory-bound operation make a chunk: 64 kB.
  private static let elementGrain = 16_384

  /// y = f(x), element by element.
  ///
  /// - Parameters:
  ///   - activation: f.
  ///   - x: any number of floats.
  ///   - y: as many; may be x itself.
  package func apply(
    _ activation: Activation,
    _ x: MemoryView<Float>,
    into y: MemoryView<Float>
  ) {
    precondition(x.count == y.count, "\(activation) of \(x.count) into \(y.count) floats")
    let run =
      switch activation {
      case .relu: unsafe kernels.relu.run
      case .gelu: unsafe kernels.gelu.run
      case .quickGELU: unsafe kernels.quickGELU.run
      }
    pool.forEachChunk(of: x.count, grain: Self.elementGrain) { range in
      unsafe run(range.count, x[range].pointer, y[range].pointer)
    }
  }

  /// y = a + b, element by element.
  ///
  /// - Parameters:
  ///   - a: any number of floats.
  ///   - b: as many.
  ///   - y: as many; may be a or b itself.
  package func add(_ a: MemoryView<Float>, _ b: MemoryView<Float>, into y: MemoryView<Float>) {
    precondition(
      a.count == b.count && a.count == y.count,
      "the sum of \(a.count) and \(b.count) into \(y.count) floats"
    )
    let run = unsafe kernels.add.run
    pool.forEachChunk(of: a.count, grain: Self.elementGrain) { range in
      unsafe run(range.count, a[range].pointer, b[range].pointer, y[range].pointer)
    }
  }

  /// y[r] = x[r] + row for each row r.
  ///
  /// - Parameters:
  ///   - x: R rows of C floats.
  ///   - row: C floats, at least 1.
  ///   - y: as x; may be x itself.
  package func add(
    _ x: MemoryView<Float>,
    row: MemoryView<Float>,
    into y: MemoryView<Float>
  ) {
    let width = row.count
    precondition(
      width > 0 && x.count % width == 0 && x.count == y.count,
      "a row of \(width) added to \(x.count) into \(y.count) floats"
    )
    let run = unsafe kernels.addRow.run
    pool.forEachChunk(of: x.count / width, grain: rowGrain(width)) { rows in
      unsafe run(
        rows.count,
        width,
        x.rows(rows, width: width).pointer,
        row.pointer,
        y.rows(rows, width: width).pointer
      )
    }
  }

  /// y[r] = x[r] / max(‖x[r]‖₂, 1e-12) for each row r.
  ///
  /// - Parameters:
  ///   - x: R rows of `columns` floats.
  ///   - columns: how many floats a row has; at least 1.
  ///   - y: as x; may be x itself.
  package func normalize(
    _ x: MemoryView<Float>,
    columns: Int,
    into y: MemoryView<Float>
  ) {
    precondition(
      columns > 0 && x.count % columns == 0 && x.count == y.count,
      "normalising \(x.count) into \(y.count) floats in rows of \(columns)"
    )
    let run = unsafe kernels.normalize.run
    pool.forEachChunk(of: x.count / columns, grain: rowGrain(columns)) { rows in
      unsafe run(
        rows.count,
        columns,
        x.rows(rows, width: columns).pointer,
        y.rows(rows, width: columns).pointer
      )
    }
  }
}
