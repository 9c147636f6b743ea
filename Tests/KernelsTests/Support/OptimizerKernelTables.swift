import CKernels

// The tables of the optimisers' kernels. Counts follow from the memory that a call is given.

/// Takes (step, w, g).
typealias SGDCall = (VBKSGDStep, GuardedFloats, GuardedFloats) -> Void
/// Takes (step, w, g, b).
typealias SGDMomentumCall = (VBKSGDStep, GuardedFloats, GuardedFloats, GuardedFloats) -> Void
/// Takes (step, w, g, m, v).
typealias AdamWCall = (
  VBKAdamStep, GuardedFloats, GuardedFloats, GuardedFloats, GuardedFloats
) -> Void
/// Takes (step, w, g, m, v) and the sums of squares, which it adds to.
typealias LAMBMomentsCall = (
  VBKAdamStep, GuardedFloats, GuardedFloats, GuardedFloats, GuardedFloats, inout [Double]
) -> Void
/// Takes (step, rate, w, m, v).
typealias LAMBApplyCall = (
  VBKAdamStep, Float, GuardedFloats, GuardedFloats, GuardedFloats
) -> Void
/// Takes (decay, share, w, average).
typealias MovingAverageCall = (Float, Float, GuardedFloats, GuardedFloats) -> Void
/// Takes x and returns Σ x².
typealias SumOfSquaresCall = (GuardedFloats) -> Double
/// Takes (factor, x).
typealias ScaleInPlaceCall = (Float, GuardedFloats) -> Void
/// Takes (factor, b, c, a).
typealias TriadCall = (Float, GuardedFloats, GuardedFloats, GuardedFloats) -> Void

extension KernelTable where Call == SGDCall {
  static func sgd() throws -> Self {
    try unsafe Self(vbk_sgd_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { step, w, g in
          var step = step
          unsafe run?(&step, w.count, w.pointer, g.pointer)
        }
      )
    }
  }
}

extension KernelTable where Call == SGDMomentumCall {
  static func sgdMomentum() throws -> Self {
    try unsafe Self(vbk_sgd_momentum_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { step, w, g, b in
          var step = step
          unsafe run?(&step, w.count, w.pointer, g.pointer, b.pointer)
        }
      )
    }
  }
}

extension KernelTable where Call == AdamWCall {
  static func adamW() throws -> Self {
    try unsafe Self(vbk_adamw_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { step, w, g, m, v in
          var step = step
          unsafe run?(&step, w.count, w.pointer, g.pointer, m.pointer, v.pointer)
        }
      )
    }
  }
}

extension KernelTable where Call == LAMBMomentsCall {
  static func lambMoments() throws -> Self {
    try unsafe Self(vbk_lamb_moments_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { step, w, g, m, v, squares in
          var step = step
          unsafe run?(&step, w.count, w.pointer, g.pointer, m.pointer, v.pointer, &squares)
        }
      )
    }
  }
}

extension KernelTable where Call == LAMBApplyCall {
  static func lambApply() throws -> Self {
    try unsafe Self(vbk_lamb_apply_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { step, rate, w, m, v in
          var step = step
          unsafe run?(&step, rate, w.count, w.pointer, m.pointer, v.pointer)
        }
      )
    }
  }
}

extension KernelTable where Call == MovingAverageCall {
  static func movingAverage() throws -> Self {
    try unsafe Self(vbk_moving_average_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs, { unsafe run?($2.count, $0, $1, $2.pointer, $3.pointer) }
      )
    }
  }
}

extension KernelTable where Call == SumOfSquaresCall {
  static func sumOfSquares() throws -> Self {
    try unsafe Self(vbk_sum_of_squares_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (row.name, row.needs, { unsafe run?($0.count, $0.pointer) ?? .nan })
    }
  }
}

extension KernelTable where Call == ScaleInPlaceCall {
  static func scaleInPlace() throws -> Self {
    try unsafe Self(vbk_scale_in_place_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (row.name, row.needs, { unsafe run?($1.count, $0, $1.pointer) })
    }
  }
}

extension KernelTable where Call == TriadCall {
  static func triad() throws -> Self {
    try unsafe Self(vbk_triad_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs, { unsafe run?($1.count, $0, $1.pointer, $2.pointer, $3.pointer) }
      )
    }
  }
}
