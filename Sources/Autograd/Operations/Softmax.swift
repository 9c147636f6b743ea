import Kernels
import Parallelism
import Tensors

extension Tape {
  /// softmax(factor · x) over the last dimension.
  ///
  /// Kept for the backward pass: the result, 4 bytes per element. dx = factor·y·(dy − Σ y·dy).
  ///
  /// - Parameters:
  ///   - x: [..., C].
  ///   - factor: what x is multiplied with first.
  /// - Returns: as x.
  package func softmax(_ x: Variable, factor: Float = 1) -> Variable {
    let dx = x.gradient
    let y = x.value.softmax(factor: factor, on: device)
    return record("softmax", y, [dx]) { [device] dy in
      dx?.replace(&dy, on: device) { dy, sum, adds in
        y.withView {
          device.compute.softmaxGradient(
            of: $0,
            columns: y.columns,
            factor: factor,
            dy,
            adds: adds,
            into: sum
          )
        }
      }
    }
  }

  /// Each row of the last dimension divided by its Euclidean length (at least 1e-12).
  ///
  /// As PyTorch's `functional.normalize`. Kept for the backward pass: x, 4 bytes per element.
  ///
  /// - Parameter x: [..., C].
  /// - Returns: as x.
  package func normalized(_ x: Variable) -> Variable {
    let (input, dx) = (x.value, x.gradient)
    return record("normalized", input.normalized(on: device), [dx]) { [device] dy in
      dx?.replace(&dy, on: device) { dy, sum, adds in
        input.withView {
          device.compute.normalizeGradient(
            of: $0,
            columns: input.columns,
            dy,
            adds: adds,
            into: sum
          )
        }
      }
    }
  }
}
