import TestSupport
import Testing

/// All variants of activations' gradients against the scalar references.
struct ActivationGradientVariantTests {
  private static let gelu = Tolerance(
    absolute: 3e-6,
    relative: 1e-6,
    reason: "erf off by 6e-7 and an exponential by 1 ulp, times dy of up to 3; adding rounds once"
  )
  private static let sigmoid = Tolerance(
    absolute: 1e-6,
    relative: 1e-6,
    reason: "the exponential is off by 1 ulp, six operations round, times dy of up to 3"
  )

  /// Into other memory, in place over dy, and added to ones.
  private func results(_ run: UnaryGradientCall, _ x: [Float], _ dy: [Float]) -> [[Float]] {
    let (input, from) = (GuardedFloats(x), GuardedFloats(dy))
    let (fresh, sum) = (
      GuardedFloats(count: x.count), GuardedFloats(dy.map { _ in 1 })
    )
    run(input, from, false, fresh)
    run(input, from, true, sum)
    run(input, from, false, from)
    #expect(fresh.isIntact && sum.isIntact && from.isIntact)
    #expect(input.values == x || x.contains { $0.isNaN }, "the input is untouched")
    return [fresh.values, from.values, sum.values]
  }

  private func compare(
    _ table: KernelTable<UnaryGradientCall>,
    _ x: [Float],
    _ dy: [Float],
    within tolerance: Tolerance
  ) {
    let reference = results(table.reference.run, x, dy)
    let same = zip(reference[0], reference[1]).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    #expect(same, "the reference in place")
    for variant in table.others {
      for (result, wanted) in zip(results(variant.run, x, dy), reference) {
        expect(result, equal: wanted, within: tolerance, "\(variant.name), \(x.count) floats")
      }
    }
  }

  @Test(arguments: lengths)
  func equalTheReferences(count: Int) throws {
    let (x, dy) = (uniforms(count, seed: 1, bound: 6), uniforms(count, seed: 2, bound: 3))
    try compare(.gelu(), x, dy, within: Self.gelu)
    try compare(.quickGELU(), x, dy, within: Self.sigmoid)
    try compare(.relu(), x, dy, within: .exact)
    let y = uniforms(count, seed: 3).map { ($0 + 1) / 2 }
    try compare(.sigmoid(), y, dy, within: Self.sigmoid)
  }

  /// Far from zero the slopes are 0 and 1; ReLU passes NaN's gradient and none at 0.
  @Test func specialValues() throws {
    let x: [Float] = [
      40, -40, 1e10, -1e10, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .nan, 3, -3,
      1e-30, -1e-30, 12, -12, 20, -20, 7, -7,
    ]
    let dy = x.indices.map { Float($0 + 1) }
    try compare(.gelu(), x, dy, within: Tolerance(absolute: 2e-5, reason: "dy is up to 19"))
    try compare(.quickGELU(), x, dy, within: Tolerance(absolute: 2e-5, reason: "dy is up to 19"))
    for variant in try KernelTable<UnaryGradientCall>.gelu().all {
      let slopes = results(variant.run, x, dy)[0]
      #expect(slopes[0] == 1 && slopes[1] == 0 && slopes[2] == 3 && slopes[3] == 0)
      #expect(slopes[4] == 2.5 && slopes[5] == 3 && slopes[8].isNaN, "\(variant.name)")
    }
    for variant in try KernelTable<UnaryGradientCall>.relu().all {
      let slopes = results(variant.run, x, dy)[0]
      let wanted = zip(x, dy).map { $0 <= 0 ? 0 : $1 }
      expect(slopes, equal: wanted, variant.name)
    }
  }

  @Test(arguments: lengths)
  func sigmoid(count: Int) throws {
    let x = uniforms(count, seed: 4, bound: 20)
    let table = try KernelTable<UnaryCall>.sigmoid()
    for variant in table.others {
      let (y, wanted) = (GuardedFloats(count: count), GuardedFloats(count: count))
      variant.run(GuardedFloats(x), y)
      table.reference.run(GuardedFloats(x), wanted)
      #expect(y.isIntact)
      let context = "\(variant.name), \(count) floats"
      expect(y.values, equal: wanted.values, within: Self.sigmoid, context)
    }
  }
}
