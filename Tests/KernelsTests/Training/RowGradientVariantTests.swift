import TestSupport
import Testing

/// All variants of the gradients of layer norm, softmax and rows of length 1 against the references.
struct RowGradientVariantTests {
  private static let rows = Tolerance(
    absolute: 1e-5,
    relative: 1e-5,
    reason: "differences of sums of up to 3072 float32 terms, in 8 or 16 partial sums"
  )
  private static let counts = lengths.filter { $0 > 0 }

  /// dx into other memory, over dy and added to ones; then the parameters' gradients.
  private func layerNorm(
    _ run: LayerNormGradientCall,
    _ x: [Float],
    _ scale: [Float],
    epsilon: Float,
    _ dy: [Float]
  ) -> [[Float]] {
    let rows = x.count / scale.count
    let (input, factors, from) = (GuardedFloats(x), GuardedFloats(scale), GuardedFloats(dy))
    let (fresh, sum) = (GuardedFloats(count: x.count), GuardedFloats(x.map { _ in 1 }))
    let twos = scale.map { _ in Float(2) }
    let (dScale, dShift) = (GuardedFloats(twos), GuardedFloats(twos))
    run(rows, input, factors, epsilon, from, false, fresh, nil)
    run(rows, input, factors, epsilon, from, true, sum, nil)
    run(rows, input, factors, epsilon, from, false, nil, (dScale, dShift))
    let parameters = [dScale.values, dShift.values]
    #expect(from.values == dy && input.values == x && factors.values == scale, "inputs stay")
    run(rows, input, factors, epsilon, from, false, from, (dScale, dShift))
    for memory in [fresh, sum, from, dScale, dShift] { #expect(memory.isIntact) }
    let twice = zip(parameters, [dScale.values, dShift.values]).flatMap { zip($0, $1) }
    let areAdded = twice.allSatisfy { abs($1 - 2 - 2 * ($0 - 2)) <= 1e-5 * (1 + abs($1)) }
    #expect(areAdded, "parameters' gradients are added, also where dx overwrites dy")
    return [fresh.values, from.values, sum.values] + parameters
  }

  @Test(arguments: counts)
  func layerNormEqualsTheReference(columns: Int) throws {
    let table = try KernelTable.layerNormGradient()
    let x = uniforms(3 * columns, seed: 7, bound: 5).map { $0 + 2 }
    let (scale, dy) = (uniforms(columns, seed: 8), uniforms(3 * columns, seed: 9))
    let wanted = layerNorm(table.reference.run, x, scale, epsilon: 1e-3, dy)
    for variant in table.others {
      let result = layerNorm(variant.run, x, scale, epsilon: 1e-3, dy)
      for (part, (values, wanted)) in zip(result, wanted).enumerated() {
        let context = "\(variant.name), \(columns) columns, part \(part)"
        expect(values, equal: wanted, within: Self.rows, context)
      }
    }
  }

  /// Rows of as many 3 as 5 have x̂ = ±1: with whole numbers all of it is exact.
  @Test(arguments: [2, 14, 16, 18, 30, 32, 34, 64])
  func layerNormOfTwoValuesIsExact(columns: Int) throws {
    let x = (0..<2 * columns).map { Float($0 % 2 == 0 ? 3 : 5) }
    let dy = (0..<2 * columns).map { Float($0 % 4 < 2 ? 2 : -2) * Float(columns) }
    let scale = [Float](repeating: 1, count: columns)
    for variant in try KernelTable.layerNormGradient().all {
      let result = layerNorm(variant.run, x, scale, epsilon: 0, dy)
      let normal = x.map { $0 - 4 }
      var wanted = dy
      var (dScale, dShift) = (scale.map { _ in Float(2) }, scale.map { _ in Float(2) })
      for row in 0..<2 {
        let range = row * columns..<(row + 1) * columns
        let mean = dy[range].reduce(0, +) / Float(columns)
        let along = range.reduce(0) { $0 + dy[$1] * normal[$1] } / Float(columns)
        for index in range {
          wanted[index] = dy[index] - mean - normal[index] * along
          dScale[index - range.lowerBound] += dy[index] * normal[index]
          dShift[index - range.lowerBound] += dy[index]
        }
      }
      expect(result[0], equal: wanted, "\(variant.name), \(columns) columns, dx")
      expect(result[3], equal: dScale, "\(variant.name), \(columns) columns, dScale")
      expect(result[4], equal: dShift, "\(variant.name), \(columns) columns, dShift")
    }
  }

  /// Into other memory, over dy and added to ones.
  private func results(
    _ x: [Float],
    _ dy: [Float],
    _ run: (GuardedFloats, GuardedFloats, Bool, GuardedFloats) -> Void
  ) -> [[Float]] {
    let (input, from) = (GuardedFloats(x), GuardedFloats(dy))
    let (fresh, sum) = (GuardedFloats(count: x.count), GuardedFloats(x.map { _ in 1 }))
    run(input, from, false, fresh)
    run(input, from, true, sum)
    #expect(from.values == dy && input.values == x, "inputs stay")
    run(input, from, false, from)
    #expect(fresh.isIntact && sum.isIntact && from.isIntact)
    return [fresh.values, from.values, sum.values]
  }

  @Test(arguments: counts)
  func softmaxAndLengthEqualTheReferences(columns: Int) throws {
    let softmax = try KernelTable.softmaxGradient()
    let length = try KernelTable.normalizeGradient()
    let x = uniforms(3 * columns, seed: 10).map { ($0 + 1) / Float(columns) }
    let dy = uniforms(3 * columns, seed: 11)
    let shares = results(x, dy) { softmax.reference.run(3, columns, -1.5, $0, $1, $2, $3) }
    let wide = x.map { $0 * Float(columns) }
    let turned = results(wide, dy) { length.reference.run(3, columns, $0, $1, $2, $3) }
    for variant in softmax.others {
      let own = results(x, dy) { variant.run(3, columns, -1.5, $0, $1, $2, $3) }
      for (values, wanted) in zip(own, shares) {
        expect(values, equal: wanted, within: Self.rows, "\(variant.name), \(columns) columns")
      }
    }
    for variant in length.others {
      let own = results(wide, dy) { variant.run(3, columns, $0, $1, $2, $3) }
      for (values, wanted) in zip(own, turned) {
        expect(values, equal: wanted, within: Self.rows, "\(variant.name), \(columns) columns")
      }
    }
  }

  /// A row that is no longer than 1e-12 is divided by that constant; the others are as ever.
  @Test func rowsOfNoLength() throws {
    let columns = 19
    var x = [Float](repeating: 0, count: 3 * columns)
    x[columns] = 1e-13
    x[2 * columns + 18] = 4
    let dy = [Float](repeating: 0.5, count: 3 * columns)
    for variant in try KernelTable.normalizeGradient().all {
      let dx = results(x, dy) { variant.run(3, columns, $0, $1, $2, $3) }[0]
      let wide = Tolerance(absolute: 0, relative: 1e-6, reason: "one division")
      let floor = [Float](repeating: 0.5e12, count: 2 * columns)
      expect(Array(dx[..<(2 * columns)]), equal: floor, within: wide, variant.name)
      let last = [Float](repeating: 0.125, count: columns - 1) + [0]
      expect(Array(dx[(2 * columns)...]), equal: last, variant.name)
    }
  }
}
