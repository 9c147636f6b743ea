import Kernels
package import Parallelism

// Shapes: N maps, H and W their sides, C features: [N, H, W, C].

/// How feature maps are interpolated.
package enum FeatureFilter: Sendable {
  /// Two neighbours along each side, linear in between.
  case bilinear
  /// Four neighbours along each side, Keys' cubic convolution (1981, eq. 4 and 5) with a = −0.75.
  case bicubic
}

/// Feature maps brought to another height and width, as PyTorch's `interpolate` without antialiasing.
///
/// One side after the other: each new pixel is a sum of one to four, in a fixed order, so that bits
/// don't depend on threads; the transposed resizing, which gradients take, is a sum of the same kind.
/// Along H the sums are of whole rows of W · C floats, along W of C floats, which for C < 16 leaves
/// lanes of a vector idle; the order of the two sides is the cheaper one with that counted. Moved:
/// 4 bytes per pixel and feature read and written per side.
///
/// Forth and back against PyTorch 2.15 with channels last, two threads of a 2.5 GHz Xeon with
/// AVX-512 that others used too, PyTorch's fastest of 165 runs over ours: 4 maps, 128² → 512², C = 1
/// 6.5, C = 3 5.1; 512² → 224², C = 1 1.0; 32² → 128², C = 96 0.9; 37² → 74², C = 64 0.7; 16² → 32²,
/// C = 384 0.6. Where features are many PyTorch gains by doing without the map in between.
package struct FeatureResizing {
  private let rows: RowTaps
  private let columns: RowTaps

  /// Plans the resizing of maps.
  ///
  /// - Parameters:
  ///   - old: the sides of the maps, at least 1.
  ///   - new: the sides that they get, at least 1.
  ///   - filter: how pixels are weighted.
  ///   - alignCorners: whether the corner pixels' centres stay in place, else the maps' edges do.
  package init(
    from old: (height: Int, width: Int),
    to new: (height: Int, width: Int),
    _ filter: FeatureFilter,
    alignCorners: Bool
  ) {
    precondition(
      min(old.height, old.width, new.height, new.width) > 0,
      "maps of \(old.height)×\(old.width) resized to \(new.height)×\(new.width)"
    )
    rows = filter.taps(from: old.height, to: new.height, alignCorners: alignCorners)
    columns = filter.taps(from: old.width, to: new.width, alignCorners: alignCorners)
  }

  private init(rows: RowTaps, columns: RowTaps) {
    (self.rows, self.columns) = (rows, columns)
  }

  /// The resizing by which gradients flow back, from the new sides to the old ones.
  package var transposed: FeatureResizing {
    FeatureResizing(rows: rows.transposed, columns: columns.transposed)
  }

  /// Resizes maps.
  ///
  /// - Parameters:
  ///   - x: [N, H, W, C] with the old sides.
  ///   - device: where to run.
  /// - Returns: [N, H', W', C] with the new sides.
  package func callAsFunction(_ x: Tensor, on device: Device) -> Tensor {
    let y = Tensor(
      uninitialized: [x.shape[0], rows.outputCount, columns.outputCount, x.shape[3]],
      on: device
    )
    y.withView { self(x, into: $0, adds: false, on: device) }
    return y
  }

  /// Resizes maps into memory that is there.
  ///
  /// - Parameters:
  ///   - x: [N, H, W, C] with the old sides.
  ///   - y: [N, H', W', C] with the new sides.
  ///   - adds: whether y is added to or overwritten.
  ///   - device: where to run.
  package func callAsFunction(
    _ x: Tensor,
    into y: MemoryView<Float>,
    adds: Bool,
    on device: Device
  ) {
    precondition(
      x.shape.count == 4 && x.shape[1] == rows.inputCount && x.shape[2] == columns.inputCount,
      "\(x.shape) as maps of \(rows.inputCount)×\(columns.inputCount)"
    )
    let (maps, features) = (x.shape[0], x.shape[3])
    let compute = device.compute
    let rowsFirst = takesRowsFirst(features: features)
    let middle = Tensor(
      uninitialized: rowsFirst
        ? [maps, rows.outputCount, columns.inputCount, features]
        : [maps, rows.inputCount, columns.outputCount, features],
      on: device
    )
    let width = middle.shape[2] * features
    withViews(x, middle) { x, middle in
      if rowsFirst {
        compute.sumRows(rows, x, columns: width, into: middle, adds: false)
        compute.sumRows(columns, middle, columns: features, into: y, adds: adds)
      } else {
        compute.sumRows(columns, x, columns: features, into: middle, adds: false)
        compute.sumRows(rows, middle, columns: width, into: y, adds: adds)
      }
    }
  }

  /// Whether resizing the height first is cheaper: vectors written along either side.
  private func takesRowsFirst(features: Int) -> Bool {
    let lanes = 16
    let (old, new) = (rows.inputCount, rows.outputCount)
    func cost(height: Int, alongWidth: Int) -> Int {
      new * alongWidth * features + height * columns.outputCount * max(features, lanes)
    }
    return cost(height: new, alongWidth: columns.inputCount)
      <= cost(height: old, alongWidth: columns.outputCount)
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
      return weights(at: place, of: old).filter { $0.weight != 0 }
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
