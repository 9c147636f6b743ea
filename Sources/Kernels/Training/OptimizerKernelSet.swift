import CKernels

// The kernels' C signatures, as VBKOptimizer.h documents them.
typealias SGDFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKSGDStep>?, Int, UnsafeMutablePointer<Float>?, UnsafePointer<Float>?
  ) -> Void
typealias SGDMomentumFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKSGDStep>?, Int, UnsafeMutablePointer<Float>?, UnsafePointer<Float>?,
    UnsafeMutablePointer<Float>?
  ) -> Void
typealias AdamWFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKAdamStep>?, Int, UnsafeMutablePointer<Float>?, UnsafePointer<Float>?,
    UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias LAMBMomentsFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKAdamStep>?, Int, UnsafePointer<Float>?, UnsafePointer<Float>?,
    UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Double>?
  ) -> Void
typealias LAMBApplyFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKAdamStep>?, Float, Int, UnsafeMutablePointer<Float>?, UnsafePointer<Float>?,
    UnsafePointer<Float>?
  ) -> Void
typealias MovingAverageFunction =
  @convention(c) @Sendable (
    Int, Float, Float, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias SumOfSquaresFunction =
  @convention(c) @Sendable (Int, UnsafePointer<Float>?) -> Double
typealias ScaleInPlaceFunction =
  @convention(c) @Sendable (Int, Float, UnsafeMutablePointer<Float>?) -> Void
typealias TriadFunction =
  @convention(c) @Sendable (
    Int, Float, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void

/// The variants of the optimisers' kernels that a context uses.
@safe struct OptimizerKernelSet: Sendable {
  let sgd: KernelChoice<SGDFunction>
  let sgdMomentum: KernelChoice<SGDMomentumFunction>
  let adamW: KernelChoice<AdamWFunction>
  let lambMoments: KernelChoice<LAMBMomentsFunction>
  let lambApply: KernelChoice<LAMBApplyFunction>
  let movingAverage: KernelChoice<MovingAverageFunction>
  let sumOfSquares: KernelChoice<SumOfSquaresFunction>
  let scaleInPlace: KernelChoice<ScaleInPlaceFunction>
  let triad: KernelChoice<TriadFunction>

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    unsafe sgd = unsafe KernelChoice(
      upTo: tier,
      vbk_sgd_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe sgdMomentum = unsafe KernelChoice(
      upTo: tier,
      vbk_sgd_momentum_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe adamW = unsafe KernelChoice(
      upTo: tier,
      vbk_adamw_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe lambMoments = unsafe KernelChoice(
      upTo: tier,
      vbk_lamb_moments_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe lambApply = unsafe KernelChoice(
      upTo: tier,
      vbk_lamb_apply_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe movingAverage = unsafe KernelChoice(
      upTo: tier,
      vbk_moving_average_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe sumOfSquares = unsafe KernelChoice(
      upTo: tier,
      vbk_sum_of_squares_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe scaleInPlace = unsafe KernelChoice(
      upTo: tier,
      vbk_scale_in_place_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe triad = unsafe KernelChoice(
      upTo: tier,
      vbk_triad_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variants' names, such as `vbk_adamw_f32__avx512`.
  var names: [String] {
    unsafe [
      sgd.name, sgdMomentum.name, adamW.name, lambMoments.name, lambApply.name,
      movingAverage.name, sumOfSquares.name, scaleInPlace.name, triad.name,
    ]
  }
}
