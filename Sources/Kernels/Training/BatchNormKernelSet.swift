import CKernels

// The kernels' C signatures, as VBKBatchNorm.h documents them.
typealias ColumnMomentsFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?,
    UnsafeMutablePointer<Float>?
  ) -> Void
typealias NormalizeColumnsFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Float>?,
    UnsafePointer<Float>?, UnsafePointer<Float>?, CInt, UnsafeMutableRawPointer?,
    UnsafeMutablePointer<Float>?
  ) -> Void
typealias ColumnGradientSumsFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafeRawPointer?, UnsafePointer<Float>?,
    UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias ColumnGradientFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafeRawPointer?, UnsafePointer<Float>?,
    UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?,
    UnsafeMutablePointer<Float>?
  ) -> Void

/// The variants of the channels' normalisation that a context uses.
@safe struct BatchNormKernelSet: Sendable {
  let moments: KernelChoice<ColumnMomentsFunction>
  let normalize: KernelChoice<NormalizeColumnsFunction>
  let gradientSums: KernelChoice<ColumnGradientSumsFunction>
  let gradient: KernelChoice<ColumnGradientFunction>

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe moments = unsafe KernelChoice(
      upTo: tier,
      vbk_column_moments_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe normalize = unsafe KernelChoice(
      upTo: tier,
      vbk_normalize_columns_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe gradientSums = unsafe KernelChoice(
      upTo: tier,
      vbk_column_gradient_sums_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe gradient = unsafe KernelChoice(
      upTo: tier,
      vbk_column_gradient_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variants' names.
  var names: [String] {
    unsafe [moments.name, normalize.name, gradientSums.name, gradient.name]
  }
}
