import Checkpoints
import Datasets
import Foundation
import Imaging
import Layers
import Models
import Results
import Tensors
import Training

/// Trains networks for masks, once per seed; an interrupted training goes on, a finished one isn't
/// repeated.
final class SegmentationTrainer {
  private let start: SegmentationStart
  private let settings: SegmentationSettings
  private let training: MaskTraining
  private let material: Material
  private let device: Device
  private let options: EvaluationOptions
  private let observer: any EvaluationObserver

  /// What all repeats work on.
  struct Material {
    /// The network.
    var architecture: SegmentationArchitecture
    /// Its input.
    var input: Preprocessing
    /// The pictures and masks.
    var pictures: MaskPictures
    /// Which samples are for what.
    var samples: SegmentationJob.Samples
    /// What all repeats depend on beside the training's settings.
    var facts: [TrainingFact]
  }

  /// A trained network.
  struct Trained {
    var model: SegmentationModel
    var finished: FinishedMaskTraining
  }

  /// Prepares repeats.
  ///
  /// - Parameters:
  ///   - start: the checkpoint.
  ///   - settings: how masks are predicted.
  ///   - training: how the network is trained.
  ///   - material: what it works on.
  ///   - device: where it runs.
  ///   - options: where states are kept, and what asks to stop.
  ///   - observer: is told how far the work has come.
  init(
    _ start: SegmentationStart,
    _ settings: SegmentationSettings,
    _ training: MaskTraining,
    _ material: Material,
    on device: Device,
    options: EvaluationOptions,
    observer: any EvaluationObserver
  ) {
    self.start = start
    self.settings = settings
    self.training = training
    self.material = material
    self.device = device
    self.options = options
    self.observer = observer
  }

  /// Trains one repeat, or takes what an earlier command has kept of it.
  ///
  /// - Parameters:
  ///   - seed: the repeat's seed.
  ///   - tool: the program and its version, for the provenance.
  /// - Returns: the network with the weights of its best epoch.
  /// - Throws: `EvaluationError.interrupted` when asked to stop; `TrainingError`, `busy` where another
  ///   command trains the same; what reading and writing checkpoints throws.
  func run(seed: UInt64, tool: String) throws -> Trained {
    let facts = facts(seed: seed)
    let contents = material.pictures.contents
    let folder = try trainingFolder(
      in: options.trainingFolder,
      "\(contents.dataset.name)-\(contents.task.name)",
      facts,
      seed: seed
    )
    let place = folder.appending(path: "trained.h5")
    let file = folder.appending(path: "finished.json")
    return try FolderLock.holding(folder.path(percentEncoded: false)) {
      let model = try start.model(material.architecture, seed: seed, on: device)
      if let kept = FinishedMaskTraining.kept(at: file, facts: facts, checkpoint: place) {
        guard kept.failure == nil else { return Trained(model: model, finished: kept) }
        let path = place.path(percentEncoded: false)
        _ = try model.load(from: CheckpointFile(path), on: device)
        return Trained(model: model, finished: kept)
      }
      let result = try train(model, facts, seed: seed, in: folder)
      var finished = FinishedMaskTraining(
        facts: facts,
        training: TrainingRecord(result, seed: seed),
        chosen: chosen(result),
        peakMemory: result.memory?.peak,
        checkpointSHA256: nil,
        failure: nil
      )
      if case .failed(let failure) = result.outcome {
        finished.failure = "seed \(seed): \(failure)"
      } else {
        try write(model, to: place, tool: tool)
        finished.checkpointSHA256 = try fileSHA256(place)
      }
      try finished.write(to: file)
      removeTrainingStates(folder, keeping: [place.lastPathComponent])
      return Trained(model: model, finished: finished)
    }
  }

  private func train(
    _ model: SegmentationModel,
    _ facts: [TrainingFact],
    seed: UInt64,
    in folder: URL
  ) throws -> TrainingResult {
    let job = SegmentationJob(
      model,
      material.pictures,
      material.samples,
      settings,
      training,
      input: material.input,
      seed: seed,
      identity: facts,
      on: device
    )
    let contents = material.pictures.contents
    return try runTraining(
      job,
      training.settings,
      named: "\(contents.dataset.name)/\(contents.task.name), seed \(seed)",
      seed: seed,
      in: folder,
      options: options,
      observer: observer,
      on: device
    )
  }

  private func chosen(_ result: TrainingResult) -> [FinishedRepeat.Choice] {
    let epoch = result.best?.epoch ?? result.history.count
    var chosen = [FinishedRepeat.Choice(name: "epoch", value: Double(epoch))]
    if let score = result.best?.validation?.value {
      chosen.append(FinishedRepeat.Choice(name: "validation Dice", value: score))
    }
    return chosen
  }

  /// Writes the network as a checkpoint that `evaluate` reads.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - file: where to; one that exists is replaced.
  ///   - tool: the program and its version, for the provenance.
  ///   - masks: what its masks are, where thresholds are known: `predict` needs nothing else then.
  /// - Throws: `CheckpointError` where it can't be written.
  func write(
    _ model: SegmentationModel,
    to file: URL,
    tool: String,
    masks: MaskDescription? = nil
  ) throws {
    let contents = material.pictures.contents
    let source = URL(filePath: start.path).lastPathComponent
    let header = CheckpointHeader(
      architecture: material.architecture.json,
      preprocessing: try material.input.json,
      provenance: CheckpointProvenance(
        source: "\(source), trained for \(contents.dataset.name)/\(contents.task.name)",
        sha256: start.sha256,
        tool: tool
      ),
      classifier: try masks?.json
    )
    try writeCheckpoint(
      model.parameters.parameters,
      header,
      to: file.path(percentEncoded: false)
    )
  }

  private func facts(seed: UInt64) -> [TrainingFact] {
    var settings = training.settings
    settings.seed = seed
    return material.facts + training.facts + settings.facts
  }
}

/// What a training for masks came to, beside its checkpoint.
struct FinishedMaskTraining: Codable, Equatable {
  /// What it depends on: another training's is not used.
  var facts: [TrainingFact]
  /// How the training went.
  var training: TrainingRecord
  /// What validation chose, by name.
  var chosen: [FinishedRepeat.Choice]
  /// The highest memory of the process while training, in bytes; nil where unknown.
  var peakMemory: Int?
  /// The SHA-256 of the trained checkpoint; nil where the training failed.
  var checkpointSHA256: String?
  /// Why it failed; nil where it didn't.
  var failure: String?

  /// Reads what an earlier command kept.
  ///
  /// - Parameters:
  ///   - file: where it lies.
  ///   - facts: what it must depend on.
  ///   - checkpoint: where the trained checkpoint must lie, unchanged.
  /// - Returns: what was kept; nil where there is none, it is damaged, or belongs to another training.
  static func kept(at file: URL, facts: [TrainingFact], checkpoint: URL) -> FinishedMaskTraining? {
    guard let data = try? Data(contentsOf: file),
      let found = try? JSONDecoder().decode(FinishedMaskTraining.self, from: data),
      found.facts == facts
    else { return nil }
    guard found.failure == nil else { return found }
    let sum = try? fileSHA256(checkpoint)
    return sum == found.checkpointSHA256 && sum != nil ? found : nil
  }

  /// Writes it, whole or not at all.
  ///
  /// - Parameter file: where to.
  /// - Throws: `ResultsError` where it can't be written.
  func write(to file: URL) throws { try writeWhole(self, to: file) }
}
