import CKernels
import TestSupport
import Testing

/// All variants of the gradients of one head's attention against the scalar reference.
struct AttentionBackwardVariantTests {
  /// One head, with strides that leave room for other heads between rows.
  struct Case: Sendable, CustomTestStringConvertible {
    var queries: Int
    var keys: Int
    var width: Int
    var extra = 0

    var testDescription: String { "\(queries) queries, \(keys) keys, width \(width)+\(extra)" }

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
    [0, 1, 5, 6, 7, 17, 65, 66, 67].map { Case(queries: $0, keys: 9, width: 8) }
    + [1, 7, 8, 15, 16, 17, 31, 33, 61].map { Case(queries: 7, keys: $0, width: 5, extra: 3) }
    + [1, 5, 16, 17, 20, 33, 64, 80].map { Case(queries: 17, keys: 33, width: $0, extra: 2) }
    + [
      Case(queries: 1, keys: 197, width: 64), Case(queries: 197, keys: 1, width: 16),
      Case(queries: 197, keys: 197, width: 64, extra: 128),
    ]

  private static let close = Tolerance(
    absolute: 1e-5,
    relative: 1e-5,
    reason: "logarithms of sums near 10 are off by 1e-6, and with them the weights; products with "
      + "gradients of magnitude 10 are summed over up to 200 queries"
  )

  /// Inputs and what the forward reference returns for them.
  private struct Inputs {
    let shape: VBKAttentionShape
    let factor: Float
    var (q, k, v, dy): ([Float], [Float], [Float], [Float])
    let (y, logSums): ([Float], [Float])

    init(_ head: Case, factor: Float) throws {
      shape = head.shape
      self.factor = factor
      q = strided(head.queries, head.width, shape.queryStride, seed: 130)
      k = strided(head.keys, head.width, shape.keyStride, seed: 131)
      v = strided(head.keys, head.width, shape.valueStride, seed: 132)
      dy = strided(head.queries, head.width, shape.outputStride, seed: 133)
      let (output, sums) = (GuardedFloats(count: dy.count), GuardedFloats(count: head.queries))
      var geometry = shape
      let scratch = GuardedFloats(count: unsafe vbk_attention_f32_scratch(&geometry))
      let (queries, keys, values) = (GuardedFloats(q), GuardedFloats(k), GuardedFloats(v))
      let forward = try KernelTable.attention().reference.run
      forward(shape, factor, queries, keys, values, scratch, output, sums)
      y = output.values
      logSums = sums.values
    }
  }

  /// Runs a variant; gradients that are not wanted stay nil.
  private func gradients(
    _ variant: Variant<AttentionBackwardCall>,
    _ inputs: Inputs,
    wanted: [Bool] = [true, true, true],
    adding: [Bool] = [false, false, false],
    before: Float = GuardedFloats.sentinel
  ) -> [[Float]?] {
    let sizes = [inputs.q.count, inputs.k.count, inputs.v.count]
    let targets = zip(sizes, wanted).map { size, wanted in
      wanted ? GuardedFloats([Float](repeating: before, count: size)) : nil
    }
    var shape = inputs.shape
    let scratch = GuardedFloats(count: unsafe vbk_attention_backward_f32_scratch(&shape))
    let operands = [inputs.q, inputs.k, inputs.v, inputs.y, inputs.logSums, inputs.dy]
    let guarded = operands.map { GuardedFloats($0) }
    variant.run(inputs.shape, inputs.factor, guarded, scratch, targets, adding)
    #expect(scratch.isIntact && targets.allSatisfy { $0?.isIntact ?? true }, "\(variant.name)")
    for (memory, operand) in zip(guarded, operands) {
      #expect(memory.values.map(\.bitPattern) == operand.map(\.bitPattern), "\(variant.name)")
    }
    return targets.map { $0?.values }
  }

  @Test(arguments: cases)
  func equalTheReference(_ head: Case) throws {
    let table = try KernelTable.attentionBackward()
    let strides = [head.shape.queryStride, head.shape.keyStride, head.shape.valueStride]
    for factor in [1 / Float(head.width).squareRoot(), 1] {
      let inputs = try Inputs(head, factor: factor)
      let wanted = gradients(table.reference, inputs)
      for variant in table.others {
        let found = gradients(variant, inputs)
        for (index, name) in ["dQ", "dK", "dV"].enumerated() {
          let context = "\(variant.name), \(head), factor \(factor), \(name)"
          let (values, references) = (found[index] ?? [], wanted[index] ?? [])
          expect(values, equal: references, within: Self.close, context)
          let gaps = values.indices.filter { $0 % strides[index] >= head.width }
          #expect(gaps.allSatisfy { values[$0] == GuardedFloats.sentinel }, "\(context)")
        }
      }
    }
  }

