import Kernels
package import Tensors

/// LAMB: AdamW's direction, of a length that follows the weights'.
///
/// You, Li, Reddi, Hseu et al. 2020, algorithm 2:
/// u = m̂ / (√v̂ + ε) + λ·w, w −= η·r·u with the trust ratio r = ‖w‖ / ‖u‖, 1 where either norm
/// is 0. The variant: moments are corrected for their start at 0, φ(‖w‖) = ‖w‖ without bounds, one
/// ratio per parameter. Parameters without weight decay keep r = 1, as in the authors' code, which
/// leaves norms and biases out of both; ask for `adaptsUndecayed` to have the paper's letter.
package final class LAMB: Optimizer {
  /// What may be chosen.
  package struct Options: Equatable, Sendable {
    /// β₁, in 0..<1.
    package var beta1: Double
    /// β₂, in 0..<1.
    package var beta2: Double
    /// ε, added to √v̂; above 0.
    package var epsilon: Double
    /// Whether parameters without weight decay have a trust ratio too.
    package var adaptsUndecayed: Bool

    /// States options; the defaults are the paper's.
    ///
    /// - Parameters:
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - epsilon: ε, added to √v̂; above 0.
    ///   - adaptsUndecayed: whether parameters without weight decay have a trust ratio too.
    package init(
      beta1: Double = 0.9,
      beta2: Double = 0.999,
      epsilon: Double = 1e-6,
      adaptsUndecayed: Bool = false
    ) {
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.adaptsUndecayed = adaptsUndecayed
    }
  }

  private let betas: AdamCoefficients.Betas
  private let adaptsUndecayed: Bool
  private let device: Device
  private var table: MomentTable

  /// Prepares to train.
  ///
  /// - Parameters:
  ///   - parameters: what to train.
  ///   - options: β₁, β₂, ε and what is adapted.
  ///   - device: where the moments' memory comes from.
  /// - Throws: ``OptimizersError`` where an option is out of its range.
  package init(
    _ parameters: [OptimizedParameter],
    options: Options = Options(),
    on device: Device
  ) throws {
    betas = try checkedBetas(options.beta1, options.beta2, epsilon: options.epsilon)
    adaptsUndecayed = options.adaptsUndecayed
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
          coefficients: .lamb(
            betas,
            number: entry.number,
            weightDecay: entry.group.weightDecay,
            gradientScale: gradientScale
          )
        )
      }
      let squares = device.compute.updateLAMBMoments(slices)
      let rates = zip(entries, squares).map { entry, squares in
        let isAdapted = adaptsUndecayed || entry.group.weightDecay > 0
        let ratio =
          isAdapted && squares.weights > 0 && squares.update > 0
          ? (squares.weights / squares.update).squareRoot() : 1
        return learningRate * entry.group.learningRateFactor * ratio
      }
      device.compute.applyLAMB(slices, rates: rates)
    }
  }

  package var state: [(name: String, tensor: Tensor)] { table.state(on: device) }

  package func load(_ state: [(name: String, tensor: Tensor)]) throws { try table.load(state) }
}
