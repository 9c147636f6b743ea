import CKernels
package import Parallelism

extension ComputeContext {
  /// C = A·B + bias + addend, or C += that.
  ///
  /// Nothing is kept between calls, so that weights may change. The kernel packs what it needs into
  /// its thread's second-level cache; see `product_f32.inc` for what was measured.
  ///
  /// - Parameters:
  ///   - a: [M, K].
  ///   - b: [K, N].
  ///   - bias: N floats, added to each row; nil for none.
  ///   - addend: [M, N], row by row; nil for none. May be C itself.
  ///   - adds: whether the sums are added to what C holds; without an addend then.
  ///   - c: [M, N], row by row; else overlaps nothing.
  package func multiply(
    _ a: Matrix,
    _ b: Matrix,
    bias: MemoryView<Float>? = nil,
    addend: Matrix? = nil,
    adds: Bool = false,
    into c: Matrix
  ) {
    precondition(
      a.columns == b.rows && a.rows == c.rows && b.columns == c.columns && c.columnStride == 1,
      "a product \(a.rows) × \(a.columns) by \(b.rows) × \(b.columns) into "
        + "\(c.rows) × \(c.columns)"
    )
    precondition(
      (bias?.count ?? c.columns) == c.columns && !(adds && addend != nil)
        && addend.map { $0.rows == c.rows && $0.columns == c.columns && $0.columnStride == 1 }
          ?? true,
      "\(bias?.count ?? 0) biases and an addend for \(c.rows) × \(c.columns)"
    )
    let addend = adds ? c : addend
    let plan = ProductPlan(rows: c.rows, columns: c.columns, depth: a.columns)
    guard plan.depthParts > 1 else {
      multiply(a, b, bias: bias, addend: addend, into: c, plan)
      return
    }
    multiplyByDepth(a, b, bias: bias, addend: addend, into: c, plan)
  }

  private func multiply(
    _ a: Matrix,
    _ b: Matrix,
    bias: MemoryView<Float>?,
    addend: Matrix?,
    into c: Matrix,
    _ plan: ProductPlan
  ) {
    pool.forEach(plan.chunkCount) { chunk in
      let (rows, columns) = plan.part(chunk)
      multiplyChunk(
        a.rows(rows),
        b.columns(columns),
        bias: bias?[columns],
        addend: addend?[rows, columns],
        into: c[rows, columns]
      )
    }
  }

  /// Each chunk takes a part of the depth; the parts' products are then added in their order.
  private func multiplyByDepth(
    _ a: Matrix,
    _ b: Matrix,
    bias: MemoryView<Float>?,
    addend: Matrix?,
    into c: Matrix,
    _ plan: ProductPlan
  ) {
    let partial = PartialSums(rows: a.columns, grain: plan.depthGrain, width: c.rows * c.columns)
    pool.forEachChunk(of: a.columns, grain: plan.depthGrain) { range in
      multiplyChunk(
        a.columns(range),
        b.rows(range),
        bias: nil,
        addend: nil,
        into: Matrix(partial[range], rows: c.rows, columns: c.columns)
      )
    }
    let total = partial.total(on: pool)
    pool.forEachChunk(of: c.rows, grain: max(1, 16_384 / c.columns)) { rows in
      for row in rows {
        let target = c[row..<row + 1, 0..<c.columns].elements
        let old = addend?[row..<row + 1, 0..<c.columns].elements
        for column in 0..<c.columns {
          let base = Double(bias?[column] ?? 0) + Double(old?[column] ?? 0)
          target[column] = Float(total[row * c.columns + column] + base)
        }
      }
    }
  }

  /// One product on the calling thread.
  private func multiplyChunk(
    _ a: Matrix,
    _ b: Matrix,
    bias: MemoryView<Float>?,
    addend: Matrix?,
    into c: Matrix
  ) {
    var shape = VBKProductShape(
      rows: c.rows,
      columns: c.columns,
      depth: a.columns,
      aRowStride: a.rowStride,
      aDepthStride: a.columnStride,
      bDepthStride: b.rowStride,
      bColumnStride: b.columnStride,
      addendRowStride: addend?.rowStride ?? 0,
      cRowStride: c.rowStride
    )
    let run = unsafe kernels.product.product.run
    let scratchBytes = vbk_product_f32_scratch() * MemoryLayout<Float>.stride
    oneDNN.withSlot(scratchBytes: scratchBytes) { slot in
      let scratch = slot.scratch.view(of: Float.self)
      unsafe run(
        &shape,
        a.elements.pointer,
        b.elements.pointer,
        bias?.pointer,
        addend?.elements.pointer,
        scratch.pointer,
        c.elements.pointer
      )
    }
  }
}

/// How a product is cut into chunks; depends on its sizes only.
struct ProductPlan: Sendable {
  private let rows: Int
  private let columns: Int
  private let rowGrain: Int
  private let columnGrain: Int
  /// How many parts the depth has: 1, or more where the result is small and the depth long.
  let depthParts: Int
  /// How long a part of the depth is.
  let depthGrain: Int

  /// Below so many multiplications and additions a product is one chunk.
  private static let small = 250_000
  /// A chunk's most columns: what the kernel packs at once.
  private static let stripWidth = 768
  /// A chunk's most rows.
  ///
  /// Packing B's share costs 3 % of a chunk of so many; where B is split by
  /// columns each thread packs its own.
  private static let rowsPerChunk = 800

  /// Plans a product [rows, depth] by [depth, columns].
  init(rows: Int, columns: Int, depth: Int) {
    (self.rows, self.columns) = (rows, columns)
    let area = rows * columns
    depthParts = depth >= 2048 && area <= 512 * 512 ? min(8, depth / 1024) : 1
    depthGrain = max(1, (depth + depthParts - 1) / depthParts)
    var columnParts = (columns + Self.stripWidth - 1) / Self.stripWidth
    if columnParts % 2 == 1 && columns >= 512 { columnParts += 1 }
    let worthwhile = max(Self.rowsPerChunk, 16_000_000 / max(columns * depth, 1))
    var rowParts = max(1, (rows + worthwhile - 1) / worthwhile)
    if area * depth < Self.small {
      (rowParts, columnParts) = (1, 1)
    } else if rowParts * columnParts == 1 {
      if rows >= columns { rowParts = 2 } else { columnParts = 2 }
    }
    // As many chunks for each of two or four threads.
    while rowParts > 1 && rowParts * columnParts > 2 && rowParts * columnParts % 4 != 0 {
      rowParts += 1
    }
    rowGrain = max(1, (rows + rowParts - 1) / rowParts)
    columnGrain = max(1, (columns + columnParts - 1) / max(columnParts, 1))
  }

  /// How many chunks there are; each has some rows and some columns.
  var chunkCount: Int { rowCount * columnCount }

  private var rowCount: Int { (rows + rowGrain - 1) / rowGrain }
  private var columnCount: Int { (columns + columnGrain - 1) / columnGrain }

  /// The rows and columns of a chunk.
  func part(_ chunk: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let (row, column) = chunk.quotientAndRemainder(dividingBy: columnCount)
    let firstRow = row * rowGrain
    let firstColumn = column * columnGrain
    return (
      firstRow..<min(firstRow + rowGrain, rows),
      firstColumn..<min(firstColumn + columnGrain, columns)
    )
  }
}
