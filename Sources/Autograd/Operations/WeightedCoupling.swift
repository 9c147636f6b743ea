import Kernels
import Parallelism
package import Tensors

extension Tape {
  /// The mean over rows of log(1 + Σ_{j≠i} w_ij · e^(s_ij − s_ii)), with s_ii the row's positive.
  ///
  /// The gradient with respect to s_ij is w_ij · e^(s_ij − s_ii) / (1 + Σ) / N, its negative sum with
  /// respect to s_ii: a weight sets how fast a negative is pushed away. Where it is 0, the gradient
  /// is exactly 0. With all weights 1 this is the cross-entropy of softmax with the positives, and the
  /// loss of van den Oord, Li, Vinyals 2018, eq. 4 (InfoNCE). Rows are computed in double, so that
  /// the losses of pairs that are told apart well, and their gradients, keep their digits.
  ///
  /// Kept: the gradient, 4 bytes per logit, which the forward pass computes with the loss.
  ///
  /// - Parameters:
  ///   - logits: s, [N, M], scaled similarities, finite; N at least 1.
  ///   - positives: the column of each row's positive, N of them in 0..<M.
  ///   - weights: w, [N, M], finite and at least 0; 0 for what is no negative; what stands at a
  ///     positive is ignored.
  /// - Returns: one number.
  package func weightedCoupling(
    _ logits: Variable,
    positives: [Int],
    weights: Tensor
  ) -> Variable {
    precondition(
      logits.shape.count == 2 && weights.shape == logits.shape && !positives.isEmpty
        && positives.count == logits.shape[0],
      "coupling of \(logits.shape) with weights \(weights.shape) and \(positives.count) positives"
    )
    let share = 1 / Double(positives.count)
    return loss("weighted_coupling", logits, share: share) { x, _, dx in
      weights.withView {
        device.compute.weightedCoupling(
          x,
          weights: $0,
          positives: positives,
          factor: share,
          into: dx
        )
      }
    }
  }
}
