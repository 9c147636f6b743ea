import Datasets
import Foundation
import Results
import Tensors
import Training

/// A repeat's folder, made where it is missing.
///
/// - Parameters:
///   - parent: the folder of all trainings.
///   - task: what is trained for, such as `drive-vessels`.
///   - facts: what the training depends on; all of them but the seed name the folder.
///   - seed: the repeat's seed.
/// - Returns: the folder.
/// - Throws: `ResultsError` where it can't be made.
func trainingFolder(
  in parent: URL,
  _ task: String,
  _ facts: [TrainingFact],
  seed: UInt64
) throws -> URL {
  let text = facts.filter { $0.name != "seed" }.map { "\($0.name)=\($0.value)" }
  let key = hexadecimalSHA256(Data(text.joined(separator: "\n").utf8)).prefix(12)
  let folder = parent.appending(path: "\(task)-\(key)").appending(path: "seed-\(seed)")
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

/// Trains in a repeat's folder; what was saved there before is taken up.
///
/// - Parameters:
///   - job: what is trained.
///   - settings: how; their seed is replaced by the repeat's.
///   - name: what people call the training.
///   - seed: the repeat's seed.
///   - folder: where states and histories lie.
///   - options: what asks to stop.
///   - observer: is told how far the training has come.
///   - device: where it runs.
/// - Returns: what came of it.
/// - Throws: `EvaluationError.interrupted` when asked to stop; `TrainingError`.
func runTraining(
  _ job: any TrainingJob,
  _ settings: TrainingSettings,
  named name: String,
  seed: UInt64,
  in folder: URL,
  options: EvaluationOptions,
  observer: any EvaluationObserver,
  on device: Device
) throws -> TrainingResult {
  var settings = settings
  settings.seed = seed
  let observers: [(any TrainingObserver)?] = [
    JSONLinesObserver(folder.appending(path: "events.jsonl").path(percentEncoded: false)),
    CSVHistory(folder.appending(path: "history.csv").path(percentEncoded: false)),
    observer.trainingObserver("Training \(name)"),
  ]
  let result = try Trainer(
    job,
    settings: settings,
    saving: SavingPolicy(folder: folder.path(percentEncoded: false)),
    stop: options.stop,
    observers: observers.compactMap(\.self),
    on: device
  ).run()
  if case .interrupted = result.outcome {
    throw EvaluationError(.interrupted(detail: "\(name): \(result.outcome)"))
  }
  return result
}

/// Gives back the room of weights and moments that nothing needs any more.
///
/// - Parameters:
///   - folder: the folder of a training that is over.
///   - kept: the names of files that stay.
func removeTrainingStates(_ folder: URL, keeping kept: Set<String> = []) {
  let path = folder.path(percentEncoded: false)
  for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  where name.hasSuffix(".h5") && !kept.contains(name) {
    try? FileManager.default.removeItem(at: folder.appending(path: name))
  }
}
