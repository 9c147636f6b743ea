import CKernels
import TestSupport
import Testing

/// All variants of one head's attention against the scalar reference.
struct AttentionVariantTests {
  /// One head, with strides that leave room for other heads between rows.
  struct Case: Sendable, CustomTestStringConvertible {
    var queries: Int
    var keys: Int
    var width: Int
    var extra = 0

    var testDescription: String { "\(queries) queries, \(keys) keys, width \(width)+\(extra)" }

    /// Strides of q, k, v and the output all differ where there is room.
    var shape: VBKAttentionShape {
      VBKAttentionShape(
        queries: queries,
        keys: keys,
        headWidth: width,
        queryStride: width + extra,
        keyStride: width + 2 * extra,
        valueStride: width + 3 * extra,
        outputStride: width + 4 * extra
      )
    }
  }

  static let cases =
    [0, 1, 5, 6, 7, 13].map { Case(queries: $0, keys: 9, width: 8) }
    + [1, 7, 8, 15, 16, 17, 31, 33, 61, 127].map { Case(queries: 3, keys: $0, width: 17, extra: 5) }
    + [1, 7, 8, 9, 15, 16, 31, 33, 64].map { Case(queries: 7, keys: 19, width: $0, extra: 3) }
    + [
      Case(queries: 197, keys: 197, width: 64, extra: 128),
      Case(queries: 1, keys: 577, width: 64),
    ]

  private static let close = Tolerance(
    absolute: 5e-6,
    reason: "scores up to 20 are off by a few of their ulp of 2e-6, and with them the weights"
  )

  /// Rows with strides, their memory ending with the last row's last feature.
  private func strided(_ rows: Int, _ width: Int, _ stride: Int, seed: UInt64) -> [Float] {
    rows == 0 ? [] : uniforms((rows - 1) * stride + width, seed: seed)
  }

  private func output(
    _ run: AttentionCall,
    _ shape: VBKAttentionShape,
    factor: Float,
    q: [Float],
    k: [Float],
    v: [Float]
  ) -> [Float] {
    var shape = shape
    let scratch = GuardedFloats(count: unsafe vbk_attention_f32_scratch(&shape))
    let count =
      shape.queries == 0
      ? 0 : (shape.queries - 1) * shape.outputStride + shape.headWidth
    let y = GuardedFloats(count: count)
    let (queries, keys, values) = (GuardedFloats(q), GuardedFloats(k), GuardedFloats(v))
    let logSums = GuardedFloats(count: shape.queries)
    run(shape, factor, queries, keys, values, scratch, y, logSums)
    #expect(y.isIntact && scratch.isIntact && logSums.isIntact)
    #expect(queries.values == q && keys.values == k && values.values == v)
    return y.values
  }

  @Test(arguments: cases)
  func equalTheReference(_ head: Case) throws {
    let shape = head.shape
    let q = strided(head.queries, head.width, shape.queryStride, seed: 30)
    let k = strided(head.keys, head.width, shape.keyStride, seed: 31)
    let v = strided(head.keys, head.width, shape.valueStride, seed: 32)
    let table = try KernelTable.attention()
    for factor in [1 / Float(head.width).squareRoot(), 2] {
      let wanted = output(table.reference.run, shape, factor: factor, q: q, k: k, v: v)
      for variant in table.others {
        let y = output(variant.run, shape, factor: factor, q: q, k: k, v: v)
        expect(y, equal: wanted, within: Self.close, "\(variant.name), \(head), factor \(factor)")
        #expect(gapsAreUntouched(y, shape), "\(variant.name)")
      }
    }
  }

  /// Whether what lies between the output's rows still holds sentinels.
  private func gapsAreUntouched(_ y: [Float], _ shape: VBKAttentionShape) -> Bool {
    y.indices.allSatisfy {
      $0 % shape.outputStride < shape.headWidth || y[$0] == GuardedFloats.sentinel
    }
  }

  /// Queries that each look at one key alone return that key's value, bit for bit.
  @Test(arguments: [(5, 5), (13, 17), (33, 33), (7, 64)])
  func lookingAtOneKeyReturnsItsValue(queries: Int, keys: Int) throws {
    let head = Case(queries: queries, keys: keys, width: 64)
    var (q, k) = (
      [Float](repeating: 0, count: queries * 64), [Float](repeating: 0, count: keys * 64)
    )
    for key in 0..<keys { k[key * 64 + key] = 20 }
    for query in 0..<queries { q[query * 64 + query * 3 % keys] = 20 }
    let v = uniforms(keys * 64, seed: 33)
    let wanted = (0..<queries).flatMap { (query: Int) -> ArraySlice<Float> in
      let start = query * 3 % keys * 64
      return v[start..<start + 64]
    }
    for variant in try KernelTable.attention().all {
      let y = output(variant.run, head.shape, factor: 1, q: q, k: k, v: v)
      expect(y, equal: wanted, "\(variant.name), \(head)")
    }
  }

  /// Queries that look at all of a power of two of keys alike return their exact mean.
  @Test(arguments: [1, 2, 8, 16, 32, 64])
  func lookingAtAllKeysReturnsTheirMean(keys: Int) throws {
    let head = Case(queries: 7, keys: keys, width: 19)
    let q = [Float](repeating: 0, count: 7 * 19)
    let (k, v) = (uniforms(keys * 19, seed: 34), integers(keys * 19, seed: 35))
    let mean = (0..<19).map { column in
      (0..<keys).reduce(Float(0)) { $0 + v[$1 * 19 + column] } / Float(keys)
    }
    for variant in try KernelTable.attention().all {
      let y = output(variant.run, head.shape, factor: 1, q: q, k: k, v: v)
      expect(y, equal: (0..<7).flatMap { _ in mean }, "\(variant.name), \(head)")
    }
  }

  /// The output may be the queries' memory.
  @Test(arguments: [1, 6, 11])
  func inPlace(queries: Int) throws {
    let head = Case(queries: queries, keys: 23, width: 24)
    var shape = head.shape
    let q = uniforms(queries * 24, seed: 36)
    let (k, v) = (uniforms(23 * 24, seed: 37), uniforms(23 * 24, seed: 38))
    let needed = unsafe vbk_attention_f32_scratch(&shape)
    for variant in try KernelTable.attention().all {
      let wanted = output(variant.run, shape, factor: 1, q: q, k: k, v: v)
      let both = GuardedFloats(q)
      let scratch = GuardedFloats(count: needed)
      variant.run(shape, 1, both, GuardedFloats(k), GuardedFloats(v), scratch, both, nil)
      expect(both.values, equal: wanted, "\(variant.name), \(head)")
    }
  }

  /// A NaN in a query spoils its row alone, one in a key or a value all rows.
  @Test func notANumberSpreadsAsFarAsItMust() throws {
    let head = Case(queries: 8, keys: 21, width: 9)
    var q = uniforms(8 * 9, seed: 39)
    let (k, v) = (uniforms(21 * 9, seed: 40), uniforms(21 * 9, seed: 41))
    q[3 * 9 + 8] = .nan
    for variant in try KernelTable.attention().all {
      let (queries, y) = (GuardedFloats(q), GuardedFloats(count: q.count))
      var shape = head.shape
      let scratch = GuardedFloats(count: unsafe vbk_attention_f32_scratch(&shape))
      variant.run(shape, 1, queries, GuardedFloats(k), GuardedFloats(v), scratch, y, nil)
      let spoiled = (0..<8).filter { row in y.values[row * 9..<row * 9 + 9].contains { $0.isNaN } }
      #expect(spoiled == [3], "\(variant.name)")
    }
  }
}
