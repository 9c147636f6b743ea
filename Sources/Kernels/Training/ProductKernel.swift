import CKernels

// The kernel's C signature, as CKernels' header documents it.
typealias ProductFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKProductShape>?, UnsafePointer<Float>?, UnsafePointer<Float>?,
    UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?,
    UnsafeMutablePointer<Float>?
  ) -> Void

/// The variant of the product of matrices that a context uses.
@safe struct ProductKernel: Sendable {
  let product: KernelChoice<ProductFunction>

  /// Takes the best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe product = unsafe KernelChoice(
      upTo: tier,
      vbk_product_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variant's name, such as `vbk_product_f32__avx512`.
  var names: [String] { unsafe [product.name] }
}
