package import Autograd
package import Tensors

/// What momentum encoders make of a batch.
package struct MomentumFeatures {
  /// [B, D], unit rows.
  package var images: Tensor
  /// [B, D], unit rows.
  package var texts: Tensor
  /// Whether anchors are compared with these inside their batch, too.
  package var areTargets: Bool

  /// States features.
  ///
  /// - Parameters:
  ///   - images: [B, D], unit rows.
  ///   - texts: [B, D], unit rows.
  ///   - areTargets: whether anchors are compared with these inside their batch, too.
  package init(images: Tensor, texts: Tensor, areTargets: Bool) {
    self.images = images
    self.texts = texts
    self.areTargets = areTargets
  }
}

/// The contrastive loss of a batch of pairs: the mean of both directions.
///
/// Similarities are s_ij = e^logitScale · ⟨anchor i, candidate j⟩. Images are compared with the
/// batch's texts and the queue of texts, texts with the batch's images and the queue of images; the
/// pair's other half is the positive. An entry of the queue is what the momentum encoders made of its
/// pair, and is coupled with what they make of the anchor's other half: its difference is s_ij − s⁺_i
/// with s⁺_i = e^logitScale · ⟨anchor i, their feature of i's other half⟩, in the formulas below as
/// s_ij + s_ii − s⁺_i in place of s_ij. A difference between features of two encoders would hold how far
/// these have drifted apart, and push all features of the batch away from where they were: with it the
/// queue harms (reports/pretraining.md). A direction's loss is the mean over its anchors of
///
/// - InfoNCE, elimination, weighted similarity coupling: log(1 + Σ_j w_ij · e^(s_ij − s_ii)), with
///   ``PairWeights``;
/// - soft targets: −Σ_j t_ij · log softmax(s_i)_j, with ``SoftTargets``.
///
/// An anchor that has no negative adds 0. Where the objective takes nothing from the queue, no time
/// is spent on it. A permutation of the batch changes rounding only.
///
/// - Parameters:
///   - images: [B, D], rows of length 1; B at least 1.
///   - texts: [B, D], those of the same pairs.
///   - momentum: what the momentum encoders make of the batch; nil where there are none, and a queue's
///     entries are coupled with the batch's own features.
///   - imageQueue: [Q, D], newest first; Q may be 0.
///   - textQueue: [Q, D], those of the same pairs.
///   - logitScale: the logarithm of 1/τ, one number; whoever trains it keeps it in 0...log 100.
///   - labels: those of the batch.
///   - queueLabels: those of the queue.
///   - samples: which pairs the batch's and the queue's are.
///   - objective: which loss.
///   - tape: where operations are noted.
/// - Returns: one number.
package func contrastiveLoss(
  images: Variable,
  texts: Variable,
  momentum: MomentumFeatures? = nil,
  imageQueue: Tensor,
  textQueue: Tensor,
  logitScale: Variable,
  labels: LabelMatrix,
  queueLabels: LabelMatrix,
  samples: PairSamples,
  objective: ContrastiveObjective,
  on tape: Tape
) -> Variable {
  let count = labels.count
  precondition(
    images.shape.count == 2 && images.shape[0] == count && count > 0
      && [texts.shape, momentum?.images.shape, momentum?.texts.shape]
        .allSatisfy { $0 == nil || $0 == images.shape },
    "a loss of images \(images.shape) and texts \(texts.shape) with \(count) rows of labels"
  )
  let width = images.shape[1]
  precondition(
    imageQueue.shape == [queueLabels.count, width] && textQueue.shape == imageQueue.shape,
    "queues \(imageQueue.shape), \(textQueue.shape) with \(queueLabels.count) rows of labels"
  )
  let usesQueue = objective.readsQueue && queueLabels.count > 0
  let comparison = Comparison(
    labels: labels,
    queueLabels: usesQueue ? queueLabels : LabelMatrix([], columns: labels.columns),
    samples: PairSamples(anchors: samples.anchors, queue: usesQueue ? samples.queue : []),
    objective: objective,
    logitScale: logitScale,
    on: tape
  )
  let areTargets = momentum?.areTargets ?? false
  /// Of one direction: candidates are compared with inside the batch, keys couple a queue's entries where
  /// they aren't the candidates themselves.
  func loss(
    of anchors: Variable,
    against others: Variable,
    _ momentum: Tensor?,
    _ queue: Tensor
  )
    -> Variable
  {
    let keys = momentum.map { Variable($0) }
    return comparison.loss(
      of: anchors,
      against: areTargets ? keys ?? others : others,
      keys: areTargets ? nil : keys,
      queue: usesQueue ? queue : nil
    )
  }
  let fromImages = loss(of: images, against: texts, momentum?.texts, textQueue)
  let fromTexts = loss(of: texts, against: images, momentum?.images, imageQueue)
  return tape.scaled(tape.add(fromImages, fromTexts), by: 0.5)
}

