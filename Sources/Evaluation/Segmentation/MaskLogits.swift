package import Datasets
import Foundation
import Imaging
import Metrics

/// How a network's logits stand for the classes of a task of masks.
package struct MaskLogits: Equatable, Sendable {
  /// The relation of a pixel's probabilities to each other.
  package enum Kind: Equatable, Sendable {
    /// Each class has a sigmoid of its own.
    case independent
    /// The background and the classes share a softmax.
    case exclusive
  }

  /// The relation of a pixel's probabilities to each other.
  package let kind: Kind
  /// K: how many classes there are, without the background.
  package let classCount: Int
  /// What is expected of a threshold where classes exclude each other.
  static let noThreshold =
    "nothing: the classes exclude each other, the highest probability decides"

  /// How many logits a pixel has: K, or K + 1 with the background first.
  package var logitCount: Int { kind == .independent ? classCount : classCount + 1 }

  /// States a form.
  ///
  /// - Parameters:
  ///   - kind: the relation of a pixel's probabilities to each other.
  ///   - classCount: K.
  init(_ kind: Kind, classCount: Int) {
    self.kind = kind
    self.classCount = classCount
  }

  /// The form that new decoders get.
  ///
  /// - Parameter task: the task; classes that exclude each other share a softmax, nested ones are
  ///   regions of their own.
  package init(usualFor task: MaskTaskDescription) {
    classCount = task.classes.count
    kind = task.mode == .labels && !task.isNested ? .exclusive : .independent
  }

  /// The form that a network's logits have.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - logitCount: how many logits a pixel gets.
  /// - Throws: `EvaluationError` where they stand for another number of classes.
  package init(_ task: MaskTaskDescription, logitCount: Int) throws {
    let usual = MaskLogits(usualFor: task)
    classCount = task.classes.count
    let isExclusive = task.mode != .multilabel && !task.isNested && logitCount == classCount + 1
    kind = isExclusive ? .exclusive : .independent
    guard logitCount == self.logitCount, isExclusive || usual.kind == .independent else {
      throw EvaluationError(
        .otherMasks(
          found: logitCount,
          expected: usual.logitCount,
          task: task.name,
          classes: task.classes
        )
      )
    }
  }

  /// The maps' names: the classes, after the background where there is one.
  func mapNames(_ classes: [String]) -> [String] {
    kind == .independent ? classes : ["background"] + classes
  }

  /// The probabilities of one picture's pixels, in place of its logits.
  ///
  /// - Parameter logits: pixels × `logitCount`, pixel by pixel.
  package func makeProbabilities(_ logits: inout [Float]) {
    switch kind {
    case .independent:
      for index in logits.indices { logits[index] = 1 / (1 + exp(-logits[index])) }
    case .exclusive:
      let count = logitCount
      for start in stride(from: 0, to: logits.count, by: count) {
        let pixel = start..<start + count
        let highest = logits[pixel].max() ?? 0
        var sum: Float = 0
        for index in pixel {
          logits[index] = exp(logits[index] - highest)
          sum += logits[index]
        }
        for index in pixel { logits[index] /= sum }
      }
    }
  }

  /// The truth that each map is compared with.
  ///
  /// - Parameter target: a photograph's masks.
  /// - Returns: one plane of 0, 1 and `MaskTarget.ignored` per map.
  func truths(_ target: MaskTarget) -> [[UInt8]] {
    let regions = (0..<classCount).map(target.region)
    guard kind == .exclusive, case .labels(let labels) = target.layout else { return regions }
    return [labels.map { $0 == 0 ? 1 : $0 == MaskTarget.ignored ? $0 : 0 }] + regions
  }

  /// The planes that a loss is made of, before they are resized.
  ///
  /// - Parameter target: a photograph's masks.
  /// - Returns: one plane per class, or one of labels where classes exclude each other.
  func lossPlanes(_ target: MaskTarget) -> [[UInt8]] {
    guard kind == .exclusive else { return (0..<classCount).map(target.region) }
    if case .labels(let labels) = target.layout { return [labels] }
    return [target.region(ofClass: 0)]
  }
}
