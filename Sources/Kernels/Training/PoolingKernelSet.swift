import CKernels

// The kernels' C signatures, as VBKPoolingGradient.h documents them.
typealias MaxPoolCellsFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKPoolShape>?, Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?,
    UnsafeMutablePointer<UInt8>?
  ) -> Void
typealias MaxPoolGradientFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKPoolShape>?, Int, Int, UnsafePointer<Float>?, UnsafePointer<UInt8>?, CInt,
    UnsafeMutablePointer<Float>?
  ) -> Void
typealias AveragePoolGradientFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKPoolShape>?, Int, Int, UnsafePointer<Float>?, CInt,
    UnsafeMutablePointer<Float>?
  ) -> Void

/// The variants of pooling's gradients that a context uses.
@safe struct PoolingKernelSet: Sendable {
  let maxCells: KernelChoice<MaxPoolCellsFunction>
  let maxGradient: KernelChoice<MaxPoolGradientFunction>
  let averageGradient: KernelChoice<AveragePoolGradientFunction>

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe maxCells = unsafe KernelChoice(
      upTo: tier,
      vbk_max_pool_cells_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe maxGradient = unsafe KernelChoice(
      upTo: tier,
      vbk_max_pool_gradient_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe averageGradient = unsafe KernelChoice(
      upTo: tier,
      vbk_average_pool_gradient_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variants' names.
  var names: [String] { unsafe [maxCells.name, maxGradient.name, averageGradient.name] }
}
