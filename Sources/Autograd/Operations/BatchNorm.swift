import Kernels
import Parallelism
package import Tensors

/// Which statistics a batch normalisation takes.
package enum BatchNormMode {
  /// The batch's own; the running averages follow them in place.
  ///
  /// As in PyTorch: average ← (1 − momentum) · average + momentum · statistic, where the running
  /// variance follows the unbiased one (Σ deviation² / (R − 1)).
  case training(mean: Tensor, variance: Tensor, momentum: Float)
  /// These, which stay as they are.
  case frozen(mean: Tensor, variance: Tensor)
}

extension Tape {
  /// relu?((x − mean) / √(variance + ε) · scale + shift + residual) for each channel.
  ///
  /// Ioffe and Szegedy 2015, algorithm 1; the gradient is the one of their section 3:
  /// dx = scale/σ · (g − mean(g) − x̂ · mean(g·x̂)) with g = dy where ReLU let pass, and
  /// dx = scale/σ · g where the statistics are frozen.
  ///
  /// Kept: x (unless scale, shift and statistics are frozen) and one bit per element with ReLU. 8 bytes per element are read and 4 written in the forward pass, 16 and 4 in
  /// the backward pass, into dy's memory where nobody else holds it.
  ///
  /// - Parameters:
  ///   - x: [N, H, W, C] or [N, C], or any other sizes with channels last.
  ///   - scale: C floats.
  ///   - shift: C floats.
  ///   - epsilon: what is added to the variance.
  ///   - mode: which statistics; C floats each. With the batch's own there are two rows or more.
  ///   - residual: as x; nil for nothing.
  ///   - relu: whether negative numbers become zero.
  /// - Returns: as x.
  package func batchNorm(
    _ x: Variable,
    scale: Variable,
    shift: Variable,
    epsilon: Float,
    mode: BatchNormMode,
    residual: Variable? = nil,
    relu: Bool
  ) -> Variable {
    let channels = scale.value.count
    precondition(
      x.value.columns == channels && shift.value.count == channels
        && (residual?.shape ?? x.shape) == x.shape,
      "batch norm of \(x.shape) with scale \(scale.shape), shift \(shift.shape), "
        + "residual \(residual?.shape ?? [])"
    )
    let statistics = BatchStatistics(
      of: x.value,
      mode,
      epsilon: epsilon,
      updates: !isRecomputing,
      on: device
    )
    let inputs = [x.gradient, scale.gradient, shift.gradient, residual?.gradient]
    let isTracked = inputs.contains { $0 != nil }
    let words = x.value.rows * device.compute.bitWords(channels)
    let passed = relu && isTracked ? Tensor(uninitialized: [words], on: device) : nil
    let y = Tensor(uninitialized: x.shape, on: device)
    let factor = zip(scale.value.elements, statistics.inverse).map { $0 * Float($1) }
    let factors = Tensor(factor, shape: [channels], on: device)
    withViews(statistics.mean, factors, shift.value, x.value) { mean, factor, shift, x in
      withOptionalView(residual?.value) { residual in
        withOptionalView(passed) { passed in
          y.withView {
            device.compute.normalizeChannels(
              x,
              (mean, factor, shift),
              residual: residual,
              relu: relu,
              passed: passed,
              into: $0
            )
          }
        }
      }
    }
    let needsInput =
      scale.gradient != nil || shift.gradient != nil
      || (statistics.areOfBatch && x.gradient != nil)
    let backward = BatchNormGradient(
      statistics: statistics,
      x: needsInput ? x.value : nil,
      scale: scale.value,
      passed: passed,
      device: device
    )
    let (dx, dScale) = (x.gradient, scale.gradient)
    let (dShift, dResidual) = (shift.gradient, residual?.gradient)
    return record("batch_norm", y, inputs) { dy in
      backward.add(dy: &dy, dx: dx, dScale: dScale, dShift: dShift, dResidual: dResidual)
    }
  }
}
