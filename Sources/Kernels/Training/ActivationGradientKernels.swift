import CKernels

// The kernels' C signatures, as CKernels' headers document them.
typealias UnaryGradientFunction =
  @convention(c) @Sendable (
    Int, UnsafePointer<Float>?, UnsafePointer<Float>?, CInt, UnsafeMutablePointer<Float>?
  ) -> Void

/// The variants of activations' gradients that a context uses.
@safe struct ActivationGradientKernels: Sendable {
  let relu: KernelChoice<UnaryGradientFunction>
  let gelu: KernelChoice<UnaryGradientFunction>
  let quickGELU: KernelChoice<UnaryGradientFunction>
  let sigmoidGradient: KernelChoice<UnaryGradientFunction>
  let sigmoid: KernelChoice<UnaryFunction>

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe relu = unsafe KernelChoice(
      upTo: tier,
      vbk_relu_gradient_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe gelu = unsafe KernelChoice(
      upTo: tier,
      vbk_gelu_gradient_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe quickGELU = unsafe KernelChoice(
      upTo: tier,
      vbk_quick_gelu_gradient_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe sigmoidGradient = unsafe KernelChoice(
      upTo: tier,
      vbk_sigmoid_gradient_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe sigmoid = unsafe KernelChoice(
      upTo: tier,
      vbk_sigmoid_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variants' names, such as `vbk_relu_gradient_f32__avx512`.
  var names: [String] {
    unsafe [
      relu.name, gelu.name, quickGELU.name, sigmoidGradient.name, sigmoid.name,
    ]
  }
}
