import Kernels
import Parallelism
package import Tensors

extension Tape {
  /// The mean binary cross-entropy of logits, over what a mask keeps.
  ///
  /// −(w·t·log σ(x) + (1 − t)·log(1 − σ(x))), computed as (1 − t)·x + (1 + (w − 1)·t)·log(1 + e^−x)
  /// without overflow, as PyTorch's `binary_cross_entropy_with_logits`. 0 with zero gradients where
  /// nothing is kept.
  ///
  /// Kept: the gradient, 4 bytes per logit, which the forward pass computes with the loss.
  ///
  /// - Parameters:
  ///   - logits: [..., K], finite.
  ///   - targets: t, of the same shape, in 0...1.
  ///   - positiveWeights: w, K numbers of at least 0; nil for ones.
  ///   - mask: of the same shape; elements where it is 0 are left out, all others count alike; nil
  ///     to keep all.
  /// - Returns: one number.
  package func binaryCrossEntropy(
    _ logits: Variable,
    targets: Tensor,
    positiveWeights: [Float]? = nil,
    mask: Tensor? = nil
  ) -> Variable {
    let columns = logits.value.columns
    precondition(
      targets.shape == logits.shape && (mask?.shape ?? logits.shape) == logits.shape
        && (positiveWeights?.count ?? columns) == columns,
      "binary cross-entropy of \(logits.shape) with targets \(targets.shape), "
        + "mask \(mask?.shape ?? []), \(positiveWeights?.count ?? columns) weights"
    )
    let kept = mask.map { $0.elements.count { $0 != 0 } } ?? logits.value.count
    let share = kept > 0 ? 1 / Double(kept) : 0
    return loss("binary_cross_entropy", logits, share: share) { x, factor, dx in
      withOptionalView(mask) { mask in
        targets.withView {
          device.compute.binaryCrossEntropy(
            x,
            targets: $0,
            weights: positiveWeights,
            mask: mask,
            factor: factor,
            into: dx
          )
        }
      }
    }
  }
}
