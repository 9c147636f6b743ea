import CKernels

// The tables of all kernels. Counts follow from the memory that a call is given.

/// Takes (x, y).
typealias UnaryCall = (GuardedFloats, GuardedFloats) -> Void
/// Takes (a, b, y).
typealias AddCall = (GuardedFloats, GuardedFloats, GuardedFloats) -> Void
/// Takes (rows, x, bias, y).
typealias AddRowCall = (Int, GuardedFloats, GuardedFloats, GuardedFloats) -> Void
/// Takes (rows, columns, x, y).
typealias NormalizeCall = (Int, Int, GuardedFloats, GuardedFloats) -> Void
/// Takes (rows, x, scale, shift, epsilon, y).
typealias LayerNormCall =
  (Int, GuardedFloats, GuardedFloats, GuardedFloats, Float, GuardedFloats) -> Void
/// Takes (rows, columns, factor, x, y).
typealias SoftmaxCall = (Int, Int, Float, GuardedFloats, GuardedFloats) -> Void
/// Takes (indices, columns, table, whether to accumulate, y).
typealias EmbeddingCall = ([Int32], Int, GuardedFloats, Bool, GuardedFloats) -> Void
/// Takes (shape, output rows, x, y).
typealias PoolCall = (VBKPoolShape, Range<Int>, GuardedFloats, GuardedFloats) -> Void
/// Takes (shape, factor, q, k, v, scratch, output, logarithms of sums unless nil).
typealias AttentionCall = (
  VBKAttentionShape, Float, GuardedFloats, GuardedFloats, GuardedFloats, GuardedFloats,
  GuardedFloats, GuardedFloats?
) -> Void

extension KernelTable where Call == UnaryCall {
  static func gelu() throws -> Self { try unsafe unary(vbk_gelu_f32_variants) }
  static func quickGELU() throws -> Self { try unsafe unary(vbk_quick_gelu_f32_variants) }
  static func relu() throws -> Self { try unsafe unary(vbk_relu_f32_variants) }

  private static func unary(
    _ table: (UnsafeMutablePointer<Int>?) -> UnsafePointer<VBKUnaryF32Variant>?
  ) throws -> Self {
    try unsafe Self(table) { row in
      let run = unsafe row.run
      return unsafe (row.name, row.needs, { unsafe run?($0.count, $0.pointer, $1.pointer) })
    }
  }
}

extension KernelTable where Call == AddCall {
  static func add() throws -> Self {
    try unsafe Self(vbk_add_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs, { unsafe run?($2.count, $0.pointer, $1.pointer, $2.pointer) }
      )
    }
  }
}

extension KernelTable where Call == AddRowCall {
  static func addRow() throws -> Self {
    try unsafe Self(vbk_add_row_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($0, $2.count, $1.pointer, $2.pointer, $3.pointer) }
      )
    }
  }
}

extension KernelTable where Call == NormalizeCall {
  static func normalize() throws -> Self {
    try unsafe Self(vbk_normalize_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (row.name, row.needs, { unsafe run?($0, $1, $2.pointer, $3.pointer) })
    }
  }
}

extension KernelTable where Call == LayerNormCall {
  static func layerNorm() throws -> Self {
    try unsafe Self(vbk_layer_norm_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($0, $2.count, $1.pointer, $2.pointer, $3.pointer, $4, $5.pointer) }
      )
    }
  }
}

extension KernelTable where Call == SoftmaxCall {
  static func softmax() throws -> Self {
    try unsafe Self(vbk_softmax_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (row.name, row.needs, { unsafe run?($0, $1, $2, $3.pointer, $4.pointer) })
    }
  }
}

extension KernelTable where Call == EmbeddingCall {
  static func embedding() throws -> Self {
    try unsafe Self(vbk_embedding_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($0.count, $1, $0, $2.pointer, $3 ? 1 : 0, $4.pointer) }
      )
    }
  }
}

extension KernelTable where Call == PoolCall {
  static func averagePool() throws -> Self { try unsafe pool(vbk_average_pool_f32_variants) }
  static func maxPool() throws -> Self { try unsafe pool(vbk_max_pool_f32_variants) }

  private static func pool(
    _ table: (UnsafeMutablePointer<Int>?) -> UnsafePointer<VBKPoolF32Variant>?
  ) throws -> Self {
    try unsafe Self(table) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { shape, rows, x, y in
          var shape = shape
          unsafe run?(&shape, rows.lowerBound, rows.upperBound, x.pointer, y.pointer)
        }
      )
    }
  }
}

extension KernelTable where Call == AttentionCall {
  static func attention() throws -> Self {
    try unsafe Self(vbk_attention_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { shape, factor, q, k, v, scratch, output, logSums in
          var shape = shape
          unsafe run?(
            &shape,
            factor,
            q.pointer,
            k.pointer,
            v.pointer,
            scratch.pointer,
            output.pointer,
            logSums?.pointer
          )
        }
      )
    }
  }
}
