import CKernels
package import Parallelism

extension ComputeContext {
  /// y = (x − mean) / √(variance + ε) · scale + shift for each row.
  ///
  /// Ba et al. 2016, eq. 3.
  ///
  /// - Parameters:
  ///   - x: R rows of C floats.
  ///   - scale: C floats.
  ///   - shift: C floats.
  ///   - epsilon: what is added to the variance.
  ///   - y: as x; may be x itself.
  package func layerNorm(
    _ x: MemoryView<Float>,
    scale: MemoryView<Float>,
    shift: MemoryView<Float>,
    epsilon: Float,
    into y: MemoryView<Float>
  ) {
    let width = scale.count
    precondition(
      shift.count == width && x.count == y.count
        && (width == 0 ? x.count == 0 : x.count % width == 0),
      "layer norm of \(x.count) into \(y.count) floats with \(width) scales, \(shift.count) shifts"
    )
    guard x.count > 0 else { return }
    let run = unsafe kernels.layerNorm.run
    pool.forEachChunk(of: x.count / width, grain: rowGrain(width)) { rows in
      unsafe run(
        rows.count,
        width,
        x.rows(rows, width: width).pointer,
        scale.pointer,
        shift.pointer,
        epsilon,
        y.rows(rows, width: width).pointer
      )
    }
  }

  /// How many rows of a memory-bound operation make a chunk: about 64 kB.
  func rowGrain(_ width: Int) -> Int { max(1, 16_384 / max(width, 1)) }
}
