import CKernels
import Testing

/// Takes (shape, a, b, bias, addend, scratch, c).
private typealias ProductCall = (
  VBKProductShape, GuardedFloats, GuardedFloats, GuardedFloats?, GuardedFloats?, GuardedFloats,
  GuardedFloats
) -> Void

/// All variants of the product of matrices against the scalar reference.
///
/// With whole numbers in ±3 all sums are exact, whatever their order: results are equal.
struct ProductVariantTests {
  /// Sizes, and how the matrices lie.
  struct Case: Sendable, CustomTestStringConvertible {
    var rows: Int
    var columns: Int
    var depth: Int
    /// Whether A's and B's columns lie in one piece rather than their rows.
    var isTransposed = (a: false, b: false)
    var hasBias = false
    var addend = Addend.none
    /// How many elements lie between the rows (or columns) of a matrix.
    var gap = 0

    /// What is added to the product.
    enum Addend: Sendable { case none, other, destination }

    var testDescription: String {
      "\(rows)×\(depth) by \(depth)×\(columns), transposed \(isTransposed), bias \(hasBias), "
        + "addend \(addend), gap \(gap)"
    }

    var shape: VBKProductShape {
      VBKProductShape(
        rows: rows,
        columns: columns,
        depth: depth,
        aRowStride: isTransposed.a ? 1 : depth + gap,
        aDepthStride: isTransposed.a ? rows + gap : 1,
        bDepthStride: isTransposed.b ? 1 : columns + gap,
        bColumnStride: isTransposed.b ? depth + gap : 1,
        addendRowStride: addend == .destination ? columns + 2 * gap : columns + gap,
        cRowStride: columns + 2 * gap
      )
    }

    /// How many floats lie from the first element to the last of `lines` pieces.
    static func extent(_ lines: Int, _ length: Int, _ gap: Int) -> Int {
      lines == 0 || length == 0 ? 0 : (lines - 1) * (length + gap) + length
    }
  }

  private static let sizes = [0, 1, 5, 6, 7, 13, 14, 15, 16, 17, 31, 32, 33, 61]
  static let cases =
    sizes.map { Case(rows: $0, columns: 19, depth: 9, gap: 3) }
    + sizes.map { Case(rows: 9, columns: $0, depth: 21, hasBias: true, gap: 2) }
    + sizes.map { Case(rows: 15, columns: 33, depth: $0, addend: .other) }
    + sizes.map { Case(rows: $0, columns: 35, depth: 18, isTransposed: (true, true), gap: 1) }
    + sizes.map { Case(rows: 17, columns: $0, depth: 37, isTransposed: (true, true)) }
    + sizes.map {
      Case(rows: 16, columns: 7, depth: $0, isTransposed: (false, true), hasBias: true)
    }
    + [
      // More than a block of rows, of columns, of depth.
      Case(rows: 117, columns: 40, depth: 523, addend: .destination, gap: 3),
      Case(rows: 23, columns: 801, depth: 259, isTransposed: (false, true), hasBias: true),
      Case(rows: 131, columns: 785, depth: 300, isTransposed: (true, false), addend: .other),
      Case(
        rows: 61,
        columns: 1543,
        depth: 517,
        isTransposed: (true, true),
        hasBias: true,
        addend: .destination,
        gap: 5
      ),
    ]

  private func table() throws -> KernelTable<ProductCall> {
    try unsafe KernelTable(vbk_product_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { shape, a, b, bias, addend, scratch, c in
          var shape = shape
          unsafe run?(
            &shape,
            a.pointer,
            b.pointer,
            bias?.pointer,
            addend?.pointer,
            scratch.pointer,
            c.pointer
          )
        }
      )
    }
  }

  private func output(_ run: ProductCall, _ test: Case) -> [Float] {
    let (rows, columns, depth, gap) = (test.rows, test.columns, test.depth, test.gap)
    let (aLines, bLines) = (test.isTransposed.a, test.isTransposed.b)
    let a = GuardedFloats(
      integers(Case.extent(aLines ? depth : rows, aLines ? rows : depth, gap), seed: 1)
    )
    let b = GuardedFloats(
      integers(Case.extent(bLines ? columns : depth, bLines ? depth : columns, gap), seed: 2)
    )
    let bias = test.hasBias ? GuardedFloats(integers(columns, seed: 3)) : nil
    let addend =
      test.addend == .other
      ? GuardedFloats(integers(Case.extent(rows, columns, gap), seed: 4)) : nil
    let c = GuardedFloats(integers(Case.extent(rows, columns, 2 * gap), seed: 5))
    let scratch = GuardedFloats(count: vbk_product_f32_scratch())
    let before = [a.values, b.values]
    run(test.shape, a, b, bias, test.addend == .destination ? c : addend, scratch, c)
    #expect(a.isIntact && b.isIntact && c.isIntact && scratch.isIntact, "\(test)")
    #expect([a.values, b.values] == before, "inputs stay as they are: \(test)")
    return c.values
  }

  @Test(arguments: cases)
  func equalsTheReference(_ test: Case) throws {
    let table = try table()
    let wanted = output(table.reference.run, test)
    #expect(table.others.isEmpty || test.rows * test.columns == 0 || !wanted.allSatisfy { $0 == 0 })
    for variant in table.others {
      let found = output(variant.run, test)
      let wrong = zip(found, wanted).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
      #expect(
        wrong.isEmpty && found.count == wanted.count,
        "\(variant.name), \(test): \(wrong.count) differ, first at \(wrong.prefix(5))"
      )
    }
  }

  /// Numbers that aren't whole: a block of rows and columns has the bits of the whole product.
  @Test func blocksHaveTheBitsOfTheWhole() throws {
    let test = Case(rows: 150, columns: 90, depth: 700)
    let a = GuardedFloats(uniforms(test.rows * test.depth, seed: 6))
    let b = GuardedFloats(uniforms(test.depth * test.columns, seed: 7))
    let scratch = GuardedFloats(count: vbk_product_f32_scratch())
    for variant in try table().all {
      let whole = GuardedFloats(count: test.rows * test.columns)
      variant.run(test.shape, a, b, nil, nil, scratch, whole)
      var shape = test.shape
      (shape.rows, shape.columns) = (37, 23)
      let part = GuardedFloats(count: 36 * test.columns + 23)
      let partOfA = GuardedFloats(Array(a.values[41 * test.depth..<78 * test.depth]))
      let partOfB = GuardedFloats(Array(b.values[19..<b.count - 48]))
      variant.run(shape, partOfA, partOfB, nil, nil, scratch, part)
      for row in 0..<37 {
        let found = part.values[row * test.columns..<row * test.columns + 23].map(\.bitPattern)
        let start = (41 + row) * test.columns + 19
        let wanted = whole.values[start..<start + 23].map(\.bitPattern)
        #expect(found == wanted, "\(variant.name), row \(row)")
      }
    }
  }
}
