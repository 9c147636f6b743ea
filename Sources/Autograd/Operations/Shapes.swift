import Kernels
import Parallelism
import Tensors

extension Tape {
  /// The same elements in another shape; nothing is copied, either way.
  ///
  /// - Parameters:
  ///   - x: of any shape.
  ///   - shape: the new sizes; one of them may be −1 and follows from the others.
  /// - Returns: x in that shape.
  package func reshaped(_ x: Variable, _ shape: [Int]) -> Variable {
    let dx = x.gradient
    return record("reshaped", x.value.reshaped(shape), [dx]) { [device] dy in
      dx?.add(dy, on: device)
    }
  }

  /// Variables of the same rows side by side, along the last dimension.
  ///
  /// Nothing is kept.
  ///
  /// - Parameter parts: at least one, [..., Cᵢ]; all dimensions but the last are alike.
  /// - Returns: [..., Σ Cᵢ].
  package func concatenated(_ parts: [Variable]) -> Variable {
    guard let first = parts.first else { preconditionFailure("nothing to concatenate") }
    precondition(
      parts.allSatisfy { !$0.shape.isEmpty && $0.shape.dropLast() == first.shape.dropLast() },
      "\(parts.map(\.shape)) side by side"
    )
    guard parts.count > 1 else { return first }
    let widths = parts.map(\.value.columns)
    let starts = widths.indices.map { widths[..<$0].reduce(0, +) }
    let width = widths.reduce(0, +)
    let y = Tensor(uninitialized: first.shape.dropLast() + [width], on: device)
    for (part, start) in zip(parts, starts) where part.value.count > 0 {
      withViews(part.value, y) {
        let own = part.value.columns
        device.compute.copyColumns(
          0..<own,
          of: $0,
          stride: own,
          into: $1,
          stride: width,
          at: start
        )
      }
    }
    let gradients = parts.map(\.gradient)
    return record("concatenated", y, gradients) { [device] dy in
      for (index, gradient) in gradients.enumerated() where widths[index] > 0 {
        let columns = starts[index]..<starts[index] + widths[index]
        gradient?.accumulate(on: device) { sum, adds in
          dy.withView {
            device.compute.copyColumns(
              columns,
              of: $0,
              stride: width,
              into: sum,
              stride: columns.count,
              at: 0,
              adds: adds
            )
          }
        }
      }
    }
  }

  /// Some columns of the last dimension; nothing is kept.
  ///
  /// - Parameters:
  ///   - range: which, inside 0..<C; at least one.
  ///   - x: [..., C].
  /// - Returns: [..., as many as the range has].
  package func columns(_ range: Range<Int>, of x: Variable) -> Variable {
    let width = x.value.columns
    precondition(
      !x.shape.isEmpty && range.lowerBound >= 0 && range.upperBound <= width && !range.isEmpty,
      "columns \(range) of \(x.shape)"
    )
    let y = Tensor(uninitialized: x.shape.dropLast() + [range.count], on: device)
    withViews(x.value, y) {
      device.compute.copyColumns(
        range,
        of: $0,
        stride: width,
        into: $1,
        stride: range.count,
        at: 0
      )
    }
    let dx = x.gradient
    return record("columns", y, [dx]) { [device] dy in
      dx?.accumulate(on: device) { sum, adds in
        if !adds { device.compute.fill(sum, with: 0) }
        dy.withView {
          device.compute.copyColumns(
            0..<range.count,
            of: $0,
            stride: range.count,
            into: sum,
            stride: width,
            at: range.lowerBound,
            adds: adds
          )
        }
      }
    }
  }
}
