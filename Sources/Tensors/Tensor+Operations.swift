package import Kernels
import Parallelism

extension Tensor {
  /// The size of the last dimension.
  package var columns: Int { shape.last ?? 1 }

  /// The number of rows when all dimensions but the last are joined.
  package var rows: Int { columns == 0 ? 0 : count / columns }

  /// (x − mean) / √(variance + ε) · scale + shift over the last dimension.
  ///
  /// - Parameters:
  ///   - scale: as many floats as the last dimension has.
  ///   - shift: as many.
  ///   - epsilon: what is added to the variance.
  ///   - device: where to run.
  /// - Returns: a tensor of the same shape.
  package func layerNorm(
    scale: Tensor,
    shift: Tensor,
    epsilon: Float,
    on device: Device
  ) -> Tensor {
    let y = Tensor(uninitialized: shape, on: device)
    withViews(self, scale, shift, y) {
      device.compute.layerNorm($0, scale: $1, shift: $2, epsilon: epsilon, into: $3)
    }
    return y
  }

  /// softmax(factor · x) over the last dimension.
  ///
  /// - Parameters:
  ///   - factor: what x is multiplied with first.
  ///   - device: where to run.
  /// - Returns: a tensor of the same shape.
  package func softmax(factor: Float = 1, on device: Device) -> Tensor {
    let y = Tensor(uninitialized: shape, on: device)
    withViews(self, y) { device.compute.softmax($0, columns: columns, factor: factor, into: $1) }
    return y
  }

  /// f(x), element by element.
  ///
  /// - Parameters:
  ///   - activation: f.
  ///   - device: where to run.
  /// - Returns: a tensor of the same shape.
  package func applying(_ activation: Activation, on device: Device) -> Tensor {
    let y = Tensor(uninitialized: shape, on: device)
    withViews(self, y) { device.compute.apply(activation, $0, into: $1) }
    return y
  }

  /// x + other, element by element.
  ///
  /// - Parameters:
  ///   - other: of the same shape.
  ///   - device: where to run.
  /// - Returns: a tensor of the same shape.
  package func adding(_ other: Tensor, on device: Device) -> Tensor {
    precondition(shape == other.shape, "the sum of \(shape) and \(other.shape)")
    let y = Tensor(uninitialized: shape, on: device)
    withViews(self, other, y) { device.compute.add($0, $1, into: $2) }
    return y
  }

  /// Each row of the last dimension divided by its Euclidean length (at least 1e-12).
  ///
  /// - Parameter device: where to run.
  /// - Returns: a tensor of the same shape.
  package func normalized(on device: Device) -> Tensor {
    let y = Tensor(uninitialized: shape, on: device)
    withViews(self, y) { device.compute.normalize($0, columns: columns, into: $1) }
    return y
  }

  /// A copy in memory of its own.
  ///
  /// - Parameter device: where the memory comes from.
  /// - Returns: a tensor of the same shape.
  package func copied(on device: Device) -> Tensor {
    let y = Tensor(uninitialized: shape, on: device)
    withViews(self, y) { x, y in y.copy(from: x) }
    return y
  }
}
