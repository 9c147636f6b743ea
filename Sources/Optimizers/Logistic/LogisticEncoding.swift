import Kernels

/// Targets and weights in the form that the kernel sums over, without what can't be determined.
struct LogisticEncoding: Sendable {
  /// What the outputs stand for.
  enum Layout: Sendable, Equatable {
    /// One output per class, coupled by a softmax.
    case softmax(classes: [Int])
    /// One output: whether the class is `positive` rather than `negative`.
    case binary(negative: Int, positive: Int)
    /// One output per class or label, each on its own.
    case separate(classes: [Int])
  }

  let layout: Layout
  let loss: LogisticKernel.Loss
  /// N × outputs, 0 or 1.
  let targets: [UInt8]
  let rowWeights: [Double]
  /// outputs × 2.
  let outputWeights: [Double]
  let undetermined: [UndeterminedClass]

  /// Encodes one class per sample for a single joint problem; two classes make one sigmoid output.
  ///
  /// - Throws: ``OptimizersError`` where fewer than two classes have samples.
  init(multinomial labels: [Int], count: Int, weights: [Double], _ kind: ClassWeights) throws {
    var totals = [Double](repeating: 0, count: count)
    for (label, weight) in zip(labels, weights) { totals[label] += weight }
    let present = (0..<count).filter { totals[$0] > 0 }
    guard present.count >= 2 else {
      throw OptimizersError(present.first.map { .singleClass($0) } ?? .noSamples)
    }
    let isBalanced = kind == .balanced
    let sum = totals.reduce(0, +)
    rowWeights = zip(labels, weights).map { label, weight in
      isBalanced && weight > 0 ? weight * sum / (Double(present.count) * totals[label]) : weight
    }
    undetermined = (0..<count).filter { totals[$0] == 0 }
      .map { UndeterminedClass(index: $0, isAlwaysPresent: false) }
    let outputs = present.count == 2 ? [present[1]] : present
    layout =
      present.count == 2
      ? .binary(negative: present[0], positive: present[1]) : .softmax(classes: present)
    loss = present.count == 2 ? .sigmoid : .softmax
    targets = labels.flatMap { label in outputs.map { label == $0 ? UInt8(1) : 0 } }
    outputWeights = [Double](repeating: 1, count: 2 * outputs.count)
  }

  /// Encodes N × count answers as separate problems.
  ///
  /// - Throws: ``OptimizersError`` where no label varies.
  init(separate answers: [Bool], count: Int, weights: [Double], _ kind: ClassWeights) throws {
    let sum = weights.reduce(0, +)
    let positives = (0..<count).map { label in
      weights.indices.reduce(0.0) { $0 + (answers[$1 * count + label] ? weights[$1] : 0) }
    }
    let negatives = (0..<count).map { label in
      weights.indices.reduce(0.0) { $0 + (answers[$1 * count + label] ? 0 : weights[$1]) }
    }
    let varying = (0..<count).filter { positives[$0] > 0 && negatives[$0] > 0 }
    guard !varying.isEmpty else { throw OptimizersError(.noVaryingLabel) }
    rowWeights = weights
    undetermined = (0..<count).filter { positives[$0] == 0 || negatives[$0] == 0 }
      .map { UndeterminedClass(index: $0, isAlwaysPresent: positives[$0] > 0) }
    layout = .separate(classes: varying)
    loss = .sigmoid
    targets = weights.indices.flatMap { row in
      varying.map { answers[row * count + $0] ? UInt8(1) : 0 }
    }
    outputWeights = varying.flatMap { label in
      kind == .uniform ? [1, 1] : [sum / (2 * negatives[label]), sum / (2 * positives[label])]
    }
  }
}
