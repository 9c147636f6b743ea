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
    let text = facts.filter { $0.name != "seed" }.map { "\($0.name)=\($0.value)" }
    let key = hexadecimalSHA256(Data(text.joined(separator: "\n").utf8)).prefix(12)
    let name = "\(material.task.dataset.name)-\(material.task.task.name)-\(key)"
    return try makeTrainingFolder(options.trainingFolder.appending(path: name), seed: seed)
  }

  /// Gives back the room of weights and moments that nothing needs any more.
  func removeStates(_ folder: URL) { removeTrainingStates(folder, keeping: []) }
}

/// Makes a repeat's folder where it is missing.
///
/// - Parameters:
///   - training: the folder of all repeats.
///   - seed: the repeat's seed.
/// - Returns: the repeat's folder.
/// - Throws: `ResultsError` where it can't be made.
func makeTrainingFolder(_ training: URL, seed: UInt64) throws -> URL {
  let folder = training.appending(path: "seed-\(seed)")
  do {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  } catch {
    throw ResultsError(
      .unwritable(detail: error.localizedDescription),
      path: folder.path(percentEncoded: false)
    )
  }
  return folder
}

/// Deletes the states of a training that is over.
///
/// - Parameters:
///   - folder: the repeat's folder.
///   - kept: the names of files that stay.
func removeTrainingStates(_ folder: URL, keeping kept: Set<String>) {
  let path = folder.path(percentEncoded: false)
  for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  where name.hasSuffix(".h5") && !kept.contains(name) {
    try? FileManager.default.removeItem(at: folder.appending(path: name))
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
