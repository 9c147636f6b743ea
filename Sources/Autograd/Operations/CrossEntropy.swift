import Kernels
import Parallelism
package import Tensors

extension Tape {
  /// The mean cross-entropy of softmax with classes.
  ///
  /// Σ_r Σ_k −t_rk · log softmax(x_r)_k / Σ_r w_{y_r} over the rows r that aren't ignored, with
  /// t_rk = w_k · (s/K + (1 − s)·[k = y_r]): label smoothing s of Szegedy et al. 2016, section 7, and
  /// class weights w as PyTorch combines them. 0 with zero gradients where nothing is left to average
  /// (PyTorch: NaN).
  ///
  /// Kept: the gradient, 4 bytes per logit, which the forward pass computes with the loss.
  ///
  /// - Parameters:
  ///   - logits: [..., K], finite.
  ///   - classes: one per row, in 0..<K or `ignoring`.
  ///   - classWeights: w, K numbers of at least 0; nil for ones.
  ///   - labelSmoothing: s, in 0...1.
  ///   - ignoring: the class of rows that are left out.
  /// - Returns: one number.
  package func crossEntropy(
    _ logits: Variable,
    classes: [Int32],
    classWeights: [Float]? = nil,
    labelSmoothing: Float = 0,
    ignoring: Int32? = nil
  ) -> Variable {
    let columns = logits.value.columns
    let isKnown = classes.allSatisfy { $0 == ignoring || (0..<columns).contains(Int($0)) }
    precondition(
      classes.count == logits.value.rows && isKnown
        && (classWeights?.count ?? columns) == columns && (0...1).contains(labelSmoothing),
      "cross-entropy of \(logits.shape) with \(classes.count) classes, "
        + "\(classWeights?.count ?? columns) weights, smoothing \(labelSmoothing)"
    )
    let chosen = classes.map { $0 == ignoring ? -1 : $0 }
    let total = chosen.reduce(0.0) { sum, index in
      index < 0 ? sum : sum + (classWeights.map { Double($0[Int(index)]) } ?? 1)
    }
    return loss("cross_entropy", logits, share: total > 0 ? 1 / total : 0) { x, factor, dx in
      device.compute.crossEntropy(
        x,
        classes: chosen,
        weights: classWeights,
        smoothing: labelSmoothing,
        factor: factor,
        into: dx
      )
    }
  }

  /// The mean cross-entropy of softmax with targets that are distributions.
  ///
  /// Σ_r Σ_k −w_k · t_rk · log softmax(x_r)_k / R, as PyTorch: weights don't enter the mean.
  ///
  /// Kept: the gradient, 4 bytes per logit.
  ///
  /// - Parameters:
  ///   - logits: [..., K]: R rows, finite.
  ///   - targets: t, of the same shape; rows usually add up to 1.
  ///   - classWeights: w, K numbers of at least 0; nil for ones.
  /// - Returns: one number; 0 for no rows.
  package func crossEntropy(
    _ logits: Variable,
    targets: Tensor,
    classWeights: [Float]? = nil
  ) -> Variable {
    let (rows, columns) = (logits.value.rows, logits.value.columns)
    precondition(
      targets.shape == logits.shape && (classWeights?.count ?? columns) == columns,
      "cross-entropy of \(logits.shape) with targets \(targets.shape), "
        + "\(classWeights?.count ?? columns) weights"
    )
    return loss("cross_entropy", logits, share: rows > 0 ? 1 / Double(rows) : 0) {
      x,
      factor,
      dx in
      guard rows > 0 else { return 0 }
      return targets.withView {
        device.compute.crossEntropy(
          x,
          targets: $0,
          weights: classWeights,
          columns: columns,
          factor: factor,
          into: dx
        )
      }
    }
  }

  /// A loss of one number whose gradient is computed with it.
  ///
  /// - Parameters:
  ///   - name: the operation's name.
  ///   - logits: what the loss depends on.
  ///   - share: what the sum over all rows is multiplied with.
  ///   - sum: receives the logits, the share and where to write the gradient of share · sum (nil for
  ///     nowhere); returns the sum.
  /// - Returns: one number.
  func loss(
    _ name: String,
    _ logits: Variable,
    share: Double,
    sum: (MemoryView<Float>, Float, MemoryView<Float>?) -> Double
  ) -> Variable {
    let dx = logits.gradient
    let gradient = dx.map { Tensor(uninitialized: $0.shape, on: device) }
    let total = logits.value.withView { x in
      withOptionalView(gradient) { sum(x, Float(share), $0) }
    }
    let value = Tensor([Float(total * share)], shape: [], on: device)
    return record(name, value, [dx]) { [device] dy in
      guard let dx, let gradient else { return }
      let factor = dy.withView { $0[0] }
      if factor != 1 { gradient.withView { device.compute.scale([$0], by: factor) } }
      dx.add(gradient, on: device)
    }
  }
}
