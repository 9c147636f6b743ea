package import Kernels
import Parallelism
import Tensors

extension Tape {
  /// Pools feature maps.
  ///
  /// A maximum hands its gradient to the first largest cell of its window in row order (the last
  /// NaN where there are any), an average in equal shares to the cells inside the image; as PyTorch.
  ///
  /// Kept: one byte per output of a maximum, nothing of an average.
  ///
  /// - Parameters:
  ///   - x: [N, H, W, C].
  ///   - kind: what is taken of each window.
  ///   - window: the window; for a maximum at most 16 pixels wide.
  /// - Returns: [N, H', W', C].
  package func pooled(
    _ x: Variable,
    _ kind: PoolingKind,
    _ window: PoolingShape
  ) -> Variable {
    guard let dx = x.gradient else {
      return record("pool", x.value.pooled(kind, window, on: device), []) { _ in }
    }
    precondition(x.shape.count == 4, "pooling of \(x.shape)")
    let sizes = (images: x.shape[0], height: x.shape[1], width: x.shape[2], channels: x.shape[3])
    let y: Tensor
    let cells: Tensor?
    switch kind {
    case .average:
      y = x.value.pooled(kind, window, on: device)
      cells = nil
    case .maximum:
      let (height, width) = (window.outputSize(sizes.height), window.outputSize(sizes.width))
      y = Tensor(uninitialized: [sizes.images, height, width, sizes.channels], on: device)
      // Four bytes in each float's place.
      let chosen = Tensor(uninitialized: [(y.count + 3) / 4], on: device)
      withViews(x.value, y, chosen) {
        device.compute.maxPool($0, sizes: sizes, shape: window, into: $1, cells: $2)
      }
      cells = chosen
    }
    return record("pool", y, [dx]) { [device] dy in
      dx.accumulate(on: device) { dx, adds in
        dy.withView { dy in
          withOptionalView(cells) {
            device.compute.poolGradient(
              dy,
              cells: $0,
              sizes: sizes,
              shape: window,
              into: dx,
              adds: adds
            )
          }
        }
      }
    }
  }
}
