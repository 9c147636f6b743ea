import Datasets
import Evaluation
import Foundation
import Training

/// A linear classifier trained by whole-batch gradient descent in double precision, as slow and plain
/// as the formulas.
///
/// N samples, D features, K classes or findings.
struct SteppedProbe {
  /// N × D, row by row.
  let features: [[Double]]
  /// N rows of K values of 0 and 1.
  let targets: [[Double]]
  let settings: TrainedProbeSettings
  let isBinary: Bool
  private(set) var weights: [[Double]]
  private(set) var offsets: [Double]
  /// The loss before each step so far.
  private(set) var losses: [Double] = []

  /// Begins at zero.
  init(_ table: ProbeTable, _ task: TaskContents, _ settings: TrainedProbeSettings) throws {
    let indices = try task.splits().train
    features = indices.map { table.features(task, $0).map(Double.init) }
    let count = task.task.classes.count
    targets = indices.map { index in
      let positives = task.labels.positives(at: index)
      return (0..<count).map { positives.contains($0) ? 1 : 0 }
    }
    self.settings = settings
    isBinary = settings.loss == .binary || task.task.kind == .multilabel
    weights = Array(repeating: Array(repeating: 0, count: features[0].count), count: count)
    offsets = Array(repeating: 0, count: count)
  }

  /// The probabilities of one sample.
  func probabilities(_ feature: [Double]) -> [Double] {
    let logits = zip(weights, offsets).map { row, offset in
      zip(row, feature).reduce(offset) { $0 + $1.0 * $1.1 }
    }
    if isBinary { return logits.map { 1 / (1 + exp(-$0)) } }
    let sum = logits.reduce(0) { $0 + exp($1) }
    return logits.map { exp($0) / sum }
  }

  /// Makes one step on all samples.
  mutating func step() {
    let rows = features.map(probabilities)
    let (loss, slopes) = isBinary ? binary(rows) : crossEntropy(rows)
    losses.append(loss)
    for output in weights.indices {
      for sample in features.indices {
        let slope = settings.training.learningRate * slopes[sample][output]
        offsets[output] -= slope
        for column in features[sample].indices {
          weights[output][column] -= slope * features[sample][column]
        }
      }
    }
  }

  private var counts: [Double] {
    targets[0].indices.map { output in targets.reduce(0) { $0 + $1[output] } }
  }

  private var isBalanced: Bool { settings.training.classWeights == .balanced }

  /// PyTorch's `cross_entropy` with weights and smoothing, and its slope by the logits.
  private func crossEntropy(_ rows: [[Double]]) -> (Double, [[Double]]) {
    let (classCount, smoothing) = (Double(counts.count), settings.training.labelSmoothing)
    let weights = counts.map { isBalanced ? Double(rows.count) / (classCount * $0) : 1 }
    var (loss, total) = (0.0, 0.0)
    var shares: [[Double]] = []
    for (row, target) in zip(rows, targets) {
      let shared = target.indices.map {
        weights[$0] * ((1 - smoothing) * target[$0] + smoothing / classCount)
      }
      loss -= zip(shared, row).reduce(0) { $0 + $1.0 * log($1.1) }
      total += zip(target, weights).reduce(0) { $0 + $1.0 * $1.1 }
      shares.append(shared)
    }
    let slopes = zip(rows, shares).map { row, shared in
      let sum = shared.reduce(0, +)
      return row.indices.map { (sum * row[$0] - shared[$0]) / total }
    }
    return (loss / total, slopes)
  }

  /// PyTorch's `binary_cross_entropy_with_logits` with `pos_weight`, and its slope by the logits.
  private func binary(_ rows: [[Double]]) -> (Double, [[Double]]) {
    let smoothing = settings.training.labelSmoothing
    let positive = counts.map { isBalanced ? (Double(rows.count) - $0) / $0 : 1 }
    let cells = Double(rows.count * counts.count)
    var loss = 0.0
    let slopes = zip(rows, targets).map { row, target in
      row.indices.map { output -> Double in
        let wanted = target[output] * (1 - smoothing) + smoothing / 2
        let (found, weight) = (row[output], positive[output])
        loss -= (weight * wanted * log(found) + (1 - wanted) * log(1 - found)) / cells
        return ((1 - wanted) * found - weight * wanted * (1 - found)) / cells
      }
    }
    return (loss, slopes)
  }
}
