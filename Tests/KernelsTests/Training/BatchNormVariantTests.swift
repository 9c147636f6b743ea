import CKernels
import TestSupport
import Testing

/// All variants of the channels' normalisation against the scalar references.
struct BatchNormVariantTests {
  private static let widths = [1, 7, 8, 9, 15, 16, 17, 31, 33, 61, 130]
  private static let sums = Tolerance(
    absolute: 2e-5,
    relative: 2e-5,
    reason: "sums of up to 37 float32 products of magnitude 10, four rows at a time"
  )
  private static let elements = Tolerance(
    absolute: 2e-6,
    relative: 2e-6,
    reason: "a difference, a product and two sums round"
  )

  typealias MomentsCall =
    (Int, GuardedFloats, GuardedFloats, GuardedFloats, GuardedFloats) -> Void
  typealias NormalizeCall =
    (Int, [GuardedFloats], GuardedFloats?, Bool, GuardedFloats?, GuardedFloats) -> Void
  typealias SumsCall =
    (Int, GuardedFloats, GuardedFloats?, GuardedFloats, GuardedFloats, [GuardedFloats]) -> Void
  typealias GradientCall =
    (Int, [GuardedFloats], GuardedFloats?, GuardedFloats?, GuardedFloats?, GuardedFloats?) -> Void

