import CKernels
import TestSupport
import Testing

/// All variants of the masks' losses against the scalar references.
struct MaskLossVariantTests {
  /// Takes (pixels, x, targets, weights); returns the sums.
  typealias SumsCall = (Int, GuardedFloats, [UInt8], GuardedFloats?) -> [Double]
  /// Takes (pixels, x, targets, weights, a, b, adds, dx).
  typealias GradientCall =
    (
      Int, GuardedFloats, [UInt8], GuardedFloats?, GuardedFloats, GuardedFloats, Bool, GuardedFloats
    ) -> Void

  private static let pixelCounts = [0, 1, 15, 16, 17, 31, 33, 1061]
  private static let rounding = Tolerance(
    absolute: 1e-5,
    relative: 3e-6,
    reason: "exponentials of 1 ulp, float32 sums of up to 64 losses of magnitude 10"
  )

  private static func sums(isSoftmax: Bool) throws -> KernelTable<SumsCall> {
    let table =
      unsafe isSoftmax ? vbk_mask_sums_softmax_f32_variants : vbk_mask_sums_sigmoid_f32_variants
    return try unsafe KernelTable(table) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { pixels, x, targets, weights in
          let classes = x.count / max(pixels, 1)
          var sums = [Double](repeating: .nan, count: 2 + 3 * classes)
          unsafe run?(pixels, classes, x.pointer, targets, weights?.pointer, &sums)
          return sums
        }
      )
    }
  }

  private static func gradients(isSoftmax: Bool) throws -> KernelTable<GradientCall> {
    let table =
      unsafe isSoftmax
      ? vbk_mask_gradient_softmax_f32_variants : vbk_mask_gradient_sigmoid_f32_variants
    return try unsafe KernelTable(table) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { pixels, x, targets, weights, a, b, adds, dx in
          var slopes = unsafe VBKMaskSlopes(
            weights: weights.map { unsafe UnsafePointer($0.pointer) },
            overlap: a.pointer,
            share: b.pointer,
            factor: 0.5
          )
          unsafe run?(pixels, a.count, x.pointer, targets, &slopes, adds ? 1 : 0, dx.pointer)
        }
      )
    }
  }

  /// Bytes that each form allows, some of them ignored.
  private static func targets(_ pixels: Int, _ classes: Int, isSoftmax: Bool) -> [UInt8] {
    let (count, values) = isSoftmax ? (pixels, classes) : (pixels * classes, 2)
    return uniforms(count, seed: 5).map {
      $0 > 0.8 ? 255 : UInt8(min(values - 1, Int(($0 + 1) / 1.8 * Float(values))))
    }
  }

  @Test(arguments: pixelCounts, [1, 2, 3, 5, 16, 24, 37])
  func equalTheReferences(pixels: Int, classes: Int) throws {
    for (isSoftmax, hasWeights) in [(false, false), (false, true), (true, false), (true, true)] {
      let x = GuardedFloats(uniforms(pixels * classes, seed: 1, bound: 9))
      let targets = Self.targets(pixels, classes, isSoftmax: isSoftmax)
      let weights = hasWeights ? GuardedFloats(uniforms(classes, seed: 3).map { abs($0) }) : nil
      let (a, b) = (
        GuardedFloats(uniforms(classes, seed: 6)), GuardedFloats(uniforms(classes, seed: 7))
      )
      let context = "\(pixels) pixels, \(classes) classes, softmax \(isSoftmax), \(hasWeights)"

      let table = try Self.sums(isSoftmax: isSoftmax)
      let wanted = table.reference.run(pixels, x, targets, weights).map { Float($0) }
      for variant in table.others {
        let sums = variant.run(pixels, x, targets, weights).map { Float($0) }
        expect(sums, equal: wanted, within: Self.rounding, "\(variant.name), \(context)")
      }
      let gradients = try Self.gradients(isSoftmax: isSoftmax)
      for adds in [false, true] {
        let start = uniforms(pixels * classes, seed: 8)
        func gradient(_ run: GradientCall) -> [Float] {
          let dx = adds ? GuardedFloats(start) : GuardedFloats(count: start.count)
          run(pixels, x, targets, weights, a, b, adds, dx)
          #expect(dx.isIntact)
          return dx.values
        }
        let wanted = gradient(gradients.reference.run)
        for variant in gradients.others {
          let name = "\(variant.name), adds \(adds), \(context)"
          expect(gradient(variant.run), equal: wanted, within: Self.rounding, name)
        }
      }
    }
  }

  /// A NaN among the logits that count is told, not hidden; an ignored one is.
  @Test(arguments: [0, 5, 16, 18], [false, true])
  func notANumber(place: Int, isIgnored: Bool) throws {
    var logits = uniforms(38, seed: 4)
    logits[place * 2] = .nan
    let x = GuardedFloats(logits)
    let ones = GuardedFloats([1, 1])
    for isSoftmax in [false, true] {
      let (count, index) = isSoftmax ? (19, place) : (38, place * 2)
      let targets = (0..<count).map { $0 == index && isIgnored ? UInt8(255) : UInt8($0 % 2) }
      for variant in try Self.sums(isSoftmax: isSoftmax).all {
        #expect(variant.run(19, x, targets, nil)[0].isNaN != isIgnored, "\(variant.name)")
      }
      for variant in try Self.gradients(isSoftmax: isSoftmax).all {
        let dx = GuardedFloats(count: 38)
        variant.run(19, x, targets, nil, ones, ones, false, dx)
        #expect(dx.values[place * 2].isNaN != isIgnored, "\(variant.name)")
      }
    }
  }
}
