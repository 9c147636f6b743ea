import Kernels
import Parallelism
import Tensors

extension Tape {
  /// (x − mean) / √(variance + ε) · scale + shift over the last dimension.
  ///
  /// Ba, Kiros, Hinton 2016, eq. 3. Kept for the backward pass: x, 4 bytes per element; mean and
  /// deviation of a row are computed again while it is in cache.
  ///
  /// - Parameters:
  ///   - x: [..., C].
  ///   - scale: [C].
  ///   - shift: [C].
  ///   - epsilon: what is added to the variance.
  /// - Returns: as x.
  package func layerNorm(
    _ x: Variable,
    scale: Variable,
    shift: Variable,
    epsilon: Float
  ) -> Variable {
    let y = x.value.layerNorm(
      scale: scale.value,
      shift: shift.value,
      epsilon: epsilon,
      on: device
    )
    let (dx, dScale, dShift) = (x.gradient, scale.gradient, shift.gradient)
    let (input, factors) = (x.value, scale.value)
    return record("layer_norm", y, [dx, dScale, dShift]) { [device] dy in
      let width = factors.count
      let chunks = device.compute.layerNormPartials(rows: input.rows, width: width)
      let isTrained = dScale != nil || dShift != nil
      let partials = isTrained ? Tensor(uninitialized: [chunks, 2, width], on: device) : nil
      func differentiate(dy: MemoryView<Float>, into dx: MemoryView<Float>?, adds: Bool) {
        withViews(input, factors) { input, factors in
          withOptionalView(partials) { partials in
            device.compute.layerNormGradient(
              of: input,
              scale: factors,
              epsilon: epsilon,
              dy,
              into: dx,
              adds: adds,
              partials: partials
            )
          }
        }
      }
      if let dx {
        dx.replace(&dy, on: device) { differentiate(dy: $0, into: $1, adds: $2) }
      } else {
        dy.withView { differentiate(dy: $0, into: nil, adds: false) }
      }
      for (gradient, start) in [(dScale, 0), (dShift, width)] {
        gradient?.accumulate(on: device) { sum, adds in
          partials?.withView {
            device.compute.sumRows(
              $0,
              stride: 2 * width,
              columns: start..<start + width,
              adds: adds,
              into: sum
            )
          }
        }
      }
    }
  }
}
