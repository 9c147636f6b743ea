import CKernels
import Glibc

/// The numbers of one parameter's step of stochastic gradient descent.
@safe package struct SGDCoefficients: Sendable {
  let step: VBKSGDStep

  /// Prepares a step.
  ///
  /// - Parameters:
  ///   - learningRate: what the update is multiplied with.
  ///   - momentum: what the buffer is multiplied with before the gradient is added; 0 for none.
  ///   - isNesterov: whether the gradient is looked at where the momentum leads.
  ///   - weightDecay: λ of the penalty λ/2·‖w‖², whose gradient is added (L2, not decoupled).
  ///   - gradientScale: what the gradient is multiplied with first.
  package init(
    learningRate: Double,
    momentum: Double,
    isNesterov: Bool,
    weightDecay: Double,
    gradientScale: Double
  ) {
    step = VBKSGDStep(
      gradientScale: Float(gradientScale),
      decay: Float(weightDecay),
      rate: Float(learningRate),
      momentum: Float(momentum),
      gradientShare: isNesterov ? 1 : 0,
      bufferShare: isNesterov ? Float(momentum) : 1
    )
  }
}

/// The numbers of one parameter's step with Adam's moments.
@safe package struct AdamCoefficients: Sendable {
  var step: VBKAdamStep

  /// β₁, β₂ and ε of Adam (Kingma and Ba 2015, algorithm 1).
  package struct Betas: Sendable {
    /// β₁, in 0..<1.
    package var first: Double
    /// β₂, in 0..<1.
    package var second: Double
    /// ε, added to the root of the corrected second moment.
    package var epsilon: Double

    /// States the numbers.
    ///
    /// - Parameters:
    ///   - first: β₁, in 0..<1.
    ///   - second: β₂, in 0..<1.
    ///   - epsilon: ε, added to the root of the corrected second moment.
    package init(first: Double, second: Double, epsilon: Double) {
      self.first = first
      self.second = second
      self.epsilon = epsilon
    }
  }

  /// Prepares a step of AdamW: w ← (1 − η·λ)·w − η·m̂ / (√v̂ + ε).
  ///
  /// - Parameters:
  ///   - betas: β₁, β₂ and ε.
  ///   - number: t, the step's number; 1 for the first.
  ///   - learningRate: η.
  ///   - weightDecay: λ.
  ///   - gradientScale: what the gradient is multiplied with first.
  /// - Returns: the step's numbers, computed in double.
  package static func adamW(
    _ betas: Betas,
    number: Int,
    learningRate: Double,
    weightDecay: Double,
    gradientScale: Double
  ) -> AdamCoefficients {
    var coefficients = AdamCoefficients(betas, number: number, gradientScale: gradientScale)
    let correction = 1 - pow(betas.first, Double(number))
    coefficients.step.firstCorrection = Float(learningRate / correction)
    coefficients.step.decay = Float(1 - learningRate * weightDecay)
    return coefficients
  }

  /// Prepares a step of LAMB: u = m̂ / (√v̂ + ε) + λ·w.
  ///
  /// - Parameters:
  ///   - betas: β₁, β₂ and ε.
  ///   - number: t, the step's number; 1 for the first.
  ///   - weightDecay: λ.
  ///   - gradientScale: what the gradient is multiplied with first.
  /// - Returns: the step's numbers, computed in double.
  package static func lamb(
    _ betas: Betas,
    number: Int,
    weightDecay: Double,
    gradientScale: Double
  ) -> AdamCoefficients {
    var coefficients = AdamCoefficients(betas, number: number, gradientScale: gradientScale)
    coefficients.step.decay = Float(weightDecay)
    return coefficients
  }

  private init(_ betas: Betas, number: Int, gradientScale: Double) {
    precondition(number >= 1, "step \(number) of Adam; the first one is 1")
    step = VBKAdamStep(
      gradientScale: Float(gradientScale),
      firstShare: Float(1 - betas.first),
      beta2: Float(betas.second),
      secondShare: Float(1 - betas.second),
      firstCorrection: Float(1 / (1 - pow(betas.first, Double(number)))),
      secondRoot: Float(1 / (1 - pow(betas.second, Double(number))).squareRoot()),
      epsilon: Float(betas.epsilon),
      decay: 0
    )
  }
}
