package import Kernels
import Parallelism
import Tensors

extension Tape {
  /// f(x), element by element.
  ///
  /// Kept for the backward pass: x, 4 bytes per element; dx overwrites dy where nobody else holds it.
  ///
  /// - Parameters:
  ///   - kind: f.
  ///   - x: of any shape.
  /// - Returns: as x.
  package func activation(_ kind: Activation, _ x: Variable) -> Variable {
    let (input, dx) = (x.value, x.gradient)
    return record("\(kind)", input.applying(kind, on: device), [dx]) { [device] dy in
      dx?.replace(&dy, on: device) { dy, sum, adds in
        input.withView {
          device.compute.activationGradient(kind, of: $0, dy, adds: adds, into: sum)
        }
      }
    }
  }

  /// 1 / (1 + e^−x), element by element.
  ///
  /// Kept for the backward pass: the result, 4 bytes per element.
  ///
  /// - Parameter x: of any shape.
  /// - Returns: as x.
  package func sigmoid(_ x: Variable) -> Variable {
    let dx = x.gradient
    let y = Tensor(uninitialized: x.shape, on: device)
    withViews(x.value, y) { device.compute.sigmoid($0, into: $1) }
    return record("sigmoid", y, [dx]) { [device] dy in
      dx?.replace(&dy, on: device) { dy, sum, adds in
        y.withView { device.compute.sigmoidGradient(of: $0, dy, adds: adds, into: sum) }
      }
    }
  }
}
