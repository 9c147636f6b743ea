import Kernels
package import Tensors

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): `torch.optim.AdamW`.
///
/// w ← (1 − η·λ)·w, then w −= η·m̂ / (√v̂ + ε) with moments corrected for their start at 0.
package final class AdamW: Optimizer {
  /// What may be chosen.
  package struct Options: Equatable, Sendable {
    /// β₁, in 0..<1.
    package var beta1: Double
    /// β₂, in 0..<1.
    package var beta2: Double
    /// ε, added to √v̂; above 0.
    package var epsilon: Double

    /// States options; the defaults are PyTorch's.
    ///
    /// - Parameters:
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - epsilon: ε, added to √v̂; above 0.
    package init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
    }
  }

  private let betas: AdamCoefficients.Betas
  private let device: Device
  private var table: MomentTable

  /// Prepares to train.
  ///
  /// - Parameters:
  ///   - parameters: what to train.
  ///   - options: β₁, β₂ and ε.
  ///   - device: where the moments' memory comes from.
  /// - Throws: ``OptimizersError`` where an option is out of its range.
  package init(
    _ parameters: [OptimizedParameter],
    options: Options = Options(),
    on device: Device
  ) throws {
    betas = try checkedBetas(options.beta1, options.beta2, epsilon: options.epsilon)
    self.device = device
    table = MomentTable(["exp_avg", "exp_avg_sq"], of: parameters, on: device)
  }

  package var parameters: [OptimizedParameter] { table.parameters }

  package var stepCount: Int { table.stepCount }

  package var momentBytes: Int { table.byteCount }

  package func step(
    gradients: [Tensor?],
    learningRate: Double,
    gradientScale: Double,
    on device: Device
  ) {
    table.advance(gradients) { entries in
      let slices = entries.map { entry in
        AdamSlice(
          weights: entry.weights,
          gradient: entry.gradient,
          firstMoments: entry.moments[0],
          secondMoments: entry.moments[1],
          coefficients: .adamW(
            betas,
            number: entry.number,
            learningRate: learningRate * entry.group.learningRateFactor,
            weightDecay: entry.group.weightDecay,
            gradientScale: gradientScale
          )
        )
      }
      device.compute.stepAdamW(slices)
    }
  }

  package var state: [(name: String, tensor: Tensor)] { table.state(on: device) }

  package func load(_ state: [(name: String, tensor: Tensor)]) throws { try table.load(state) }
}
