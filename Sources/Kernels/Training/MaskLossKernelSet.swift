import CKernels

// The kernels' C signatures, as VBKMaskLoss.h documents them.
typealias MaskSumsFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafePointer<UInt8>?, UnsafePointer<Float>?,
    UnsafeMutablePointer<Double>?
  ) -> Void
typealias MaskGradientFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafePointer<UInt8>?, UnsafePointer<VBKMaskSlopes>?, CInt,
    UnsafeMutablePointer<Float>?
  ) -> Void

/// The variants of the masks' losses that a context uses.
@safe struct MaskLossKernelSet: Sendable {
  let sigmoidSums: KernelChoice<MaskSumsFunction>
  let softmaxSums: KernelChoice<MaskSumsFunction>
  let sigmoidGradient: KernelChoice<MaskGradientFunction>
  let softmaxGradient: KernelChoice<MaskGradientFunction>

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe sigmoidSums = unsafe KernelChoice(
      upTo: tier,
      vbk_mask_sums_sigmoid_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe softmaxSums = unsafe KernelChoice(
      upTo: tier,
      vbk_mask_sums_softmax_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe sigmoidGradient = unsafe KernelChoice(
      upTo: tier,
      vbk_mask_gradient_sigmoid_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe softmaxGradient = unsafe KernelChoice(
      upTo: tier,
      vbk_mask_gradient_softmax_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variants' names.
  var names: [String] {
    unsafe [sigmoidSums.name, softmaxSums.name, sigmoidGradient.name, softmaxGradient.name]
  }
}
