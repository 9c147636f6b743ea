import Foundation
import TestSupport
import Testing

/// All variants of layer norm and softmax against the scalar references.
struct RowVariantTests {
  private static let layerNorm = Tolerance(
    absolute: 5e-6,
    relative: 5e-6,
    reason: "mean and variance are sums of up to 3072 float32 terms, in 8 or 16 partial sums"
  )
  private static let softmax = Tolerance(
    absolute: 1e-37,
    relative: 1e-5,
    reason: "1 ulp per exponential, float32 sums of up to 3072 of them, factor·x up to 40 rounded"
  )

  /// Runs layer norm into other memory and in place; `rows` rows.
  private func layerNorm(
    _ run: LayerNormCall,
    rows: Int,
    _ x: [Float],
    scale: [Float],
    shift: [Float],
    epsilon: Float
  ) -> [Float] {
    let (input, y) = (GuardedFloats(x), GuardedFloats(count: x.count))
    let (factors, offsets) = (GuardedFloats(scale), GuardedFloats(shift))
    run(rows, input, factors, offsets, epsilon, y)
    run(rows, input, factors, offsets, epsilon, input)
    let same = zip(y.values, input.values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    #expect(same && y.isIntact && input.isIntact, "in place as well as not")
    return y.values
  }

  @Test(arguments: lengths)
  func layerNormEqualsTheReference(columns: Int) throws {
    let table = try KernelTable.layerNorm()
    let x = uniforms(3 * columns, seed: 7, bound: 5).map { $0 + 2 }
    let (scale, shift) = (uniforms(columns, seed: 8), uniforms(columns, seed: 9))
    let wanted = layerNorm(
      table.reference.run,
      rows: 3,
      x,
      scale: scale,
      shift: shift,
      epsilon: 1e-5
    )
    for variant in table.others {
      let y = layerNorm(
        variant.run,
        rows: 3,
        x,
        scale: scale,
        shift: shift,
        epsilon: 1e-5
      )
      expect(y, equal: wanted, within: Self.layerNorm, "\(variant.name), \(columns) columns")
    }
  }

  /// Rows of as many 3 as 5 have mean 4 and variance 1: whole numbers come out exactly.
  @Test(arguments: [2, 14, 16, 18, 30, 32, 34, 198, 768])
  func layerNormOfTwoValuesIsExact(columns: Int) throws {
    let table = try KernelTable.layerNorm()
    let x = (0..<2 * columns).map { Float($0 % 2 == 0 ? 3 : 5) }
    let (scale, shift) = (integers(columns, seed: 10), integers(columns, seed: 11))
    let wanted = x.indices.map { (x[$0] - 4) * scale[$0 % columns] + shift[$0 % columns] }
    for variant in table.all {
      let y = layerNorm(variant.run, rows: 2, x, scale: scale, shift: shift, epsilon: 0)
      expect(y, equal: wanted, "\(variant.name), \(columns) columns")
    }
  }

  /// NaN and infinity spoil their own row and no other; a constant row gives the shift.
  @Test func layerNormOfSpecialRows() throws {
    let table = try KernelTable.layerNorm()
    let columns = 21
    var x = uniforms(4 * columns, seed: 12)
    x[3] = .nan
    x[columns + 20] = .infinity
    for column in 0..<columns { x[2 * columns + column] = 0.5 }
    let (scale, shift) = (uniforms(columns, seed: 13), uniforms(columns, seed: 14))
    for variant in table.all {
      let y = layerNorm(
        variant.run,
        rows: 4,
        x,
        scale: scale,
        shift: shift,
        epsilon: 1e-5
      )
      #expect(y[..<(2 * columns)].allSatisfy { $0.isNaN }, "\(variant.name)")
      expect(Array(y[2 * columns..<3 * columns]), equal: shift, "\(variant.name), constant row")
      #expect(y[(3 * columns)...].allSatisfy { $0.isFinite }, "\(variant.name)")
    }
  }

  private func softmax(
    _ run: SoftmaxCall,
    _ x: [Float],
    columns: Int,
    factor: Float = 1
  ) -> [Float] {
    let (input, y) = (GuardedFloats(x), GuardedFloats(count: x.count))
    let rows = columns == 0 ? 2 : x.count / columns
    run(rows, columns, factor, input, y)
    run(rows, columns, factor, input, input)
    let same = zip(y.values, input.values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    #expect(same && y.isIntact && input.isIntact, "in place as well as not")
    return y.values
  }

  @Test(arguments: lengths, [1, 0.125, -3] as [Float])
  func softmaxEqualsTheReference(columns: Int, factor: Float) throws {
    let table = try KernelTable.softmax()
    let x = uniforms(3 * columns, seed: 15, bound: 13)
    let wanted = softmax(table.reference.run, x, columns: columns, factor: factor)
    for variant in table.others {
      let y = softmax(variant.run, x, columns: columns, factor: factor)
      expect(y, equal: wanted, within: Self.softmax, "\(variant.name), \(columns), \(factor)")
    }
  }

  /// Equal logits, a power of two of them, share exactly; a logit 200 above the rest takes all.
  @Test(arguments: [1, 2, 8, 16, 32, 64, 1024])
  func softmaxOfKnownRowsIsExact(columns: Int) throws {
    let table = try KernelTable.softmax()
    let equal = [Float](repeating: 87, count: columns)
    let wanted = [Float](repeating: 1 / Float(columns), count: columns)
    for variant in table.all {
      let shares = softmax(variant.run, equal, columns: columns)
      expect(shares, equal: wanted, "\(variant.name)")
      for winner in [0, columns / 2, columns - 1] {
        let x = (0..<columns).map { Float($0 == winner ? 300 : 100) }
        let y = softmax(variant.run, x, columns: columns)
        expect(y, equal: x.map { $0 == 300 ? 1 : 0 }, "\(variant.name), winner \(winner)")
      }
    }
  }

  @Test func softmaxOfSpecialRows() throws {
    let table = try KernelTable.softmax()
    let columns = 35
    var x = uniforms(5 * columns, seed: 16)
    x[33] = .nan
    x[columns + 2] = .infinity
    for column in 0..<columns { x[2 * columns + column] = -.infinity }
    x[3 * columns + 34] = -.infinity
    for variant in table.all {
      let y = softmax(variant.run, x, columns: columns)
      #expect(y[..<(3 * columns)].allSatisfy { $0.isNaN }, "\(variant.name)")
      #expect(y[(3 * columns)...].allSatisfy { $0.isFinite }, "\(variant.name)")
      #expect(y[4 * columns - 1] == 0, "a logit of minus infinity has no share")
    }
  }

  /// The exponential as softmax shows it: beside a logit 0, a logit x ≤ −17 has the share eˣ.
  ///
  /// Every 97th float from −103 on; below −87.3 results are subnormal.
  @Test func exponentialIsAsCloseAsItsCommentSays() throws {
    let first = Float(17).bitPattern
    let x = stride(from: first, to: Float(103).bitPattern, by: 97).map { -Float(bitPattern: $0) }
    let rows = x.flatMap { (x: Float) -> [Float] in [0, x] }
    for variant in try KernelTable.softmax().others {
      let y = softmax(variant.run, rows, columns: 2)
      var largest = 0.0
      for (index, x) in x.enumerated() {
        let wanted = exp(Double(x))
        let unit = max(Double(Float(wanted).ulp), Double(Float.leastNonzeroMagnitude))
        largest = max(largest, abs(Double(y[2 * index + 1]) - wanted) / unit)
      }
      #expect(largest < 1, "\(variant.name): \(largest) ulp")
    }
  }
}
