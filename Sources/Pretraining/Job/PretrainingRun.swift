import Checkpoints
import Datasets
package import Foundation
import Layers
package import Models
package import Tensors
package import Training

/// One pre-training: from a checkpoint and pairs to another checkpoint, in a folder of its own.
///
/// The folder holds `state.h5` and the best weights while it goes on, `events.jsonl`, `history.csv` and
/// `validation.csv`, and in the end `pretrained.h5` and `profile.json`.
package struct PretrainingRun {
  /// Whose weights it begins with.
  package let bundle: ModelBundle
  /// The pairs.
  package let material: PretrainingMaterial
  /// How it is trained.
  package let settings: PretrainingSettings
  /// Where everything is written.
  package let folder: URL

  /// The trained checkpoint's file.
  package var checkpoint: String {
    folder.appending(path: "pretrained.h5").path(percentEncoded: false)
  }

  /// All that the trained weights depend on, in 64 hexadecimal digits.
  package var identity: String {
    let facts = settings.training.facts + settings.facts + material.facts
    return hexadecimalSHA256(
      Data(facts.map { "\($0.name)=\($0.value)" }.joined(separator: "\n").utf8)
    )
  }

  /// States a run.
  ///
  /// - Parameters:
  ///   - bundle: whose weights it begins with; they change.
  ///   - material: the pairs.
  ///   - settings: how it is trained.
  ///   - folder: where everything is written; made where it is missing.
  package init(
    _ bundle: ModelBundle,
    _ material: PretrainingMaterial,
    _ settings: PretrainingSettings,
    in folder: URL
  ) {
    self.bundle = bundle
    self.material = material
    self.settings = settings
    self.folder = folder
  }

  /// Trains, or goes on with what an earlier command began, and writes the checkpoint.
  ///
  /// - Parameters:
  ///   - beginning: at the saved state where there is one, or at the start.
  ///   - stop: who may ask to stop.
  ///   - observers: who is told.
  ///   - warn: is told what a reader of the result must know, one line at a time.
  ///   - tool: the program and its version, for the provenance.
  ///   - device: where it runs.
  /// - Returns: what the training cost: what `profile.json` holds.
  /// - Throws: ``PretrainingError``: `interrupted`, `failed`, `notWritable`; what the trainer throws.
  package func run(
    from beginning: Trainer.Beginning = .savedState,
    stop: StopRequest,
    observers: [any TrainingObserver],
    warn: @escaping (String) -> Void,
    tool: String,
    on device: Device
  ) throws -> PretrainingProfile {
    try folder.makeFolder()
    return try FolderLock.holding(folder.path(percentEncoded: false)) {
      let log = ValidationLog(folder.appending(path: "validation.csv"))
      let events = JSONLinesObserver(path("events.jsonl"))
      let unreadable = UnreadablePictures(material, in: events, warn: warn)
      let profile = ProfileFile(folder.appending(path: "profile.json"))
      let result = try Trainer(
        try job(log, on: device),
        settings: settings.training,
        saving: SavingPolicy(folder: folder.path(percentEncoded: false)),
        stop: stop,
        observers: [unreadable, events, CSVHistory(path("history.csv")), log, profile] + observers,
        on: device
      ).run(from: beginning)
      switch result.outcome {
      case .interrupted: throw PretrainingError(.interrupted(detail: "\(result.outcome)"))
      case .failed(let failure): throw PretrainingError(.failed(detail: "\(failure)"))
      case .finished, .stoppedEarly: break
      }
      try write(tool: tool)
      return try profile.keep(
        result,
        PretrainingProfile(
          result,
          of: material.train.count,
          unreadable: unreadable.all(.training),
          unreadable.all(.validation)
        )
      )
    }
  }

  private func path(_ name: String) -> String {
    folder.appending(path: name).path(percentEncoded: false)
  }

  private func job(_ log: ValidationLog, on device: Device) throws -> PretrainingJob {
    guard let tokenizer = bundle.tokenizer else {
      throw PretrainingError(.noVocabulary, path: bundle.path)
    }
    return try PretrainingJob(
      bundle.model,
      material.train,
      PretrainingValidation(
        material.validation,
        findings: material.findings,
        tokenizer: tokenizer,
        batch: min(settings.training.batchSize, 256),
        observe: log.measured
      ),
      settings,
      identity: material.facts,
      on: device
    )
  }

  /// Gives back the room of weights and moments that a finished training needs no more, and of files that
  /// a command that was killed left unfinished.
  ///
  /// The same training would begin anew afterwards.
  ///
  /// - Throws: `TrainingError`: `busy` where there are such files, and another training holds the folder.
  package func removeStates() throws {
    let path = folder.path(percentEncoded: false)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let states = names.filter { name in
      name == "state.h5" || name.hasPrefix("best-") && name.hasSuffix(".h5")
        || name.hasPrefix(".") && name.hasSuffix(".partial")
    }
    guard !states.isEmpty else { return }
    try FolderLock.holding(path) {
      for name in states { try? FileManager.default.removeItem(at: folder.appending(path: name)) }
    }
  }

  private func write(tool: String) throws {
    let header = CheckpointHeader(
      architecture: bundle.header.architecture,
      preprocessing: bundle.header.preprocessing,
      provenance: CheckpointProvenance(
        source:
          "\(URL(filePath: bundle.path).lastPathComponent), pre-trained on \(material.train.count) "
          + "pairs with \(settings.objective.loss.rawValue)",
        sha256: bundle.sha256,
        tool: tool
      ),
      vocabulary: bundle.header.vocabulary
    )
    let writer = try CheckpointWriter(creating: checkpoint, header: header)
    for parameter in bundle.model.parameters.parameters {
      try writer.write(
        parameter.name,
        shape: parameter.shape,
        values: parameter.value.elements
      )
    }
    try writer.finish()
  }
}
