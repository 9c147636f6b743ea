import CKernels
package import Parallelism

// Losses of R rows of K logits: sums of rows, in double and in the chunks' order.
extension ComputeContext {
  /// Σ over rows of the cross-entropy with classes, and its gradient.
  ///
  /// A row of class y has the targets w_k · (s/K + (1 − s)·[k = y]).
  ///
  /// - Parameters:
  ///   - x: R rows of K logits.
  ///   - classes: R classes in 0..<K; a negative one leaves its row out.
  ///   - weights: w, K floats; nil for ones.
  ///   - smoothing: s, in 0...1.
  ///   - factor: what the gradient is multiplied with.
  ///   - dx: receives factor · gradient, as x; nil when nobody wants it; may be x.
  /// - Returns: the sum.
  package func crossEntropy(
    _ x: MemoryView<Float>,
    classes: [Int32],
    weights: [Float]?,
    smoothing: Float,
    factor: Float,
    into dx: MemoryView<Float>?
  ) -> Double {
    let columns = columnCount(x, rows: classes.count)
    let largest = classes.max() ?? 0
    precondition(
      (weights?.count ?? columns) == columns && (dx?.count ?? x.count) == x.count
        && largest < max(columns, 1),
      "cross-entropy of \(classes.count) rows of \(columns) logits with class \(largest), "
        + "\(weights?.count ?? columns) weights"
    )
    let run = unsafe kernels.loss.classes.run
    let sums = pool.mapChunks(of: classes.count, grain: rowGrain(columns)) { rows in
      unsafe classes.withUnsafeBufferPointer { classes in
        unsafe withOptionalPointer(weights) { weights in
          var targets = unsafe VBKClassTargets(
            classes: classes.baseAddress.map { unsafe $0 + rows.lowerBound },
            weights: weights,
            smoothing: smoothing
          )
          return unsafe run(
            rows.count,
            columns,
            x.rows(rows, width: columns).pointer,
            &targets,
            factor,
            dx?.rows(rows, width: columns).pointer
          )
        }
      }
    }
    return sums.reduce(0, +)
  }

  /// Σ over rows of −Σ_k w_k · t_k · log softmax(x)_k, and its gradient.
  ///
  /// - Parameters:
  ///   - x: R rows of K logits.
  ///   - targets: t, as x.
  ///   - weights: w, K floats; nil for ones.
  ///   - columns: K.
  ///   - factor: what the gradient is multiplied with.
  ///   - dx: receives factor · gradient, as x; nil when nobody wants it; may be x.
  /// - Returns: the sum.
  package func crossEntropy(
    _ x: MemoryView<Float>,
    targets: MemoryView<Float>,
    weights: [Float]?,
    columns: Int,
    factor: Float,
    into dx: MemoryView<Float>?
  ) -> Double {
    precondition(
      columns > 0 && x.count % columns == 0 && targets.count == x.count
        && (weights?.count ?? columns) == columns && (dx?.count ?? x.count) == x.count,
      "cross-entropy of \(x.count) logits in rows of \(columns) with \(targets.count) targets, "
        + "\(weights?.count ?? columns) weights"
    )
    let run = unsafe kernels.loss.targets.run
    let sums = pool.mapChunks(of: x.count / columns, grain: rowGrain(columns)) { rows in
      unsafe withOptionalPointer(weights) { weights in
        unsafe run(
          rows.count,
          columns,
          x.rows(rows, width: columns).pointer,
          targets.rows(rows, width: columns).pointer,
          weights,
          factor,
          dx?.rows(rows, width: columns).pointer
        )
      }
    }
    return sums.reduce(0, +)
  }

  /// Σ −(w·t·log σ(x) + (1 − t)·log(1 − σ(x))) over what the mask keeps, and its gradient.
  ///
  /// - Parameters:
  ///   - x: logits, any number of rows of K.
  ///   - targets: t, as x, each in 0...1.
  ///   - weights: w, K floats; nil for ones.
  ///   - mask: as x; zero leaves an element out; nil to keep all.
  ///   - factor: what the gradient is multiplied with.
  ///   - dx: receives factor · gradient, as x; nil when nobody wants it; may be x.
  /// - Returns: the sum.
  package func binaryCrossEntropy(
    _ x: MemoryView<Float>,
    targets: MemoryView<Float>,
    weights: [Float]?,
    mask: MemoryView<Float>?,
    factor: Float,
    into dx: MemoryView<Float>?
  ) -> Double {
    let columns = weights?.count ?? 1
    precondition(
      columns > 0 && x.count % columns == 0 && targets.count == x.count
        && (mask?.count ?? x.count) == x.count && (dx?.count ?? x.count) == x.count,
      "binary cross-entropy of \(x.count) logits, \(targets.count) targets, \(columns) weights, "
        + "a mask of \(mask?.count ?? x.count)"
    )
    // The weights of a whole chunk one after the other, so that short rows fill the vectors.
    let grain = columns * max(1, 16_384 / columns)
    let repeated = weights.map { weights in
      (0..<min(grain, x.count)).map { weights[$0 % columns] }
    }
    let run = unsafe kernels.loss.binary.run
    let sums = pool.mapChunks(of: x.count, grain: grain) { range in
      unsafe withOptionalPointer(repeated) { weights in
        unsafe run(
          range.count,
          x[range].pointer,
          targets[range].pointer,
          weights,
          mask?[range].pointer,
          factor,
          dx?[range].pointer
        )
      }
    }
    return sums.reduce(0, +)
  }

  private func columnCount(_ x: MemoryView<Float>, rows: Int) -> Int {
    precondition(
      rows > 0 ? x.count % rows == 0 : x.count == 0,
      "\(x.count) logits with \(rows) classes"
    )
    return rows > 0 ? x.count / rows : 0
  }
}

/// Lends the memory of an array that may be absent.
@unsafe func withOptionalPointer<Result>(
  _ array: [Float]?,
  _ body: (UnsafePointer<Float>?) -> Result
) -> Result {
  guard let array else { return body(nil) }
  return unsafe array.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
}
