import CKernels
import TestSupport
import Testing

/// All variants of the losses, dropout and sums of rows against the scalar references.
struct LossVariantTests {
  /// Takes (rows, x, targets or classes, weights, smoothing, mask, dx).
  typealias LossCall =
    (Int, GuardedFloats, [Int32], GuardedFloats, GuardedFloats?, GuardedFloats?) -> Double

  private static let widths = [1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 61, 130]
  private static let rounding = Tolerance(
    absolute: 1e-5,
    relative: 2e-6,
    reason: "exponentials of 1 ulp, float32 sums of up to 130 products of magnitude 10"
  )

  private static func classes(smoothing: Float) throws -> KernelTable<LossCall> {
    try unsafe KernelTable(vbk_cross_entropy_classes_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { rows, x, classes, _, weights, dx in
          unsafe classes.withUnsafeBufferPointer { classes in
            var targets = unsafe VBKClassTargets(
              classes: classes.baseAddress,
              weights: weights.map { unsafe UnsafePointer($0.pointer) },
              smoothing: smoothing
            )
            let columns = x.count / rows
            return unsafe run?(rows, columns, x.pointer, &targets, 0.5, dx?.pointer) ?? .nan
          }
        }
      )
    }
  }

  private static func targets() throws -> KernelTable<LossCall> {
    try unsafe KernelTable(vbk_cross_entropy_targets_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { rows, x, _, targets, weights, dx in
          let columns = x.count / rows
          return unsafe run?(
            rows,
            columns,
            x.pointer,
            targets.pointer,
            weights?.pointer,
            0.5,
            dx?.pointer
          ) ?? .nan
        }
      )
    }
  }

  /// The classes' array says which elements the mask keeps: those that aren't negative.
  private static func binary(hasMask: Bool) throws -> KernelTable<LossCall> {
    try unsafe KernelTable(vbk_binary_cross_entropy_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { rows, x, classes, targets, weights, dx in
          let kept = (0..<x.count).map { Float(classes[$0 % classes.count] < 0 ? 0 : 1) }
          let mask = hasMask ? GuardedFloats(kept) : nil
          let factors = weights.map { weights in
            GuardedFloats((0..<x.count).map { weights.values[$0 % weights.count] })
          }
          return unsafe run?(
            x.count,
            x.pointer,
            targets.pointer,
            factors?.pointer,
            mask?.pointer,
            0.5,
            dx?.pointer
          ) ?? .nan
        }
      )
    }
  }

  @Test(arguments: widths, [false, true])
  func equalTheReferences(columns: Int, hasWeights: Bool) throws {
    let rows = 5
    let x = GuardedFloats(uniforms(rows * columns, seed: 1, bound: 9))
    let targets = GuardedFloats(uniforms(rows * columns, seed: 2).map { abs($0) })
    let weights = hasWeights ? GuardedFloats(uniforms(columns, seed: 3).map { abs($0) + 0.1 }) : nil
    let classes = (0..<Int32(rows)).map { $0 == 2 ? -1 : ($0 * 7 + 3) % Int32(columns) }
    let tables = [
      try Self.classes(smoothing: 0), try Self.classes(smoothing: 0.2), try Self.targets(),
      try Self.binary(hasMask: false), try Self.binary(hasMask: true),
    ]
    for table in tables {
      func results(_ run: LossCall) -> [Float] {
        let dx = GuardedFloats(count: rows * columns)
        let loss = run(rows, x, classes, targets, weights, dx)
        #expect(loss == run(rows, x, classes, targets, weights, nil), "the same without gradient")
        let own = GuardedFloats(x.values)
        #expect(loss == run(rows, own, classes, targets, weights, own), "in place")
        #expect(own.values == dx.values && dx.isIntact)
        return [Float(loss)] + dx.values
      }
      let wanted = results(table.reference.run)
      for variant in table.others {
        let context = "\(variant.name), \(columns) columns, weights \(hasWeights)"
        expect(results(variant.run), equal: wanted, within: Self.rounding, context)
      }
    }
  }

  /// A NaN among the logits is told, not hidden.
  @Test(arguments: [0, 5, 16, 18])
  func notANumberIsKept(place: Int) throws {
    var logits = uniforms(19, seed: 4)
    logits[place] = .nan
    let (x, targets) = (GuardedFloats(logits), GuardedFloats([Float](repeating: 0.5, count: 19)))
    let tables = [
      try Self.classes(smoothing: 0), try Self.targets(), try Self.binary(hasMask: false),
    ]
    for variant in tables.flatMap({ $0.all }) {
      let dx = GuardedFloats(count: 19)
      #expect(variant.run(1, x, [1], targets, nil, dx).isNaN, "\(variant.name)")
      #expect(dx.values[place].isNaN, "\(variant.name)")
    }
  }
}
