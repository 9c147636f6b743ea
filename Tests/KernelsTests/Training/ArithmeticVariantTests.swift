import TestSupport
import Testing

/// All variants of sums, multiples and the search for what isn't finite.
struct ArithmeticVariantTests {
  private static let product = Tolerance(
    absolute: 1e-7,
    relative: 2e-7,
    reason: "a product and a sum round once each, or together"
  )

  /// Each place of each special number is found, whatever comes behind it.
  @Test(arguments: lengths)
  func firstNonFinite(count: Int) throws {
    for variant in try KernelTable.firstNonFinite().all {
      var x = uniforms(count, seed: 1, bound: .greatestFiniteMagnitude)
      #expect(variant.run(GuardedFloats(x)) == count, "\(variant.name), \(count) finite floats")
      let step = max(1, count / 37)
      for place in stride(from: 0, to: count, by: step) {
        var spoilt = x
        spoilt[place] = [.nan, .infinity, -.infinity][place % 3]
        spoilt[count - 1] = .nan
        #expect(variant.run(GuardedFloats(spoilt)) == place, "\(variant.name), \(count)")
      }
      if count > 0 {
        x[count - 1] = -.infinity
        #expect(variant.run(GuardedFloats(x)) == count - 1, "\(variant.name), the last")
      }
    }
  }

  /// Whole numbers: equality in any order.
  @Test(arguments: lengths)
  func sums(count: Int) throws {
    let x = integers(count, seed: 2)
    let wanted = x.reduce(0.0) { $0 + Double($1) }
    for variant in try KernelTable.sum().all {
      #expect(variant.run(GuardedFloats(x)) == wanted, "\(variant.name), \(count) floats")
    }
  }

  @Test(arguments: lengths)
  func multiples(count: Int) throws {
    let (x, before) = (uniforms(count, seed: 3), uniforms(count, seed: 4))
    for variant in try KernelTable.scaled().all {
      let (input, fresh, sum) = (
        GuardedFloats(x), GuardedFloats(count: count), GuardedFloats(before)
      )
      variant.run(-1.7, input, false, fresh)
      variant.run(-1.7, input, true, sum)
      #expect(input.values == x && fresh.isIntact && sum.isIntact)
      variant.run(-1.7, input, false, input)
      let wanted = x.map { $0 * -1.7 }
      expect(fresh.values, equal: wanted, "\(variant.name), \(count) floats")
      expect(input.values, equal: wanted, "\(variant.name), in place")
      let added = zip(before, x).map { Float(Double($0) + Double(Float(-1.7)) * Double($1)) }
      expect(sum.values, equal: added, within: Self.product, "\(variant.name), added")
    }
  }

  @Test(arguments: lengths)
  func columnsTimesFactors(columns: Int) throws {
    let x = uniforms(3 * columns, seed: 5)
    let (factors, before) = (uniforms(columns, seed: 6), uniforms(3 * columns, seed: 7))
    for variant in try KernelTable.multiplyRow().all {
      let (input, row) = (GuardedFloats(x), GuardedFloats(factors))
      let (fresh, sum) = (GuardedFloats(count: x.count), GuardedFloats(before))
      variant.run(3, input, row, false, fresh)
      variant.run(3, input, row, true, sum)
      #expect(input.values == x && row.values == factors && fresh.isIntact && sum.isIntact)
      variant.run(3, input, row, false, input)
      let wanted = x.indices.map { x[$0] * factors[$0 % columns] }
      expect(fresh.values, equal: wanted, "\(variant.name), \(columns) columns")
      expect(input.values, equal: wanted, "\(variant.name), in place")
      let added = zip(before, wanted).map { $0 + $1 }
      expect(sum.values, equal: added, within: Self.product, "\(variant.name), added")
    }
  }
}
