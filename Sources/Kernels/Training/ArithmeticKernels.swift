import CKernels

// The kernels' C signatures, as CKernels' headers document them.
typealias FirstNonFiniteFunction =
  @convention(c) @Sendable (
    Int, UnsafePointer<Float>?
  ) -> Int
typealias SumFunction =
  @convention(c) @Sendable (
    Int, UnsafePointer<Float>?
  ) -> Double
typealias ScaledFunction =
  @convention(c) @Sendable (
    Int, Float, UnsafePointer<Float>?, CInt, UnsafeMutablePointer<Float>?
  ) -> Void
typealias MultiplyRowFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafePointer<Float>?, CInt, UnsafeMutablePointer<Float>?
  ) -> Void

/// The variants of sums, multiples and searches that a context uses.
@safe struct ArithmeticKernels: Sendable {
  let firstNonFinite: KernelChoice<FirstNonFiniteFunction>
  let sum: KernelChoice<SumFunction>
  let scaled: KernelChoice<ScaledFunction>
  let multiplyRow: KernelChoice<MultiplyRowFunction>

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe firstNonFinite = unsafe KernelChoice(
      upTo: tier,
      vbk_first_non_finite_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe sum = unsafe KernelChoice(
      upTo: tier,
      vbk_sum_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe scaled = unsafe KernelChoice(
      upTo: tier,
      vbk_scaled_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe multiplyRow = unsafe KernelChoice(
      upTo: tier,
      vbk_multiply_row_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variants' names, such as `vbk_first_non_finite_f32__avx512`.
  var names: [String] {
    unsafe [
      firstNonFinite.name, sum.name, scaled.name, multiplyRow.name,
    ]
  }
}
