import CKernels

// The kernels' C signatures, as VBKLoss.h documents them.
typealias CrossEntropyClassesFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafePointer<VBKClassTargets>?, Float,
    UnsafeMutablePointer<Float>?
  ) -> Double
typealias CrossEntropyTargetsFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Float>?, Float,
    UnsafeMutablePointer<Float>?
  ) -> Double
typealias BinaryCrossEntropyFunction =
  @convention(c) @Sendable (
    Int, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Float>?,
    UnsafePointer<Float>?, Float, UnsafeMutablePointer<Float>?
  ) -> Double

/// The variants of the losses that a context uses.
@safe struct LossKernelSet: Sendable {
  let classes: KernelChoice<CrossEntropyClassesFunction>
  let targets: KernelChoice<CrossEntropyTargetsFunction>
  let binary: KernelChoice<BinaryCrossEntropyFunction>

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe classes = unsafe KernelChoice(
      upTo: tier,
      vbk_cross_entropy_classes_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe targets = unsafe KernelChoice(
      upTo: tier,
      vbk_cross_entropy_targets_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe binary = unsafe KernelChoice(
      upTo: tier,
      vbk_binary_cross_entropy_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variants' names.
  var names: [String] { unsafe [classes.name, targets.name, binary.name] }
}
