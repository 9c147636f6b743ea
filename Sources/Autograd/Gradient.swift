import Kernels
package import Parallelism
package import Tensors

/// The sum of the gradients that flow into one value: of a loss with respect to it.
///
/// A parameter's gradient outlives the tape, so that the gradients of several batches add up.
package final class Gradient {
  /// The value's sizes.
  package let shape: [Int]
  /// What has flowed in so far; nil for nothing.
  package private(set) var sum: Tensor?

  /// Makes an empty sum.
  ///
  /// - Parameter shape: the value's sizes.
  package init(shape: [Int]) {
    self.shape = shape
  }

  /// Adds a tensor; the first one is taken over without copying.
  ///
  /// - Parameters:
  ///   - tensor: as many elements as the value; others may share it.
  ///   - device: where to run.
  package func add(_ tensor: consuming Tensor, on device: Device) {
    var other = tensor.reshaped(shape)
    guard sum != nil else {
      sum = other
      return
    }
    guard sum?.isUniquelyHeld() != true, other.isUniquelyHeld(), var old = sum else {
      accumulate(on: device) { sum, _ in
        other.withView { device.compute.add(sum, $0, into: sum) }
      }
      return
    }
    swap(&old, &other)
    withViews(old, other) { device.compute.add($0, $1, into: $0) }
    sum = old
  }

  /// Lets a kernel write into the sum itself.
  ///
  /// - Parameters:
  ///   - device: where the memory comes from.
  ///   - write: receives the sum's memory, and whether to add to what it holds (true) or to
  ///     overwrite what is undefined (false); must write every element.
  package func accumulate(
    on device: Device,
    _ write: (_ sum: MemoryView<Float>, _ adds: Bool) -> Void
  ) {
    if sum == nil {
      let fresh = Tensor(uninitialized: shape, on: device)
      fresh.withView { write($0, false) }
      sum = fresh
      return
    }
    if sum?.isUniquelyHeld() != true { sum = sum?.copied(on: device) }
    sum?.withView { write($0, true) }
  }

  /// Hands the sum out and forgets it.
  ///
  /// - Returns: the sum; nil where nothing has flowed in.
  package func take() -> Tensor? {
    defer { sum = nil }
    return sum
  }

  /// Forgets the sum.
  package func clear() { sum = nil }
}
