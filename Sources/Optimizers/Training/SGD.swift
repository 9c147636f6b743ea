import Kernels
package import Tensors

/// Stochastic gradient descent: `torch.optim.SGD` with dampening 0.
///
/// g' = g + λ·w (L2: the decay is part of the gradient), b = μ·b + g', and w −= η·b, or
/// w −= η·(g' + μ·b) with Nesterov's look ahead (Sutskever et al. 2013, as PyTorch writes it).
package final class SGD: Optimizer {
  /// What may be chosen.
  package struct Options: Equatable, Sendable {
    /// μ, in 0..<1; 0 keeps no buffer.
    package var momentum: Double
    /// Whether the gradient is looked at where the momentum leads; needs momentum.
    package var isNesterov: Bool

    /// States options.
    ///
    /// - Parameters:
    ///   - momentum: μ, in 0..<1; 0 keeps no buffer.
    ///   - isNesterov: whether the gradient is looked at where the momentum leads.
    package init(momentum: Double = 0, isNesterov: Bool = false) {
      self.momentum = momentum
      self.isNesterov = isNesterov
    }
  }

  private let options: Options
  private let device: Device
  private var table: MomentTable

  /// Prepares to train.
  ///
  /// - Parameters:
  ///   - parameters: what to train.
  ///   - options: momentum.
  ///   - device: where the buffers' memory comes from.
  /// - Throws: ``OptimizersError`` where an option is out of its range.
  package init(
    _ parameters: [OptimizedParameter],
    options: Options = Options(),
    on device: Device
  ) throws {
    try check(options.momentum, in: 0..<1, "momentum")
    guard options.momentum > 0 || !options.isNesterov else {
      throw OptimizersError(
        .invalidSetting(name: "momentum", value: "0", expected: "above 0 with Nesterov's")
      )
    }
    self.options = options
    self.device = device
    let kinds = options.momentum > 0 ? ["momentum_buffer"] : []
    table = MomentTable(kinds, of: parameters, on: device)
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
        SGDSlice(
          weights: entry.weights,
          gradient: entry.gradient,
          buffer: entry.moments.first,
          coefficients: SGDCoefficients(
            learningRate: learningRate * entry.group.learningRateFactor,
            momentum: options.momentum,
            isNesterov: options.isNesterov,
            weightDecay: entry.group.weightDecay,
            gradientScale: gradientScale
          )
        )
      }
      device.compute.stepSGD(slices)
    }
  }

  package var state: [(name: String, tensor: Tensor)] { table.state(on: device) }

  package func load(_ state: [(name: String, tensor: Tensor)]) throws { try table.load(state) }
}
