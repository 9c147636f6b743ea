import CKernels

// The tables of gradients' kernels. Counts follow from the memory that a call is given.

/// Takes (x or y, dy, whether to add, dx).
typealias UnaryGradientCall = (GuardedFloats, GuardedFloats, Bool, GuardedFloats) -> Void
/// Takes (rows, x, scale, epsilon, dy, whether to add, dx, dScale and dShift).
typealias LayerNormGradientCall = (
  Int, GuardedFloats, GuardedFloats, Float, GuardedFloats, Bool, GuardedFloats?,
  (GuardedFloats, GuardedFloats)?
) -> Void
/// Takes (rows, columns, factor, y, dy, whether to add, dx).
typealias SoftmaxGradientCall = (
  Int, Int, Float, GuardedFloats, GuardedFloats, Bool, GuardedFloats
) -> Void
/// Takes (rows, columns, x, dy, whether to add, dx).
typealias NormalizeGradientCall = (
  Int, Int, GuardedFloats, GuardedFloats, Bool, GuardedFloats
) -> Void
/// Takes (count, stride, rows, weights, x, whether to add, y).
typealias SumRowsCall = (
  Int, Int, [Int32]?, [Double]?, GuardedFloats, Bool, GuardedFloats
) -> Void
/// Takes (count, stride, a, b, whether to add, y).
typealias SumProductsCall = (Int, Int, GuardedFloats, GuardedFloats, Bool, GuardedFloats) -> Void
/// Takes x, returns an index.
typealias FirstNonFiniteCall = (GuardedFloats) -> Int
/// Takes x, returns its sum.
typealias SumCall = (GuardedFloats) -> Double
/// Takes (factor, x, whether to add, y).
typealias ScaledCall = (Float, GuardedFloats, Bool, GuardedFloats) -> Void
/// Takes (rows, x, factors, whether to add, y).
typealias MultiplyRowCall = (Int, GuardedFloats, GuardedFloats, Bool, GuardedFloats) -> Void

extension KernelTable where Call == UnaryCall {
  static func sigmoid() throws -> Self {
    try unsafe Self(vbk_sigmoid_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (row.name, row.needs, { unsafe run?($0.count, $0.pointer, $1.pointer) })
    }
  }
}

extension KernelTable where Call == UnaryGradientCall {
  static func gelu() throws -> Self { try unsafe unary(vbk_gelu_gradient_f32_variants) }
  static func quickGELU() throws -> Self { try unsafe unary(vbk_quick_gelu_gradient_f32_variants) }
  static func relu() throws -> Self { try unsafe unary(vbk_relu_gradient_f32_variants) }
  static func sigmoid() throws -> Self { try unsafe unary(vbk_sigmoid_gradient_f32_variants) }

  private static func unary(
    _ table: (UnsafeMutablePointer<Int>?) -> UnsafePointer<VBKUnaryGradientF32Variant>?
  ) throws -> Self {
    try unsafe Self(table) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($0.count, $0.pointer, $1.pointer, $2 ? 1 : 0, $3.pointer) }
      )
    }
  }
}

extension KernelTable where Call == LayerNormGradientCall {
  static func layerNormGradient() throws -> Self {
    try unsafe Self(vbk_layer_norm_gradient_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { rows, x, scale, epsilon, dy, adds, dx, parameters in
          unsafe run?(
            rows,
            scale.count,
            x.pointer,
            scale.pointer,
            epsilon,
            dy.pointer,
            adds ? 1 : 0,
            dx?.pointer,
            parameters?.0.pointer,
            parameters?.1.pointer
          )
        }
      )
    }
  }
}

extension KernelTable where Call == SoftmaxGradientCall {
  static func softmaxGradient() throws -> Self {
    try unsafe Self(vbk_softmax_gradient_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($0, $1, $2, $3.pointer, $4.pointer, $5 ? 1 : 0, $6.pointer) }
      )
    }
  }
}

extension KernelTable where Call == NormalizeGradientCall {
  static func normalizeGradient() throws -> Self {
    try unsafe Self(vbk_normalize_gradient_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($0, $1, $2.pointer, $3.pointer, $4 ? 1 : 0, $5.pointer) }
      )
    }
  }
}

extension KernelTable where Call == SumRowsCall {
  static func sumRows() throws -> Self {
    try unsafe Self(vbk_sum_rows_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($0, $6.count, $1, $2, $3, $4.pointer, $5 ? 1 : 0, $6.pointer) }
      )
    }
  }
}

extension KernelTable where Call == SumProductsCall {
  static func sumProducts() throws -> Self {
    try unsafe Self(vbk_sum_products_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($0, $5.count, $1, $2.pointer, $3.pointer, $4 ? 1 : 0, $5.pointer) }
      )
    }
  }
}

extension KernelTable where Call == FirstNonFiniteCall {
  static func firstNonFinite() throws -> Self {
    try unsafe Self(vbk_first_non_finite_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (row.name, row.needs, { unsafe run?($0.count, $0.pointer) ?? -1 })
    }
  }
}

extension KernelTable where Call == SumCall {
  static func sum() throws -> Self {
    try unsafe Self(vbk_sum_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (row.name, row.needs, { unsafe run?($0.count, $0.pointer) ?? .nan })
    }
  }
}

extension KernelTable where Call == ScaledCall {
  static func scaled() throws -> Self {
    try unsafe Self(vbk_scaled_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($1.count, $0, $1.pointer, $2 ? 1 : 0, $3.pointer) }
      )
    }
  }
}

extension KernelTable where Call == MultiplyRowCall {
  static func multiplyRow() throws -> Self {
    try unsafe Self(vbk_multiply_row_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($0, $2.count, $1.pointer, $2.pointer, $3 ? 1 : 0, $4.pointer) }
      )
    }
  }
}
