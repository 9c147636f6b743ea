package import Autograd
package import Tensors

/// The contrastive loss of a batch of pairs: the mean of both directions.
///
/// Similarities are s_ij = e^logitScale · ⟨anchor i, candidate j⟩. Images are compared with the
/// batch's texts and the queue of texts, texts with the batch's images and the queue of images; the
/// pair's other half is the positive. A direction's loss is the mean over its anchors of
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
///   - imageTargets: [B, D], what texts are compared with inside their batch: the momentum encoder's
///     features; nil for `images` themselves.
///   - textTargets: [B, D], what images are compared with inside their batch; nil for `texts`.
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
  imageTargets: Variable? = nil,
  textTargets: Variable? = nil,
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
      && [texts.shape, (imageTargets ?? images).shape, (textTargets ?? texts).shape]
        .allSatisfy { $0 == images.shape },
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
  let fromImages = comparison.loss(
    of: images,
    against: textTargets ?? texts,
    queue: usesQueue ? textQueue : nil
  )
  let fromTexts = comparison.loss(
    of: texts,
    against: imageTargets ?? images,
    queue: usesQueue ? imageQueue : nil
  )
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
  func loss(of anchors: Variable, against candidates: Variable, queue: Tensor?) -> Variable {
    // Anchors are scaled, not similarities: [B, D] are fewer than [B, B + Q].
    let scaled = tape.scaledByExp(anchors, logitScale)
    var logits = tape.matrixProduct(scaled, candidates)
    if let queue {
      // A product of its own, since the queue needs no gradient.
      logits = tape.concatenated([logits, tape.matrixProduct(scaled, Variable(queue))])
    }
    guard !isSoft else { return tape.crossEntropy(logits, targets: shares) }
    return tape.weightedCoupling(
      logits,
      positives: Array(0..<anchors.shape[0]),
      weights: shares
    )
  }
}