/// What both directions have in common.
private struct Comparison {
  /// [B, B + Q]: weights or soft targets.
  private let shares: Tensor
  private let isSoft: Bool
  private let logitScale: Variable
  private let tape: Tape

  init(
    labels: LabelMatrix,
    queueLabels: LabelMatrix,
    samples: PairSamples,
    objective: ContrastiveObjective,
    logitScale: Variable,
    on tape: Tape
  ) {
    isSoft = objective.loss == .softTargets
    let numbers =
      isSoft
      ? SoftTargets.make(
        anchors: labels,
        queue: queueLabels,
        temperature: objective.targetTemperature
      )
      : PairWeights.make(
        anchors: labels,
        queue: queueLabels,
        samples: samples,
        objective: objective
      )
    shares = Tensor(
      numbers,
      shape: [labels.count, labels.count + queueLabels.count],
      on: tape.device
    )
    self.logitScale = logitScale
    self.tape = tape
  }

  /// The loss of one direction.
  ///
  /// - Parameters:
  ///   - anchors: [B, D].
  ///   - candidates: [B, D], the pairs' other halves, by whichever encoder.
  ///   - keys: [B, D], what the encoder of the queue's entries makes of the other halves; nil where that
  ///     is `candidates`, or nothing is to make up for a difference.
  ///   - queue: [Q, D]; nil for none.
  /// - Returns: one number.
  func loss(
    of anchors: Variable,
    against candidates: Variable,
    keys: Variable?,
    queue: Tensor?
  ) -> Variable {
    // Anchors are scaled, not similarities: [B, D] are fewer than [B, B + Q].
    let scaled = tape.scaledByExp(anchors, logitScale)
    var logits = tape.matrixProduct(scaled, candidates)
    if let queue {
      logits = tape.concatenated([logits, product(scaled, queue, candidates, keys)])
    }
    guard !isSoft else { return tape.crossEntropy(logits, targets: shares) }
    return tape.weightedCoupling(
      logits,
      positives: Array(0..<anchors.shape[0]),
      weights: shares
    )
  }

  /// s_ij + s_ii − s⁺_i of all entries of the queue, [B, Q]; without keys s_ij.
  ///
  /// A product of its own, since the queue needs no gradient.
  private func product(
    _ scaled: Variable,
    _ queue: Tensor,
    _ positives: Variable,
    _ keys: Variable?
  ) -> Variable {
    guard let keys else { return tape.matrixProduct(scaled, Variable(queue)) }
    let shift = tape.rowDots(scaled, tape.add(positives, tape.scaled(keys, by: -1)))
    // One more column on both sides adds each row's shift to all of its products.
    let ones = Variable(
      Tensor(
        Array(repeating: 1, count: queue.shape[0]),
        shape: [queue.shape[0], 1],
        on: tape.device
      )
    )
    return tape.matrixProduct(
      tape.concatenated([scaled, tape.reshaped(shift, [scaled.shape[0], 1])]),
      tape.concatenated([Variable(queue), ones])
    )
  }
}