  private static func moments() throws -> KernelTable<MomentsCall> {
    try unsafe KernelTable(vbk_column_moments_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($0, $2.count, $1.pointer, $2.pointer, $3.pointer, $4.pointer) }
      )
    }
  }

  /// Takes (rows, [x, mean, factor, shift], residual, relu, bits, y).
  private static func normalize() throws -> KernelTable<NormalizeCall> {
    try unsafe KernelTable(vbk_normalize_columns_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { rows, inputs, residual, relu, bits, y in
          unsafe run?(
            rows,
            inputs[1].count,
            inputs[0].pointer,
            inputs[1].pointer,
            inputs[2].pointer,
            inputs[3].pointer,
            residual?.pointer,
            relu ? 1 : 0,
            bits?.pointer,
            y.pointer
          )
        }
      )
    }
  }

  /// Takes (rows, dy, bits, x, mean, [sum, products]).
  private static func gradientSums() throws -> KernelTable<SumsCall> {
    try unsafe KernelTable(vbk_column_gradient_sums_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { rows, dy, bits, x, mean, sums in
          unsafe run?(
            rows,
            mean.count,
            dy.pointer,
            bits?.pointer,
            x.pointer,
            mean.pointer,
            sums[0].pointer,
            sums[1].pointer
          )
        }
      )
    }
  }

  /// Takes (rows, [dy, mean, factors], bits, x, dx, passed).
  private static func gradient() throws -> KernelTable<GradientCall> {
    try unsafe KernelTable(vbk_column_gradient_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { rows, inputs, bits, x, dx, passed in
          unsafe run?(
            rows,
            inputs[1].count,
            inputs[0].pointer,
            bits?.pointer,
            x?.pointer,
            inputs[1].pointer,
            inputs[2].pointer,
            dx?.pointer,
            passed?.pointer
          )
        }
      )
    }
  }

  @Test(arguments: widths, [1, 3, 4, 37])
  func momentsEqualTheReference(columns: Int, rows: Int) throws {
    let table = try Self.moments()
    let x = GuardedFloats(uniforms(rows * columns, seed: 1, bound: 3).map { $0 + 5 })
    func totals(_ run: MomentsCall) -> [Float] {
      let outputs = (0..<3).map { _ in GuardedFloats(count: columns) }
      run(rows, x, outputs[0], outputs[1], outputs[2])
      #expect(outputs.allSatisfy { $0.isIntact })
      // The center is the variant's choice; the moments about zero are not.
      let (center, sum, squares) = (outputs[0].values, outputs[1].values, outputs[2].values)
      return (0..<columns).map { center[$0] + sum[$0] / Float(rows) }
        + (0..<columns).map { squares[$0] - sum[$0] * sum[$0] / Float(rows) }
    }
    let wanted = totals(table.reference.run)
    for variant in table.others {
      let context = "\(variant.name), \(rows) × \(columns)"
      expect(totals(variant.run), equal: wanted, within: Self.sums, context)
    }
  }

  @Test(arguments: widths, [false, true])
  func normalizingEqualsTheReference(columns: Int, hasResidual: Bool) throws {
    let table = try Self.normalize()
    let rows = 5
    let inputs = [rows * columns, columns, columns, columns].enumerated().map {
      GuardedFloats(uniforms($0.element, seed: UInt64(2 + $0.offset), bound: 2))
    }
    let residual = hasResidual ? GuardedFloats(uniforms(rows * columns, seed: 6)) : nil
    for relu in [false, true] {
      let words = rows * ((columns + 31) / 32)
      let wanted = GuardedFloats(count: rows * columns)
      table.reference.run(rows, inputs, residual, relu, GuardedFloats(count: words), wanted)
      for variant in table.others {
        let (y, bits) = (GuardedFloats(count: rows * columns), GuardedFloats(count: words))
        variant.run(rows, inputs, residual, relu, bits, y)
        let context = "\(variant.name), \(columns) columns, relu \(relu)"
        expect(y.values, equal: wanted.values, within: Self.elements, context)
        #expect(y.isIntact && bits.isIntact, "\(context)")
        guard relu else { continue }
        let passed = Self.unpacked(bits, rows, columns)
        #expect(passed == y.values.map { $0 > 0 }, "\(context)")
      }
    }
  }

  /// The bits of rows, one truth value per element.
  private static func unpacked(_ bits: GuardedFloats, _ rows: Int, _ columns: Int) -> [Bool] {
    let words = (columns + 31) / 32
    let values = bits.values.map(\.bitPattern)
    return (0..<rows * columns).map { index in
      let (row, column) = (index / columns, index % columns)
      return values[row * words + column / 32] >> UInt32(column % 32) & 1 == 1
    }
  }

  /// Random bits for rows.
  private static func bits(_ rows: Int, _ columns: Int) -> GuardedFloats {
    let words = rows * ((columns + 31) / 32)
    return GuardedFloats(
      uniforms(words, seed: 9).map { Float(bitPattern: ($0.bitPattern &* 2_654_435_769) >> 2) }
    )
  }

  @Test(arguments: widths, [1, 4, 7, 37])
  func gradientSumsEqualTheReference(columns: Int, rows: Int) throws {
    let table = try Self.gradientSums()
    let (dy, x) = (
      GuardedFloats(integers(rows * columns, seed: 10)),
      GuardedFloats(integers(rows * columns, seed: 11))
    )
    let mean = GuardedFloats(integers(columns, seed: 12))
    for mask in [nil, Self.bits(rows, columns)] {
      func totals(_ run: SumsCall) -> [Float] {
        let sums = [GuardedFloats(count: columns), GuardedFloats(count: columns)]
        run(rows, dy, mask, x, mean, sums)
        #expect(sums.allSatisfy { $0.isIntact })
        return sums.flatMap(\.values)
      }
      let wanted = totals(table.reference.run)
      for variant in table.others {
        // Whole numbers: equal bits.
        expect(totals(variant.run), equal: wanted, "\(variant.name), \(rows) × \(columns)")
      }
    }
  }

  @Test(arguments: widths)
  func gradientEqualsTheReference(columns: Int) throws {
    let table = try Self.gradient()
    let rows = 5
    let inputs = [rows * columns, columns, 3 * columns].enumerated().map {
      GuardedFloats(integers($0.element, seed: UInt64(13 + $0.offset)))
    }
    let x = GuardedFloats(integers(rows * columns, seed: 16))
    for (mask, input) in [(nil, x), (Self.bits(rows, columns), x), (nil, nil)] {
      for hasPassed in [false, true] {
        func results(_ run: GradientCall) -> [Float] {
          let dx = GuardedFloats(count: rows * columns)
          let passed = hasPassed ? GuardedFloats(count: rows * columns) : nil
          run(rows, inputs, mask, input, dx, passed)
          // dy's own memory may take dx.
          let own = GuardedFloats(inputs[0].values)
          run(rows, [own] + inputs[1...], mask, input, own, nil)
          #expect(own.values == dx.values && dx.isIntact && own.isIntact)
          return dx.values + (passed?.values ?? [])
        }
        let wanted = results(table.reference.run)
        for variant in table.others {
          expect(results(variant.run), equal: wanted, "\(variant.name), \(columns) columns")
        }
      }
    }
  }
}
