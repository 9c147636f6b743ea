import TestSupport
import Testing

/// All variants of sums and row scalings against the scalar references.
struct ElementwiseVariantTests {
  private static let normalize = Tolerance(
    absolute: 0,
    relative: 1e-5,
    reason: "3072 squares are summed in float32, at worst one rounding each per lane"
  )

  @Test(arguments: lengths)
  func sumsEqualTheReferenceBitForBit(count: Int) throws {
    let table = try KernelTable.add()
    let a = uniforms(count, seed: 2)
    let b = uniforms(count, seed: 3)
    for variant in table.others {
      let (left, right) = (GuardedFloats(a), GuardedFloats(b))
      let y = GuardedFloats(count: count)
      variant.run(left, right, y)
      expect(y.values, equal: zip(a, b).map(+), "\(variant.name), \(count) floats")
      #expect(left.values == a && right.values == b && y.isIntact)
      variant.run(left, right, left)
      expect(left.values, equal: y.values, "\(variant.name) into its first argument")
      variant.run(y, right, right)
      expect(right.values, equal: zip(y.values, b).map(+), "\(variant.name) into its second")
    }
  }

  @Test(arguments: lengths)
  func rowSumsEqualTheReferenceBitForBit(columns: Int) throws {
    let table = try KernelTable.addRow()
    let rows = 3
    let x = uniforms(rows * columns, seed: 4)
    let bias = uniforms(columns, seed: 5)
    let wanted = x.indices.map { x[$0] + bias[$0 % columns] }
    for variant in table.all {
      let (input, row) = (GuardedFloats(x), GuardedFloats(bias))
      let y = GuardedFloats(count: x.count)
      variant.run(rows, input, row, y)
      expect(y.values, equal: wanted, "\(variant.name), \(columns) columns")
      variant.run(rows, input, row, input)
      expect(input.values, equal: wanted, "\(variant.name) in place")
      #expect(y.isIntact && input.isIntact)
    }
  }

  private func normalized(_ run: NormalizeCall, _ x: [Float], columns: Int) -> [Float] {
    let (input, y) = (GuardedFloats(x), GuardedFloats(count: x.count))
    let rows = columns == 0 ? 2 : x.count / columns
    run(rows, columns, input, y)
    run(rows, columns, input, input)
    let same = zip(y.values, input.values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    #expect(same && y.isIntact && input.isIntact, "in place as well as not")
    return y.values
  }

  @Test(arguments: lengths)
  func normalizationEqualsTheReference(columns: Int) throws {
    let table = try KernelTable.normalize()
    let x = uniforms(3 * columns, seed: 6) + [Float](repeating: 0, count: columns)
    let reference = normalized(table.reference.run, x, columns: columns)
    for variant in table.others {
      let y = normalized(variant.run, x, columns: columns)
      expect(y, equal: reference, within: Self.normalize, "\(variant.name), \(columns) columns")
    }
  }

  /// A row 3, 4, 0, … has length 5; a NaN makes its whole row NaN, no other row.
  @Test func normalizationOfKnownRows() throws {
    let table = try KernelTable.normalize()
    let columns = 19
    var x = [Float](repeating: 0, count: 3 * columns)
    (x[3], x[17]) = (3, 4)
    (x[columns + 1], x[columns + 18]) = (.nan, 1)
    (x[2 * columns], x[2 * columns + 1]) = (1e-20, 0)
    for variant in table.all {
      let y = normalized(variant.run, x, columns: columns)
      let first = Tolerance(absolute: 0, relative: 1.2e-7, reason: "3 · (1/5) rounds twice")
      #expect(first.accepts(Double(y[3]), 0.6) && first.accepts(Double(y[17]), 0.8))
      #expect(y[columns..<2 * columns].allSatisfy { $0.isNaN }, "\(variant.name)")
      #expect(first.accepts(Double(y[2 * columns]), 1e-8), "\(variant.name): \(y[2 * columns])")
    }
  }
}
