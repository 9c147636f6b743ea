import Kernels
import Parallelism
import Tensors

extension Tape {
  /// Variables one below the other, along the first dimension; nothing is kept.
  ///
  /// - Parameter parts: at least one, [Bᵢ, ...]; all dimensions but the first are alike.
  /// - Returns: [Σ Bᵢ, ...].
  package func concatenatedRows(_ parts: [Variable]) -> Variable {
    guard let first = parts.first else { preconditionFailure("no rows to concatenate") }
    precondition(
      parts.allSatisfy { !$0.shape.isEmpty && $0.shape.dropFirst() == first.shape.dropFirst() },
      "\(parts.map(\.shape)) one below the other"
    )
    guard parts.count > 1 else { return first }
    let height = parts.reduce(0) { $0 + $1.shape[0] }
    let y = Tensor(uninitialized: [height] + first.shape.dropFirst(), on: device)
    var ranges: [Range<Int>] = []
    for part in parts {
      let start = ranges.last?.upperBound ?? 0
      ranges.append(start..<start + part.value.count)
      withViews(part.value, y) { device.compute.copy($0, into: $1[start..<start + $0.count]) }
    }
    let gradients = parts.map(\.gradient)
    return record("concatenated_rows", y, gradients) { [device] dy in
      for (gradient, range) in zip(gradients, ranges) {
        gradient?.accumulate(on: device) { sum, adds in
          dy.withView { device.compute.copy($0[range], adds: adds, into: sum) }
        }
      }
    }
  }
}
