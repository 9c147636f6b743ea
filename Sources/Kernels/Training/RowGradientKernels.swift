import CKernels

// The kernels' C signatures, as CKernels' headers document them.
typealias LayerNormGradientFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafePointer<Float>?, Float, UnsafePointer<Float>?,
    CInt, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias SoftmaxGradientFunction =
  @convention(c) @Sendable (
    Int, Int, Float, UnsafePointer<Float>?, UnsafePointer<Float>?, CInt,
    UnsafeMutablePointer<Float>?
  ) -> Void
typealias NormalizeGradientFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafePointer<Float>?, CInt, UnsafeMutablePointer<Float>?
  ) -> Void
typealias SumRowsFunction =
  @convention(c) @Sendable (
    Int, Int, Int, UnsafePointer<Int32>?, UnsafePointer<Double>?, UnsafePointer<Float>?,
    CInt, UnsafeMutablePointer<Float>?
  ) -> Void
typealias SumProductsFunction =
  @convention(c) @Sendable (
    Int, Int, Int, UnsafePointer<Float>?, UnsafePointer<Float>?, CInt, UnsafeMutablePointer<Float>?
  ) -> Void

/// The variants of row-wise operations' gradients and of sums of rows that a context uses.
@safe struct RowGradientKernels: Sendable {
  let layerNorm: KernelChoice<LayerNormGradientFunction>
  let softmax: KernelChoice<SoftmaxGradientFunction>
  let normalize: KernelChoice<NormalizeGradientFunction>
  let sumRows: KernelChoice<SumRowsFunction>
  let sumProducts: KernelChoice<SumProductsFunction>

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe layerNorm = unsafe KernelChoice(
      upTo: tier,
      vbk_layer_norm_gradient_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe softmax = unsafe KernelChoice(
      upTo: tier,
      vbk_softmax_gradient_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe normalize = unsafe KernelChoice(
      upTo: tier,
      vbk_normalize_gradient_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe sumRows = unsafe KernelChoice(
      upTo: tier,
      vbk_sum_rows_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe sumProducts = unsafe KernelChoice(
      upTo: tier,
      vbk_sum_products_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variants' names, such as `vbk_layer_norm_gradient_f32__avx512`.
  var names: [String] {
    unsafe [
      layerNorm.name, softmax.name, normalize.name, sumRows.name, sumProducts.name,
    ]
  }
}
