import CKernels
package import Parallelism

extension ComputeContext {
  /// How many rows a chunk of `layerNormGradient` has: parameters' gradients are summed in float32
  /// over at most 256 rows.
  private func layerNormGrain(rows: Int, width: Int) -> Int {
    min(256, max(rowGrain(width), (rows + 31) / 32))
  }

  /// How many partial sums of its parameters' gradients `layerNormGradient` makes.
  ///
  /// - Parameters:
  ///   - rows: R.
  ///   - width: C.
  /// - Returns: how many rows of [2, C] floats `partials` has.
  package func layerNormPartials(rows: Int, width: Int) -> Int {
    let grain = layerNormGrain(rows: rows, width: width)
    return (rows + grain - 1) / grain
  }

  /// Gradients of y = x̂·scale + shift with x̂ = (x − mean) / √(variance + ε) for each row.
  ///
  /// With g = dy·scale: dx = (g − mean of g − x̂·mean of g·x̂) / √(variance + ε). The gradients of
  /// scale and shift, Σ dy·x̂ and Σ dy, come as partial sums over chunks of rows, which the caller
  /// adds up in order (`sumRows`). 12 bytes per element moved.
  ///
  /// - Parameters:
  ///   - x: R rows of C floats.
  ///   - scale: C floats, at least 1.
  ///   - epsilon: what was added to the variance.
  ///   - dy: as x.
  ///   - dx: as x, perhaps dy itself; nil where it isn't wanted.
  ///   - adds: whether the gradient is added to what dx holds.
  ///   - partials: [`layerNormPartials`, 2, C], of scale and of shift; nil where they aren't wanted.
  package func layerNormGradient(
    of x: MemoryView<Float>,
    scale: MemoryView<Float>,
    epsilon: Float,
    _ dy: MemoryView<Float>,
    into dx: MemoryView<Float>?,
    adds: Bool,
    partials: MemoryView<Float>?
  ) {
    let width = scale.count
    precondition(
      width > 0 && x.count % width == 0 && dy.count == x.count
        && (dx?.count ?? x.count) == x.count,
      "layer norm's gradient of \(x.count) from \(dy.count) floats with \(width) scales"
    )
    let count = x.count / width
    let sums = 2 * width * layerNormPartials(rows: count, width: width)
    precondition(
      (partials?.count ?? sums) == sums,
      "layer norm's gradient of \(count) rows of \(width) into \(partials?.count ?? 0) partial sums"
    )
    let run = unsafe kernels.gradients.rows.layerNorm.run
    let grain = layerNormGrain(rows: count, width: width)
    pool.forEachChunk(of: count, grain: grain) { rows in
      let chunk = rows.lowerBound / grain
      let sums = partials?.rows(chunk..<chunk + 1, width: 2 * width)
      sums?.fill(with: 0)
      unsafe run(
        rows.count,
        width,
        x.rows(rows, width: width).pointer,
        scale.pointer,
        epsilon,
        dy.rows(rows, width: width).pointer,
        adds ? 1 : 0,
        dx?.rows(rows, width: width).pointer,
        sums?.pointer,
        sums.map { unsafe $0.pointer + width }
      )
    }
  }
}
