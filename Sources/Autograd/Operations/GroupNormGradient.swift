import Kernels
import Parallelism
import Tensors

/// What a group normalisation keeps for its backward pass.
struct GroupNormGradient {
  /// Of each image.
  let statistics: [GroupStatistics]
  let grouping: Grouping
  let x: Tensor
  let scale: Tensor
  let device: Device

  /// Adds to the inputs' gradients, image by image in order.
  ///
  /// - Parameters:
  ///   - dy: the output's gradient; its memory is used where nobody else holds it.
  ///   - dx: the input's; nil for a constant, as the others.
  ///   - dScale: the scale's.
  ///   - dShift: the shift's.
  func add(dy: inout Tensor, dx: Gradient?, dScale: Gradient?, dShift: Gradient?) {
    let channels = grouping.channels
    let isOurs = dy.isUniquelyHeld()
    let result = dx.map { _ in isOurs ? dy : Tensor(uninitialized: dy.shape, on: device) }
    var scaleSums = [Double](repeating: 0, count: channels)
    var shiftSums = scaleSums
    for (image, statistics) in statistics.enumerated() {
      let part = grouping.part(image)
      let (sums, products) = withViews(dy, x, statistics.mean) {
        device.compute.channelGradientSums($0[part], passed: nil, $1[part], mean: $2)
      }
      for channel in 0..<channels {
        scaleSums[channel] += products[channel] * statistics.inverse[channel]
        shiftSums[channel] += sums[channel]
      }
      guard let result else { continue }
      let factors = grouping.factors(
        (sums, products),
        inverse: statistics.inverse,
        scale: scale.elements,
        on: device
      )
      withViews(dy, x, statistics.mean, factors) { dy, x, mean, factors in
        result.withView {
          device.compute.channelGradient(
            dy[part],
            passed: nil,
            (x[part], mean: mean),
            factors: factors,
            into: $0[part],
            gradient: nil
          )
        }
      }
    }
    dScale?.add(Tensor(scaleSums.map { Float($0) }, shape: [channels], on: device), on: device)
    dShift?.add(Tensor(shiftSums.map { Float($0) }, shape: [channels], on: device), on: device)
    if let result { dx?.add(result, on: device) }
  }
}

/// The statistics of one image, repeated for each channel of a group.
struct GroupStatistics {
  /// C floats.
  let mean: Tensor
  /// 1 / √(variance + ε) of each channel's group.
  let inverse: [Double]
}

/// How channels are grouped.
struct Grouping {
  let images: Int
  let pixels: Int
  let channels: Int
  let groups: Int

  /// Where an image's elements lie.
  func part(_ image: Int) -> Range<Int> {
    image * pixels * channels..<(image + 1) * pixels * channels
  }

  /// The channels of a group.
  private func members(_ group: Int) -> Range<Int> {
    group * channels / groups..<(group + 1) * channels / groups
  }

  /// A group's moments from its channels': the channels' own, and those of their means.
  func statistics(
    _ moments: (means: [Double], variances: [Double]),
    epsilon: Float,
    on device: Device
  ) -> GroupStatistics {
    var (means, inverse): ([Double], [Double]) = ([], [])
    for group in 0..<groups {
      let members = members(group)
      let count = Double(members.count)
      let mean = moments.means[members].reduce(0, +) / count
      let variance = members.reduce(0.0) { sum, channel in
        let difference = moments.means[channel] - mean
        return sum + moments.variances[channel] + difference * difference
      }
      means += members.map { _ in mean }
      inverse += members.map { _ in 1 / (variance / count + Double(epsilon)).squareRoot() }
    }
    let mean = Tensor(means.map { Float($0) }, shape: [channels], on: device)
    return GroupStatistics(mean: mean, inverse: inverse)
  }

  /// The three rows of factors of dy, x − mean and 1 in dx.
  ///
  /// With g = dy·scale: dx = (g − mean(g) − x̂ · mean(g·x̂)) / σ, means over the group.
  func factors(
    _ totals: (sums: [Double], products: [Double]),
    inverse: [Double],
    scale: [Float],
    on device: Device
  ) -> Tensor {
    var rows: [[Double]] = [[], [], []]
    for group in 0..<groups {
      let members = members(group)
      let share = 1 / Double(members.count * pixels)
      let sum = members.reduce(0.0) { $0 + Double(scale[$1]) * totals.sums[$1] }
      let product = members.reduce(0.0) { $0 + Double(scale[$1]) * totals.products[$1] }
      for channel in members {
        let factor = inverse[channel]
        rows[0].append(Double(scale[channel]) * factor)
        rows[1].append(-factor * factor * factor * product * share)
        rows[2].append(-factor * sum * share)
      }
    }
    return Tensor(rows.joined().map { Float($0) }, shape: [3, channels], on: device)
  }
}
