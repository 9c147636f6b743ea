import TestSupport
import Testing

/// All variants of sums over rows: the same bits, since each column is summed in the same order.
struct RowSumsVariantTests {
  private static let weighted = Tolerance(
    absolute: 1e-7,
    relative: 1e-7,
    reason: "products with weights are fused into sums in double or not: last bits of float32"
  )

  private func sums(
    _ run: SumRowsCall,
    _ x: [Float],
    columns: Int,
    stride: Int,
    rows: [Int32]?,
    weights: [Double]? = nil
  ) -> [[Float]] {
    let input = GuardedFloats(x)
    let (fresh, sum) = (GuardedFloats(count: columns), GuardedFloats(uniforms(columns, seed: 5)))
    let count = rows?.count ?? (stride == 0 ? 0 : (x.count + stride - columns) / stride)
    run(count, stride, rows, weights, input, false, fresh)
    run(count, stride, rows, weights, input, true, sum)
    #expect(fresh.isIntact && sum.isIntact && input.values == x)
    return [fresh.values, sum.values]
  }

  @Test(arguments: lengths)
  func sumsOfRows(columns: Int) throws {
    let table = try KernelTable.sumRows()
    let stride = columns + 3
    // The last row ends where readable memory ends.
    let x = uniforms(4 * stride + columns, seed: 6)
    for rows in [nil, [4, 0, 4, 2], []] as [[Int32]?] {
      let wanted = sums(table.reference.run, x, columns: columns, stride: stride, rows: rows)
      let places = rows?.map { Int($0) } ?? Array(0..<5)
      let plain = (0..<columns).map { c in
        Float(places.reduce(0.0) { $0 + Double(x[$1 * stride + c]) })
      }
      expect(wanted[0], equal: plain, "\(table.reference.name), \(columns) columns")
      for variant in table.others {
        let own = sums(variant.run, x, columns: columns, stride: stride, rows: rows)
        #expect(own == wanted, "\(variant.name), \(columns) columns")
      }
    }
  }

  @Test(arguments: lengths)
  func weightedSumsOfRows(columns: Int) throws {
    let table = try KernelTable.sumRows()
    let x = uniforms(5 * columns, seed: 7)
    let (rows, weights): ([Int32], [Double]) = ([3, 3, 0, 4], [0.1, -0.7, 1.3, 1e-3])
    let wanted = sums(
      table.reference.run,
      x,
      columns: columns,
      stride: columns,
      rows: rows,
      weights: weights
    )
    let plain = (0..<columns).map { c in
      Float(zip(rows, weights).reduce(0.0) { $0 + $1.1 * Double(x[Int($1.0) * columns + c]) })
    }
    expect(wanted[0], equal: plain, within: Self.weighted, "\(table.reference.name)")
    for variant in table.others {
      let own = sums(
        variant.run,
        x,
        columns: columns,
        stride: columns,
        rows: rows,
        weights: weights
      )
      for (values, wanted) in zip(own, wanted) {
        expect(values, equal: wanted, within: Self.weighted, "\(variant.name), \(columns) columns")
      }
    }
  }

  @Test(arguments: lengths)
  func sumsOfProducts(columns: Int) throws {
    let table = try KernelTable.sumProducts()
    let stride = columns + 2
    let (a, b) = (uniforms(3 * stride + columns, seed: 8), uniforms(3 * stride + columns, seed: 9))
    let ones = [Float](repeating: 1, count: columns)
    let plain = (0..<columns).map { c in
      (0..<4).reduce(0.0) { $0 + Double(a[$1 * stride + c]) * Double(b[$1 * stride + c]) }
    }
    for variant in table.all {
      let (left, right) = (GuardedFloats(a), GuardedFloats(b))
      let (fresh, sum) = (GuardedFloats(count: columns), GuardedFloats(ones))
      variant.run(4, stride, left, right, false, fresh)
      variant.run(4, stride, left, right, true, sum)
      #expect(fresh.isIntact && sum.isIntact && left.values == a && right.values == b)
      expect(fresh.values, equal: plain.map { Float($0) }, "\(variant.name), \(columns) columns")
      expect(sum.values, equal: plain.map { Float($0 + 1) }, "\(variant.name), added")
    }
  }
}
