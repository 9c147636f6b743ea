import Glibc
import Kernels
import Parallelism
import Tensors

extension Tape {
  /// e^s · x for a trained number s: how a temperature whose logarithm is learnt scales similarities.
  ///
  /// dx = e^s · dy, ds = Σ dy · y, summed in double. Kept: y where s is trained, which products keep
  /// anyway.
  ///
  /// - Parameters:
  ///   - x: of any shape.
  ///   - exponent: s, one number.
  /// - Returns: as x.
  package func scaledByExp(_ x: Variable, _ exponent: Variable) -> Variable {
    precondition(exponent.value.count == 1, "e to the power \(exponent.shape) times \(x.shape)")
    let factor = Float(exp(Double(exponent.value.elements[0])))
    let y = x.value.scaled(by: factor, on: device)
    let (dx, dExponent) = (x.gradient, exponent.gradient)
    let kept = dExponent == nil ? nil : y
    return record("scaled_by_exp", y, [dx, dExponent]) { [device] dy in
      if let dExponent, let kept {
        dExponent.accumulate(on: device) { sum, adds in
          withViews(dy, kept) { device.compute.sumProducts($0, $1, adds: adds, into: sum) }
        }
      }
      dx?.replace(&dy, on: device) { dy, sum, adds in
        device.compute.scaled(dy, by: factor, adds: adds, into: sum)
      }
    }
  }
}