  /// What is there already is added to, each gradient for itself.
  @Test func adding() throws {
    let inputs = try Inputs(Case(queries: 70, keys: 21, width: 20), factor: 0.25)
    for variant in try KernelTable.attentionBackward().all {
      let alone = gradients(variant, inputs)
      for chosen in 0..<3 {
        let flags = (0..<3).map { $0 == chosen }
        let found = gradients(variant, inputs, adding: flags, before: 3)
        for index in 0..<3 {
          let wanted = (alone[index] ?? []).map { flags[index] ? 3 + $0 : $0 }
          let rounding = Tolerance(absolute: 3e-7, reason: "the reference rounds the sum once")
          expect(
            found[index] ?? [],
            equal: wanted,
            within: flags[index] ? rounding : .exact,
            "\(variant.name), \(chosen), \(index)"
          )
        }
      }
    }
  }

  /// Gradients that nobody wants change nothing about the others.
  @Test func unwanted() throws {
    let inputs = try Inputs(Case(queries: 70, keys: 21, width: 20), factor: 0.25)
    for variant in try KernelTable.attentionBackward().all {
      let all = gradients(variant, inputs)
      for absent in 0..<3 {
        let found = gradients(variant, inputs, wanted: (0..<3).map { $0 != absent })
        for index in 0..<3 where index != absent {
          expect(found[index] ?? [], equal: all[index] ?? [], "\(variant.name), \(index)")
        }
        #expect(found[absent] == nil)
      }
    }
  }

  /// With one key the weight is 1 whatever the score: dV is the sum of dO, dQ and dK vanish.
  @Test(arguments: [1, 6, 67])
  func oneKey(queries: Int) throws {
    var inputs = try Inputs(Case(queries: queries, keys: 1, width: 17), factor: 1)
    inputs.dy = integers(queries * 17, seed: 134)
    let zeros = { (count: Int) in [Float](repeating: 0, count: count) }
    let sum = (0..<17).map { column in
      (0..<queries).reduce(Float(0)) { $0 + inputs.dy[$1 * 17 + column] }
    }
    let close = Tolerance(absolute: 1e-4, reason: "weights of 1 and dP − D of 0 but for rounding")
    for variant in try KernelTable.attentionBackward().all {
      let found = gradients(variant, inputs)
      expect(found[0] ?? [], equal: zeros(queries * 17), within: close, "\(variant.name), dQ")
      expect(found[1] ?? [], equal: zeros(17), within: close, "\(variant.name), dK")
      expect(found[2] ?? [], equal: sum, within: close, "\(variant.name), dV")
    }
  }

  /// Every variant's logarithms of sums are the reference's; asking for them changes no output.
  @Test(arguments: cases)
  func logarithmsOfSums(_ head: Case) throws {
    let inputs = try Inputs(head, factor: 1)
    var shape = inputs.shape
    let close = Tolerance(absolute: 2e-6, relative: 2e-7, reason: "scores up to 20, ulp of 2e-6")
    for variant in try KernelTable.attention().others {
      let (q, k, v) = (GuardedFloats(inputs.q), GuardedFloats(inputs.k), GuardedFloats(inputs.v))
      let scratch = GuardedFloats(count: unsafe vbk_attention_f32_scratch(&shape))
      let sums = GuardedFloats(count: head.queries)
      let (y, alone) = (
        GuardedFloats(count: inputs.y.count), GuardedFloats(count: inputs.y.count)
      )
      variant.run(shape, 1, q, k, v, scratch, y, sums)
      variant.run(shape, 1, q, k, v, scratch, alone, nil)
      expect(sums.values, equal: inputs.logSums, within: close, "\(variant.name), \(head)")
      expect(y.values, equal: alone.values, "\(variant.name), \(head)")
      #expect(sums.isIntact)
    }
  }
}

/// Rows with strides, their memory ending with the last row's last feature.
private func strided(_ rows: Int, _ width: Int, _ stride: Int, seed: UInt64) -> [Float] {
  rows == 0 ? [] : uniforms((rows - 1) * stride + width, seed: seed)
}
