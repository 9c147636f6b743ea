import Autograd
import TestSupport
import Testing

extension RecordedCase {
  /// The losses' cases whose logits are small enough for central differences, or the others.
  static func losses(_ prefix: String, large: Bool = false) throws -> [RecordedCase] {
    try cases("Autograd/losses.json", prefix).filter { $0.name.contains("large") == large }
  }

  /// The loss that the case's name asks for, with its targets, weights and mask.
  func loss(of x: Variable, on tape: Tape) throws -> Variable {
    let weights = has("weights") ? try floats("weights") : nil
    let mask = has("mask") ? try tensor("mask", on: tape.device) : nil
    let classes = has("classes") ? try floats("classes").map { Int32($0) } : []
    switch name.split(separator: "-").first {
    case "classes":
      return tape.crossEntropy(
        x,
        classes: classes,
        classWeights: weights,
        labelSmoothing: Float(try number("smoothing")),
        ignoring: 255
      )
    case "targets":
      let targets = try tensor("targets", on: tape.device)
      return tape.crossEntropy(x, targets: targets, classWeights: weights)
    case "binary":
      let targets = try tensor("targets", on: tape.device)
      return tape.binaryCrossEntropy(x, targets: targets, positiveWeights: weights, mask: mask)
    default:
      guard classes.isEmpty else { return tape.diceLoss(x, classes: classes, ignoring: 255) }
      return tape.diceLoss(x, targets: try tensor("targets", on: tape.device), mask: mask)
    }
  }
}
