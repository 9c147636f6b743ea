import Kernels
import Parallelism
import Tensors

/// What a batch is normalised with.
struct BatchStatistics {
  /// C floats.
  let mean: Tensor
  /// 1 / √(variance + ε) of each channel.
  let inverse: [Double]
  /// Whether they are the batch's own, so that they change with x.
  let areOfBatch: Bool

  /// Computes or takes the statistics, and lets running averages follow.
  ///
  /// - Parameters:
  ///   - x: R rows of C floats.
  ///   - mode: which statistics.
  ///   - epsilon: what is added to the variance.
  ///   - updates: whether the running averages follow.
  ///   - device: where to run.
  init(of x: Tensor, _ mode: BatchNormMode, epsilon: Float, updates: Bool, on device: Device) {
    let (channels, rows) = (x.columns, x.rows)
    switch mode {
    case .frozen(let mean, let variance):
      precondition(
        mean.count == channels && variance.count == channels,
        "batch norm of \(x.shape) with statistics of \(mean.shape) and \(variance.shape)"
      )
      self.mean = mean
      inverse = variance.elements.map { 1 / (Double($0) + Double(epsilon)).squareRoot() }
      areOfBatch = false
    case .training(let runningMean, let runningVariance, let momentum):
      precondition(
        rows > 1 && runningMean.count == channels && runningVariance.count == channels,
        "the statistics of \(x.shape), whose averages are \(runningMean.shape) and "
          + "\(runningVariance.shape); there must be two rows or more"
      )
      let (means, variances) = x.withView {
        device.compute.channelMoments($0, channels: channels)
      }
      if updates {
        let unbiased = Double(rows) / Double(rows - 1)
        follow(runningMean, means, momentum: momentum)
        follow(runningVariance, variances.map { $0 * unbiased }, momentum: momentum)
      }
      mean = Tensor(means.map { Float($0) }, shape: [channels], on: device)
      inverse = variances.map { 1 / ($0 + Double(epsilon)).squareRoot() }
      areOfBatch = true
    }
  }
}

/// average ← (1 − momentum) · average + momentum · statistic, in place.
private func follow(_ average: Tensor, _ statistics: [Double], momentum: Float) {
  average.withView { view in
    for (index, statistic) in statistics.enumerated() {
      view[index] = Float(Double(1 - momentum) * Double(view[index]) + Double(momentum) * statistic)
    }
  }
}

/// What a batch normalisation keeps for its backward pass.
struct BatchNormGradient {
  let statistics: BatchStatistics
  /// The input; nil where no gradient depends on it.
  let x: Tensor?
  let scale: Tensor
  /// Where ReLU let pass; nil for everywhere.
  let passed: Tensor?
  let device: Device

  /// Adds to the inputs' gradients.
  ///
  /// - Parameters:
  ///   - dy: the output's gradient; its memory is used where nobody else holds it.
  ///   - dx: the input's; nil for a constant, as the others.
  ///   - dScale: the scale's.
  ///   - dShift: the shift's.
  ///   - dResidual: the residual's.
  func add(
    dy: inout Tensor,
    dx: Gradient?,
    dScale: Gradient?,
    dShift: Gradient?,
    dResidual: Gradient?
  ) {
    let sums = x.map { x in
      withViews(dy, x, statistics.mean) { dy, x, mean in
        withOptionalView(passed) {
          device.compute.channelGradientSums(dy, passed: $0, x, mean: mean)
        }
      }
    }
    if let (sums, products) = sums {
      let scaled = zip(products, statistics.inverse).map { Float($0 * $1) }
      dScale?.add(Tensor(scaled, shape: [scaled.count], on: device), on: device)
      dShift?.add(Tensor(sums.map { Float($0) }, shape: [sums.count], on: device), on: device)
    }
    guard dx != nil || dResidual != nil else { return }
    let factors = factors(of: sums, rows: dy.rows)
    // dy's memory takes the gradient behind ReLU, or dx where no residual is there.
    let isOurs = dy.isUniquelyHeld()
    let needsBehind = dResidual != nil && passed != nil
    let behind = needsBehind ? (isOurs ? dy : Tensor(uninitialized: dy.shape, on: device)) : nil
    let overwrites = isOurs && dResidual == nil
    let result = dx.map { _ in overwrites ? dy : Tensor(uninitialized: dy.shape, on: device) }
    if result != nil || behind != nil { write(dy, factors, into: result, behind: behind) }
    if let dResidual { dResidual.add(behind ?? dy, on: device) }
    if let result { dx?.add(result, on: device) }
  }

  private func write(_ dy: Tensor, _ factors: Tensor, into dx: Tensor?, behind: Tensor?) {
    withViews(dy, factors, statistics.mean) { dy, factors, mean in
      withOptionalView(statistics.areOfBatch ? x : nil) { x in
        withOptionalView(passed) { passed in
          withOptionalView(dx) { dx in
            withOptionalView(behind) { behind in
              device.compute.channelGradient(
                dy,
                passed: passed,
                x.map { ($0, mean: mean) },
                factors: factors,
                into: dx,
                gradient: behind
              )
            }
          }
        }
      }
    }
  }

  /// The three rows of factors of g, x − mean and 1 in dx.
  private func factors(
    of sums: (sums: [Double], products: [Double])?,
    rows: Int
  ) -> Tensor {
    let scales = zip(scale.elements, statistics.inverse).map { Double($0) * $1 }
    var factors = scales
    if statistics.areOfBatch, let (sums, products) = sums {
      let share = 1 / Double(rows)
      factors += scales.indices.map { channel in
        let inverse = statistics.inverse[channel]
        return -scales[channel] * inverse * inverse * products[channel] * share
      }
      factors += zip(scales, sums).map { -$0 * $1 * share }
    } else {
      factors += [Double](repeating: 0, count: 2 * scales.count)
    }
    return Tensor(factors.map { Float($0) }, shape: [3, scales.count], on: device)
  }
}
