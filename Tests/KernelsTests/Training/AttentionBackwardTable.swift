import CKernels

/// Takes (shape, factor, [q, k, v, output, logarithms of sums, output's gradient], scratch,
/// gradients of q, k and v, whether to add to each).
typealias AttentionBackwardCall = (
  VBKAttentionShape, Float, [GuardedFloats], GuardedFloats, [GuardedFloats?], [Bool]
) -> Void

extension KernelTable where Call == AttentionBackwardCall {
  static func attentionBackward() throws -> Self {
    try unsafe Self(vbk_attention_backward_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { shape, factor, operands, scratch, gradients, adds in
          var shape = shape
          var targets = unsafe VBKAttentionGradients(
            query: gradients[0]?.pointer,
            key: gradients[1]?.pointer,
            value: gradients[2]?.pointer,
            addsToQuery: adds[0] ? 1 : 0,
            addsToKey: adds[1] ? 1 : 0,
            addsToValue: adds[2] ? 1 : 0
          )
          unsafe run?(
            &shape,
            factor,
            operands[0].pointer,
            operands[1].pointer,
            operands[2].pointer,
            operands[3].pointer,
            operands[4].pointer,
            operands[5].pointer,
            scratch.pointer,
            &targets
          )
        }
      )
    }
  }
}
