package import Parallelism

// Soft Dice of R rows of K probabilities p against g, both 0 where nothing counts. Plain loops: the
// loss comes once per step, its sums are those of the channels' gradient.
extension ComputeContext {
  /// p = 0 wherever the mask is.
  ///
  /// - Parameters:
  ///   - mask: as p.
  ///   - p: changed in place.
  package func clear(where mask: MemoryView<Float>, _ p: MemoryView<Float>) {
    precondition(mask.count == p.count, "a mask of \(mask.count) for \(p.count) floats")
    pool.forEachChunk(of: p.count, grain: 16_384) { range in
      let (mask, p) = unsafe (mask[range].pointer, p[range].pointer)
      for index in 0..<range.count where unsafe mask[index] == 0 { unsafe p[index] = 0 }
    }
  }

  /// The gradient of Σ_k D_k with dD_k/dp = a_k·g + b_k, through the sigmoid that made p.
  ///
  /// dx = (a·g + b) · p · (1 − p).
  ///
  /// - Parameters:
  ///   - p: R rows of K probabilities; 0 where nothing counts.
  ///   - g: as p.
  ///   - slopes: a and b, K floats each.
  ///   - dx: as p.
  package func overlapGradientThroughSigmoid(
    _ p: MemoryView<Float>,
    _ g: MemoryView<Float>,
    slopes: (a: [Float], b: [Float]),
    into dx: MemoryView<Float>
  ) {
    let columns = slopes.a.count
    unsafe forEachRows(p, g, slopes, dx) { rows, p, g, dx in
      for row in 0..<rows {
        for k in 0..<columns {
          let index = row * columns + k
          let (share, target) = unsafe (p[index], g[index])
          unsafe dx[index] = (slopes.a[k] * target + slopes.b[k]) * share * (1 - share)
        }
      }
    }
  }

  /// The same through the softmax that made p.
  ///
  /// dx_k = p_k · (d_k − Σ_j p_j·d_j) with d = a·g + b.
  ///
  /// - Parameters:
  ///   - p: R rows of K probabilities; rows of 0 where nothing counts.
  ///   - g: as p.
  ///   - slopes: a and b, K floats each.
  ///   - dx: as p.
  package func overlapGradientThroughSoftmax(
    _ p: MemoryView<Float>,
    _ g: MemoryView<Float>,
    slopes: (a: [Float], b: [Float]),
    into dx: MemoryView<Float>
  ) {
    let columns = slopes.a.count
    unsafe forEachRows(p, g, slopes, dx) { rows, p, g, dx in
      for row in 0..<rows {
        let start = row * columns
        var sum: Float = 0
        for k in 0..<columns {
          let (share, target) = unsafe (p[start + k], g[start + k])
          let slope = slopes.a[k] * target + slopes.b[k]
          unsafe dx[start + k] = slope
          sum += share * slope
        }
        for k in 0..<columns {
          unsafe dx[start + k] = p[start + k] * (dx[start + k] - sum)
        }
      }
    }
  }

  private func forEachRows(
    _ p: MemoryView<Float>,
    _ g: MemoryView<Float>,
    _ slopes: (a: [Float], b: [Float]),
    _ dx: MemoryView<Float>,
    _ body:
      @Sendable (
        Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
      ) -> Void
  ) {
    let columns = slopes.a.count
    precondition(
      columns > 0 && slopes.b.count == columns && p.count % columns == 0 && g.count == p.count
        && dx.count == p.count,
      "Dice of \(p.count) and \(g.count) floats in rows of \(columns) into \(dx.count)"
    )
    pool.forEachChunk(of: p.count / columns, grain: rowGrain(columns)) { range in
      unsafe body(
        range.count,
        p.rows(range, width: columns).pointer,
        g.rows(range, width: columns).pointer,
        dx.rows(range, width: columns).pointer
      )
    }
  }
}
