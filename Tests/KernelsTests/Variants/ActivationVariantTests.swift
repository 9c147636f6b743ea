import Foundation
import TestSupport
import Testing

/// All variants of GELU, QuickGELU and ReLU against the scalar references.
struct ActivationVariantTests {
  private static let gelu = Tolerance(
    absolute: 2e-6,
    relative: 2e-7,
    reason: "erf is off by at most 6e-7, weighted with x/2; two products and a sum round"
  )
  private static let quickGELU = Tolerance(
    absolute: 1e-37,
    relative: 1e-6,
    reason: "the exponential is off by 2 ulp, three operations round; subnormals lose digits"
  )

  /// Runs one variant, from one place in memory to another and in place.
  private func results(_ run: UnaryCall, _ x: [Float]) -> [[Float]] {
    let input = GuardedFloats(x)
    let output = GuardedFloats(count: x.count)
    let both = GuardedFloats(x)
    run(input, output)
    run(both, both)
    #expect(input.values == x || x.contains { $0.isNaN }, "the input is untouched")
    #expect(output.isIntact && both.isIntact)
    return [output.values, both.values]
  }

  private func compare(
    _ table: KernelTable<UnaryCall>,
    _ x: [Float],
    within tolerance: Tolerance
  ) {
    let reference = results(table.reference.run, x)[0]
    for variant in table.others {
      for result in results(variant.run, x) {
        expect(result, equal: reference, within: tolerance, "\(variant.name), \(x.count) floats")
      }
    }
  }

  @Test(arguments: lengths)
  func equalTheReferences(count: Int) throws {
    let x = uniforms(count, seed: 1, bound: 6)
    try compare(.gelu(), x, within: Self.gelu)
    try compare(.quickGELU(), x, within: Self.quickGELU)
    try compare(.relu(), x, within: .exact)
  }

  @Test func specialValues() throws {
    let x: [Float] = [
      .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 60, -60, 1e-30, -1e-30, 3, -3, .nan, 1,
    ]
    try compare(.gelu(), x, within: Self.gelu)
    try compare(.quickGELU(), x, within: Self.quickGELU)
    let relu = try KernelTable<UnaryCall>.relu()
    try compare(.relu(), x, within: .exact)
    let y = results(relu.reference.run, x)[0]
    #expect(y[0].isNaN && y[1] == .infinity && y[2] == 0 && y[13] == 3 && y[14] == 0)
  }

  /// erf as GELU shows it: 2·gelu(x)/x − 1 at x/√2, over every 97th float from 2⁻⁶ to 8.
  @Test func errorFunctionIsAsCloseAsItsCommentSays() throws {
    let first = Float(0x1p-6).bitPattern
    let x = stride(from: first, to: Float(8).bitPattern, by: 97).map { Float(bitPattern: $0) }
    let signed = x + x.map { -$0 }
    for variant in try KernelTable<UnaryCall>.gelu().others {
      let y = results(variant.run, signed)[0]
      var largest = 0.0
      for (x, y) in zip(signed, y) {
        let recovered = 2 * Double(y) / Double(x) - 1
        largest = max(largest, abs(recovered - erf(Double(x) * 0.5.squareRoot())))
      }
      // 1 + erf, the half and the product with x round: at most 6 · 2⁻²⁴ more than erf itself.
      #expect(largest < 6e-7 + 6 * 0x1p-24, "\(variant.name): \(largest)")
    }
  }
}
