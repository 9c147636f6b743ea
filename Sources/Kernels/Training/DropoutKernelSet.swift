import CKernels

// The kernels' C signatures, as VBKDropout.h and VBKWeightedRows.h document them.
typealias DropoutFunction =
  @convention(c) @Sendable (
    Int, UInt64, UInt64, UInt32, Float, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias WeightedRowsFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKRowTaps>?, Int, Int, Int, UnsafePointer<Float>?, CInt,
    UnsafeMutablePointer<Float>?
  ) -> Void

/// The variants of dropout and resampling that a context uses.
@safe struct DropoutKernelSet: Sendable {
  let dropout: KernelChoice<DropoutFunction>
  let weightedRows: KernelChoice<WeightedRowsFunction>

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe dropout = unsafe KernelChoice(
      upTo: tier,
      vbk_dropout_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe weightedRows = unsafe KernelChoice(
      upTo: tier,
      vbk_weighted_rows_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variants' names.
  var names: [String] { unsafe [dropout.name, weightedRows.name] }
}
