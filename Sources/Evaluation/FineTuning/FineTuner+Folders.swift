import Datasets
import Foundation
import Imaging
import Models
import Results
import Training

extension FineTuner {
  /// What a repeat depends on, the seed included.
  func facts(_ material: Material, seed: UInt64) -> [TrainingFact] {
    var training = settings.training
    training.seed = seed
    return material.facts + settings.facts(kind) + training.facts
  }

  /// A repeat's folder, made where it is missing.
  func folder(
    _ facts: [TrainingFact],
    _ material: Material,
    seed: UInt64
  ) throws -> URL {
    try trainingFolder(
      in: options.trainingFolder,
      "\(material.task.dataset.name)-\(material.task.task.name)",
      facts,
      seed: seed
    )
  }
}

extension FineTuneSettings {
  /// The settings beside the training's own, as results and states write them.
  func facts(_ kind: ImageFeatureKind) -> [TrainingFact] {
    [
      TrainingFact("features", kind.rawValue),
      TrainingFact("trained part", part.name),
      TrainingFact("head start", headStart.rawValue),
      TrainingFact("loss", loss.rawValue),
      TrainingFact("head rate factor", "\(headRateFactor)"),
      TrainingFact("drop path", "\(dropPath)"),
      TrainingFact("augmentation", augmentation.identifier),
      TrainingFact("updates statistics", updatesStatistics ? "yes" : "no"),
      TrainingFact("decision threshold", decision.name),
      TrainingFact("shots per class", shots.map(String.init) ?? "full"),
    ]
  }
}
