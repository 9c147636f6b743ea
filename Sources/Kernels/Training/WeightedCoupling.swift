import Glibc
package import Parallelism

// Plain loops in double: 12 bytes read or written and one exponential per logit. For 1,024 pairs and a
// queue of 4,096 that is 5 million logits in each direction: 0.2 s with two threads, on a machine that
// had other work, against 160 teraflops of the encoders (ViT-B/16 and BERT, forth and back), minutes.
// The vectors of softmax's cross-entropy would do it in float32, where a loss of 1e-6 keeps one digit.
extension ComputeContext {
  /// Σ over rows of log(1 + Σ_{j≠i} w_j · e^(x_j − x_i)) with i the row's positive, and its gradient.
  ///
  /// With p_j = w_j · e^(x_j − x_i) / (1 + Σ), the gradient is p_j in column j and −Σ p_j in column i;
  /// exactly 0 where w_j is 0. Exponents are shifted by m = max(0, x_j − x_i over w_j ≠ 0). Weights
  /// aren't part of the shift: between the least and the largest float lie e^192, and double reaches
  /// to e^±708.
  ///
  /// - Parameters:
  ///   - x: R rows of C logits, finite.
  ///   - weights: w, as x, finite and at least 0; what stands at a positive is ignored.
  ///   - positives: i, one per row, in 0..<C.
  ///   - factor: what the gradient is multiplied with.
  ///   - dx: receives factor · gradient, as x; nil when nobody wants it; may be x.
  /// - Returns: the sum; those of chunks are added in order.
  package func weightedCoupling(
    _ x: MemoryView<Float>,
    weights: MemoryView<Float>,
    positives: [Int],
    factor: Double,
    into dx: MemoryView<Float>?
  ) -> Double {
    let columns = positives.isEmpty ? 0 : x.count / positives.count
    precondition(
      columns * positives.count == x.count && weights.count == x.count
        && (dx?.count ?? x.count) == x.count
        && positives.allSatisfy { (0..<columns).contains($0) },
      "coupling of \(x.count) logits with \(weights.count) weights and \(positives.count) positives"
    )
    let sums = pool.mapChunks(of: positives.count, grain: rowGrain(columns)) { rows in
      unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: columns) { terms in
        var sum = 0.0
        for row in rows {
          let place = row..<row + 1
          let coupled = unsafe CoupledRow(
            x.rows(place, width: columns),
            weights: weights.rows(place, width: columns),
            positive: positives[row],
            terms: terms
          )
          unsafe sum += coupled.loss
          if let dx = dx?.rows(place, width: columns) {
            unsafe coupled.differentiate(times: factor, into: dx)
          }
        }
        return sum
      }
    }
    return sums.reduce(0, +)
  }
}

/// A row of logits, coupled with its positive.
@unsafe private struct CoupledRow {
  /// w_j · e^(x_j − x_i − m); 0 for the positive.
  private let terms: UnsafeMutableBufferPointer<Double>
  private let positive: Int
  /// Σ of the terms.
  private let sum: Double
  /// e^−m + sum: (1 + Σ) / e^m.
  private let total: Double
  /// log(1 + Σ).
  let loss: Double

  init(
    _ x: MemoryView<Float>,
    weights: MemoryView<Float>,
    positive: Int,
    terms: UnsafeMutableBufferPointer<Double>
  ) {
    let (x, weights) = unsafe (x.pointer, weights.pointer)
    let own = unsafe Double(x[positive])
    var most = 0.0
    for j in terms.indices where unsafe j != positive && weights[j] != 0 {
      let difference = unsafe Double(x[j]) - own
      if difference > most { most = difference }
    }
    var sum = 0.0
    for j in terms.indices {
      let weight = unsafe j == positive ? 0 : Double(weights[j])
      let term = unsafe weight == 0 ? 0 : weight * exp(Double(x[j]) - own - most)
      unsafe terms[j] = term
      sum += term
    }
    unsafe self.terms = unsafe terms
    unsafe self.positive = positive
    unsafe self.sum = sum
    unsafe total = exp(-most) + sum
    // Without a shift, Σ may be far below 1, where only log1p keeps its digits.
    unsafe loss = unsafe most == 0 ? log1p(sum) : most + log(total)
  }

  /// dx = factor · gradient.
  func differentiate(times factor: Double, into dx: MemoryView<Float>) {
    let dx = unsafe dx.pointer
    let scale = unsafe factor / total
    for j in unsafe terms.indices { unsafe dx[j] = unsafe Float(terms[j] * scale) }
    unsafe dx[positive] = unsafe Float(-sum * scale)
  }
}
