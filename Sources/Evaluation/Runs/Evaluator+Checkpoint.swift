import Checkpoints
package import Datasets
import Foundation
import Layers
import Models
import Results
import Tensors
import Training

extension Evaluator {
  /// Fine-tunes once, writes the result and keeps what was trained as a checkpoint.
  ///
  /// - Parameters:
  ///   - preset: a preset of fine-tuning; its first seed is used.
  ///   - task: the task's description.
  ///   - contents: the data set.
  ///   - path: the checkpoint's file; one that exists is replaced.
  ///   - tool: the program and its version, for the provenance.
  /// - Returns: the result, written; its run failed where the training did, and no checkpoint is
  ///   written then.
  /// - Throws: as `run`; `CheckpointError` where the checkpoint can't be written.
  package func fineTune(
    _ preset: ProtocolPreset,
    _ task: TaskDescription,
    in contents: DatasetContents,
    keeping path: String,
    tool: String
  ) throws -> Finished {
    let preset = preset.adapted(to: bundle.model.architecture)
    guard case .fineTune(var settings) = preset.settings else {
      preconditionFailure("\(preset.name) trains no encoder")
    }
    let started = Date()
    settings.seeds = Array(settings.seeds.prefix(1))
    let work = try fineTuning(preset, settings, task, in: contents)
    try options.makeRunsFolder()
    for text in work.warnings { observer.warn("\(contents.dataset.name): \(text)") }
    let seed = settings.seeds[0]
    let scored = try work.tuner.train(work.material, seed: seed) { trained in
      if trained.finished.failure == nil { try write(trained, work, to: path, tool: tool) }
    }
    return try finish(
      Outcome(
        preset: preset.with(.fineTune(settings)),
        preprocessing: work.preprocessing,
        kind: work.kind,
        contents: work.contents,
        samples: work.material.task,
        splits: work.material.splits,
        scored: [(seed, scored)],
        started: started,
        encodedCount: work.material.pictures.count,
        width: bundle.featureWidth(work.kind),
        repeated: work.repeated
      )
    )
  }

  private func write(
    _ trained: FineTuner.Trained,
    _ work: FineTuning,
    to path: String,
    tool: String
  ) throws {
    let task = work.material.task
    let description = Classifier.Description(
      task: "\(task.dataset.name)/\(task.task.name)",
      classes: task.task.classes,
      features: work.kind,
      isIndependent: trained.job.isIndependent,
      thresholds: trained.finished.thresholds
    )
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let header = CheckpointHeader(
      architecture: bundle.header.architecture,
      preprocessing: String(decoding: try encoder.encode(work.preprocessing), as: UTF8.self),
      provenance: CheckpointProvenance(
        source:
          "\(URL(filePath: bundle.path).lastPathComponent), fine-tuned on \(description.task)",
        sha256: bundle.sha256,
        tool: tool
      ),
      vocabulary: bundle.header.vocabulary,
      classifier: try description.json
    )
    let classifier = trained.classifier
    let parameters = classifier.model.parameters.parameters + classifier.headParameters.parameters
    try writeCheckpoint(parameters, header, to: path)
  }
}

/// Writes trained parameters as a checkpoint, whole or not at all.
///
/// - Parameters:
///   - parameters: all that the model needs.
///   - header: what the checkpoint says about itself.
///   - path: the file; one that exists is replaced.
/// - Throws: `CheckpointError` where it can't be written.
func writeCheckpoint(
  _ parameters: [Layers.Parameter],
  _ header: CheckpointHeader,
  to path: String
) throws {
  let writer = try CheckpointWriter(creating: path, header: header)
  for parameter in parameters {
    try writer.write(parameter.name, shape: parameter.shape, values: parameter.value.elements)
  }
  try writer.finish()
}
