import ArgumentParser
import Evaluation
import Training

// What the protocol of segmentation takes of the options that protocols share.
extension ProbeOptions {
  /// Refuses options that masks have no use for.
  ///
  /// - Throws: `EvaluationError` with the first of them.
  func refuseClassOptions() throws {
    let options: [(String, Any?)] = [
      ("--features", featureName), ("--strength", strength), ("--shots", shots),
      ("--solver", solver), ("--scheme", scheme), ("--scaling", scaling),
      ("--class-weights", classWeights), ("--language", language),
      ("--head-start", training.headStart), ("--drop-path", training.dropPath),
      ("--label-smoothing", training.labelSmoothing), ("--sampling", training.sampling),
      ("--layer-decay", training.layerDecay),
    ]
    guard let name = options.first(where: { $0.1 != nil })?.0 else { return }
    throw EvaluationError(
      .invalidOption(
        name: name,
        found: "given",
        expected: "nothing: segmentation has no use for it"
      )
    )
  }

  /// The rule that was asked for; nil for the preset's.
  func maskThreshold() throws -> MaskThreshold? {
    guard let threshold else { return nil }
    if let split = MaskThreshold.Split(rawValue: threshold) { return .bestDice(on: split) }
    guard let number = Float(threshold), (0...1).contains(number) else {
      throw EvaluationError(
        .invalidOption(
          name: "--threshold",
          found: threshold,
          expected: "train or validation (of highest Dice), or a probability from 0 to 1"
        )
      )
    }
    return .fixed(number)
  }

  /// Applies the options of trainings to one for masks.
  ///
  /// - Parameter masks: the preset's.
  /// - Throws: `EvaluationError` for values that don't exist.
  func apply(to masks: inout MaskTraining) throws {
    training.apply(to: &masks.settings, classWeights: nil)
    if let decays = try training.weightDecays() {
      guard decays.count == 1 else {
        throw EvaluationError(
          .invalidOption(
            name: "--weight-decay",
            found: "\(decays.count) values",
            expected: "one: segmentation chooses the epoch only"
          )
        )
      }
      masks.settings.weightDecay = decays[0]
    }
    if let policy = try training.augmentationPolicy() { masks.augmentation = policy }
    switch training.part {
    case nil: break
    case "all": masks.trainsEncoder = true
    case "head": masks.trainsEncoder = false
    case let part?:
      throw EvaluationError(
        .invalidOption(
          name: "--train",
          found: part,
          expected: "all, or head for the decoder alone"
        )
      )
    }
  }
}
