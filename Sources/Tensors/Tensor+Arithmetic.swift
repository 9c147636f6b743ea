import Kernels
import Parallelism

extension Tensor {
  /// The index of the first element that is NaN or infinite.
  ///
  /// - Parameter device: where to run.
  /// - Returns: the index, row by row; nil when all elements are finite.
  package func firstNonFinite(on device: Device) -> Int? {
    withView { device.compute.firstNonFinite($0) }
  }

  /// Σ x over all elements, in double.
  ///
  /// - Parameter device: where to run.
  /// - Returns: the sum, the same bits for any number of threads.
  package func sum(on device: Device) -> Double { withView { device.compute.sum($0) } }

  /// Σ x² over all elements, in double.
  ///
  /// - Parameter device: where to run.
  /// - Returns: the sum, the same bits for any number of threads.
  package func squaredSum(on device: Device) -> Double {
    withView { device.compute.sumsOfSquares([$0])[0] }
  }

  /// factor·x, element by element.
  ///
  /// - Parameters:
  ///   - factor: what each element is multiplied with.
  ///   - device: where to run.
  /// - Returns: a tensor of the same shape.
  package func scaled(by factor: Float, on device: Device) -> Tensor {
    let y = Tensor(uninitialized: shape, on: device)
    withViews(self, y) { device.compute.scaled($0, by: factor, into: $1) }
    return y
  }

  /// Sets each element, in place: of a tensor whose memory no other tensor reads.
  ///
  /// - Parameter value: what to.
  package func fill(with value: Float) { withView { $0.fill(with: value) } }

  /// y += factor·other, in place: of a tensor whose memory no other tensor reads.
  ///
  /// - Parameters:
  ///   - other: of the same shape.
  ///   - factor: what its elements are multiplied with.
  ///   - device: where to run.
  package func add(scaled other: Tensor, by factor: Float, on device: Device) {
    precondition(shape == other.shape, "a multiple of \(other.shape) added to \(shape)")
    withViews(other, self) { device.compute.scaled($0, by: factor, adds: true, into: $1) }
  }
}
