import CKernels

// The kernel's C signature, as VBKAttention.h documents it.
typealias AttentionBackwardFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKAttentionShape>?, Float, UnsafePointer<Float>?, UnsafePointer<Float>?,
    UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Float>?,
    UnsafeMutablePointer<Float>?, UnsafePointer<VBKAttentionGradients>?
  ) -> Void

/// The variant of attention's gradients that a context uses.
@safe struct AttentionBackwardKernel: Sendable {
  let choice: KernelChoice<AttentionBackwardFunction>

  /// Takes the best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe choice = unsafe KernelChoice(
      upTo: tier,
      vbk_attention_backward_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }
}
