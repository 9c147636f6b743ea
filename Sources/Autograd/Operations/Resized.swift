import Parallelism
package import Tensors

extension Tape {
  /// Feature maps of another height and width, as PyTorch's `interpolate` without antialiasing.
  ///
  /// The gradient is the transposed resizing: each pixel sums what it went into, in a fixed order.
  /// Nothing but the weights is kept. Maps that have the size already are returned as they are.
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
    if (x.shape[1], x.shape[2]) == (height, width) { return x }
    let resizing = FeatureResizing(
      from: (x.shape[1], x.shape[2]),
      to: (height, width),
      filter,
      alignCorners: alignCorners
    )
    let dx = x.gradient
    return record("resize", resizing(x.value, on: device), [dx]) { [device] dy in
      dx?.accumulate(on: device) { [dy] sum, adds in
        resizing.transposed(dy, into: sum, adds: adds, on: device)
      }
    }
  }
}
