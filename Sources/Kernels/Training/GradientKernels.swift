/// The variants of what element-wise, row-wise and token operations need for their gradients.
@safe struct GradientKernels: Sendable {
  let arithmetic: ArithmeticKernels
  let activations: ActivationGradientKernels
  let rows: RowGradientKernels

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    arithmetic = ArithmeticKernels(upTo: tier)
    activations = ActivationGradientKernels(upTo: tier)
    rows = RowGradientKernels(upTo: tier)
  }

  /// The variants' names, such as `vbk_sum_f32__avx512`.
  var names: [String] { arithmetic.names + activations.names + rows.names }
}
