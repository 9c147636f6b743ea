import Autograd
import Datasets
import Foundation
import Tensors
import Training

/// The labels of a task's samples as a classifier's loss takes them.
struct ClassifierTargets {
  /// How many classes or findings there are (K).
  let classCount: Int
  private let labels: TaskLabels
  /// Whether each class has a sigmoid of its own.
  let isBinary: Bool
  private let smoothing: Float
  private let weights: [Float]?

  /// Prepares targets.
  ///
  /// - Parameters:
  ///   - task: the samples.
  ///   - train: which of them are trained on; they make class weights.
  ///   - loss: what the loss is; of findings it is always one sigmoid per finding.
  ///   - settings: label smoothing and class weights.
  init(
    _ task: TaskContents,
    train: [Int],
    loss: ClassifierLoss,
    settings: TrainingSettings
  ) {
    labels = task.labels
    classCount = task.task.classes.count
    isBinary = loss == .binary || task.task.kind == .multilabel
    smoothing = Float(settings.labelSmoothing)
    switch settings.classWeights {
    case .uniform: weights = nil
    case .balanced:
      let counts = task.classCounts(train)
      let balanced =
        isBinary
        ? ImbalanceWeights.positive(counts, of: train.count) : ImbalanceWeights.balanced(counts)
      weights = balanced.map { Float($0) }
    }
  }

  /// The mean loss of a batch.
  ///
  /// - Parameters:
  ///   - logits: [B, K].
  ///   - samples: which B samples of the task.
  ///   - tape: what operations are noted on.
  /// - Returns: the loss and its weight; nil where no sample counts.
  func loss(of logits: Variable, _ samples: [Int], on tape: Tape) -> BatchLoss? {
    guard isBinary else {
      let classes = samples.map { labels.positives(at: $0)[0] }
      let weight = classes.reduce(0) { $0 + Double(weights?[$1] ?? 1) }
      guard weight > 0 else { return nil }
      let mean = tape.crossEntropy(
        logits,
        classes: classes.map { Int32($0) },
        classWeights: weights,
        labelSmoothing: smoothing
      )
      return BatchLoss(mean, weight: weight)
    }
    var values = [Float](repeating: smoothing / 2, count: samples.count * classCount)
    for (row, sample) in samples.enumerated() {
      for positive in labels.positives(at: sample) {
        values[row * classCount + positive] = 1 - smoothing / 2
      }
    }
    let mean = tape.binaryCrossEntropy(
      logits,
      targets: Tensor(values, shape: [samples.count, classCount], on: tape.device),
      positiveWeights: weights
    )
    return samples.isEmpty ? nil : BatchLoss(mean, weight: Double(samples.count))
  }

  /// The probabilities that logits stand for.
  ///
  /// - Parameter logits: N × K, row by row.
  /// - Returns: N × K: rows that sum to 1, or one sigmoid per class.
  func probabilities(_ logits: [Float]) -> [Double] {
    guard !isBinary else { return logits.map { 1 / (1 + exp(-Double($0))) } }
    return stride(from: 0, to: logits.count, by: classCount).flatMap { start in
      let row = logits[start..<start + classCount].map(Double.init)
      let highest = row.max() ?? 0
      let powers = row.map { exp($0 - highest) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }

  /// Each sample's class in balanced sampling: its own, or its rarest finding.
  ///
  /// - Parameter train: which samples are trained on.
  /// - Returns: a weight per sample of `train`.
  func samplingWeights(_ train: [Int]) -> [Double] {
    labels[train].samplingWeights(classCount: classCount)
  }
}
