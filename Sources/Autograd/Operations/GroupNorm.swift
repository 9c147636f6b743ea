import Kernels
import Parallelism
import Tensors

extension Tape {
  /// (x − mean) / √(variance + ε) · scale + shift, with statistics of each image's groups of channels.
  ///
  /// Wu and He 2018, section 3.1. Memory moves as for `batchNorm`, image by image: each channel's
  /// moments give its group's. Kept: x.
  ///
  /// - Parameters:
  ///   - x: [N, H, W, C], none of them 0.
  ///   - scale: C floats.
  ///   - shift: C floats.
  ///   - groups: how many groups of neighbouring channels there are; a divisor of C.
  ///   - epsilon: what is added to the variance.
  /// - Returns: as x.
  package func groupNorm(
    _ x: Variable,
    scale: Variable,
    shift: Variable,
    groups: Int,
    epsilon: Float
  ) -> Variable {
    let channels = scale.value.count
    precondition(
      x.shape.count == 4 && x.shape[3] == channels && shift.value.count == channels
        && x.value.count > 0 && groups > 0 && channels % groups == 0,
      "group norm of \(x.shape) with \(groups) groups, scale \(scale.shape), shift \(shift.shape)"
    )
    let y = Tensor(uninitialized: x.shape, on: device)
    let grouping = Grouping(
      images: x.shape[0],
      pixels: x.shape[1] * x.shape[2],
      channels: channels,
      groups: groups
    )
    let statistics = (0..<grouping.images).map { image in
      let part = grouping.part(image)
      let one = x.value.withView {
        device.compute.channelMoments($0[part], channels: channels)
      }
      let statistics = grouping.statistics(one, epsilon: epsilon, on: device)
      let factor = zip(scale.value.elements, statistics.inverse).map { Float(Double($0) * $1) }
      let factors = Tensor(factor, shape: [channels], on: device)
      withViews(x.value, y) { x, y in
        withViews(statistics.mean, factors, shift.value) {
          device.compute.normalizeChannels(
            x[part],
            ($0, $1, $2),
            residual: nil,
            relu: false,
            passed: nil,
            into: y[part]
          )
        }
      }
      return statistics
    }
    let backward = GroupNormGradient(
      statistics: statistics,
      grouping: grouping,
      x: x.value,
      scale: scale.value,
      device: device
    )
    let (dx, dScale, dShift) = (x.gradient, scale.gradient, shift.gradient)
    return record("group_norm", y, [dx, dScale, dShift]) { dy in
      backward.add(dy: &dy, dx: dx, dScale: dScale, dShift: dShift)
    }
  }
}
