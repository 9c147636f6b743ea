import Kernels
import Parallelism
import Tensors

/// How feature maps are interpolated.
package enum FeatureFilter: Sendable {
  /// Two neighbours along each side, linear in between.
  case bilinear
  /// Four neighbours along each side, Keys' cubic convolution (1981, eq. 4 and 5) with a = −0.75.
  case bicubic
}

extension Tape {
  /// Feature maps of another height and width, as PyTorch's `interpolate` without antialiasing.
  ///
  /// One side after the other, the smaller intermediate first; the gradient is the transpose. Nothing
  /// but the weights is kept.
  ///
  /// - Parameters:
  ///   - x: [N, H, W, C], none of them 0.
  ///   - height: the new height, at least 1.
  ///   - width: the new width, at least 1.
  ///   - filter: how pixels are weighted.
  ///   - alignCorners: whether the corner pixels' centres stay in place, else the images' edges do.
  /// - Returns: [N, height, width, C].
  package func resized(
    _ x: Variable,
    height: Int,
    width: Int,
    _ filter: FeatureFilter,
    alignCorners: Bool
  ) -> Variable {
    precondition(
      x.shape.count == 4 && x.value.count > 0 && height > 0 && width > 0,
      "\(x.shape) resized to \(height)×\(width)"
    )
    let rows = filter.taps(from: x.shape[1], to: height, alignCorners: alignCorners)
    let columns = filter.taps(from: x.shape[2], to: width, alignCorners: alignCorners)
    let y = x.value.resampled(rows: rows, columns: columns, on: device)
    let dx = x.gradient
    return record("resize", y, [dx]) { [device] dy in
      let back = dy.resampled(rows: rows.transposed, columns: columns.transposed, on: device)
      dx?.add(back, on: device)
    }
  }
}

extension Tensor {
  /// [N, H', W', C] from [N, H, W, C], one side after the other.
  fileprivate func resampled(rows: RowTaps, columns: RowTaps, on device: Device) -> Tensor {
    let rowsFirst = rows.outputCount * columns.inputCount <= rows.inputCount * columns.outputCount
    return rowsFirst
      ? resampledRows(rows, on: device).resampledColumns(columns, on: device)
      : resampledColumns(columns, on: device).resampledRows(rows, on: device)
  }

  private func resampledRows(_ taps: RowTaps, on device: Device) -> Tensor {
    let y = Tensor(
      uninitialized: [shape[0], taps.outputCount, shape[2], shape[3]],
      on: device
    )
    withViews(self, y) {
      device.compute.sumRows(taps, $0, columns: shape[2] * shape[3], into: $1, adds: false)
    }
    return y
  }

  private func resampledColumns(_ taps: RowTaps, on device: Device) -> Tensor {
    let y = Tensor(
      uninitialized: [shape[0], shape[1], taps.outputCount, shape[3]],
      on: device
    )
    withViews(self, y) {
      device.compute.sumRows(taps, $0, columns: shape[3], into: $1, adds: false)
    }
    return y
  }
}

extension FeatureFilter {
  /// The pixels along one side that each new pixel is a weighted sum of; those outside are the edge's.
  fileprivate func taps(from old: Int, to new: Int, alignCorners: Bool) -> RowTaps {
    let taps = (0..<new).map { index in
      let place =
        alignCorners
        ? (new > 1 ? Double(index) * Double(old - 1) / Double(new - 1) : 0)
        : (Double(index) + 0.5) * Double(old) / Double(new) - 0.5
      return weights(at: place, of: old)
    }
    return RowTaps(taps, inputCount: old)
  }

  private func weights(at place: Double, of count: Int) -> [(row: Int, weight: Float)] {
    let inside = { (index: Int) in min(max(index, 0), count - 1) }
    switch self {
    case .bilinear:
      let clamped = max(place, 0)
      let first = Int(clamped)
      let share = clamped - Double(first)
      return [(inside(first), Float(1 - share)), (inside(first + 1), Float(share))]
    case .bicubic:
      let first = Int(place.rounded(.down))
      let share = place - Double(first)
      return [-1, 0, 1, 2].map { offset in
        (inside(first + offset), Float(cubic(abs(share - Double(offset)))))
      }
    }
  }

  /// Keys' kernel at a distance.
  private func cubic(_ distance: Double) -> Double {
    let a = -0.75
    if distance <= 1 { return ((a + 2) * distance - (a + 3)) * distance * distance + 1 }
    return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
  }
}
