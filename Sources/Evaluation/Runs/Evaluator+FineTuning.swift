import Datasets
import Foundation
import Imaging
import Kernels
import Models
import Parallelism
import Results
import Tensors
import Training

extension Evaluator {
  /// Fine-tunes on one task, once per seed, and writes the result.
  ///
  /// - Parameters:
  ///   - preset: the protocol under the name that goes into the record.
  ///   - settings: its settings.
  ///   - task: the task's description.
  ///   - contents: the data set.
  /// - Returns: the result, written.
  /// - Throws: `EvaluationError` (`interrupted` when asked to stop), `TrainingError`, `DatasetsError`,
  ///   `ModelsError`, `CheckpointError` or `ResultsError`; then no run is written.
  func fineTune(
    _ preset: ProtocolPreset,
    _ settings: FineTuneSettings,
    _ task: TaskDescription,
    in contents: DatasetContents
  ) throws -> Finished {
    let started = Date()
    let work = try fineTuning(preset, settings, task, in: contents)
    try options.makeRunsFolder()
    for text in work.warnings { observer.warn("\(contents.dataset.name): \(text)") }
    let scored = try settings.seeds.map { seed in
      (seed: seed, scored: try work.tuner.run(work.material, seed: seed))
    }
    return try finish(
      Outcome(
        preset: preset,
        preprocessing: work.preprocessing,
        kind: work.kind,
        contents: work.contents,
        samples: work.material.task,
        splits: work.material.splits,
        scored: scored,
        started: started,
        encodedCount: work.material.pictures.count,
        width: bundle.featureWidth(work.kind),
        repeated: work.repeated
      )
    )
  }

  /// A fine-tuning that can begin: the pictures were read once, the samples are divided.
  struct FineTuning {
    var tuner: FineTuner
    var material: FineTuner.Material
    var contents: DatasetContents
    var preprocessing: Preprocessing
    var kind: ImageFeatureKind
    /// Test samples whose picture is a training or validation sample's, too.
    var repeated: [Sample.ID]
    /// What a reader must know, in one line each.
    var warnings: [String]
  }

  /// Prepares a fine-tuning; what is wrong with settings is found before pictures are read.
  func fineTuning(
    _ preset: ProtocolPreset,
    _ settings: FineTuneSettings,
    _ task: TaskDescription,
    in contents: DatasetContents
  ) throws -> FineTuning {
    try settings.validate()
    let kind = featureKind(preset.settings)
    let available = bundle.model.image.availableFeatures
    guard available.contains(kind) else {
      throw EvaluationError(
        .featuresNotAvailable(asked: kind.rawValue, available: available.map(\.rawValue))
      )
    }
    _ = try settings.part.parameters(of: bundle.model)
    let preprocessing = preprocessing(preset)
    try bundle.model.architecture.requireImages(
      width: preprocessing.width,
      height: preprocessing.height
    )
    let labelled = contents.samples.filter { $0.labels[task.name] != nil }
    let loaders = TrainingPictures(
      labelled.map(\.source),
      collection: contents.dataset.collection,
      preprocessing: preprocessing,
      pool: device.compute.pool
    )
    let faults = Dictionary(
      loaders.failures(observer).map { (labelled[$0.index].id, $0.reason) },
      uniquingKeysWith: { first, _ in first }
    )
    let readable = contents.removing(unreadable: faults)
    let samples = try readable.contents(of: task)
    let splits = try samples.splits(options.splits)
    let places = Dictionary(
      labelled.enumerated().map { ($1.id, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let keys = contents.contentKeys(of: labelled.map(\.source), pool: device.compute.pool)
      .map { try? $0.get() }
    let pictures = samples.samples.map { places[$0.id] ?? 0 }
    let facts = facts(preprocessing, samples, splits, keys: pictures.map { keys[$0] ?? "" })
    return FineTuning(
      tuner: FineTuner(
        bundle,
        settings,
        kind,
        on: device,
        options: options,
        observer: observer
      ),
      material: FineTuner.Material(
        task: samples,
        splits: splits,
        loaders: loaders,
        pictures: pictures,
        facts: facts
      ),
      contents: readable,
      preprocessing: preprocessing,
      kind: kind,
      repeated: repeatedPictures(samples, splits) { id in places[id].flatMap { keys[$0] } },
      warnings: Set(readable.warnings + samples.warnings + splits.warnings).sorted()
    )
  }

  /// What a training depends on beside its settings.
  private func facts(
    _ preprocessing: Preprocessing,
    _ samples: TaskContents,
    _ splits: TaskSplits,
    keys: [String]
  ) -> [TrainingFact] {
    let labels = samples.samples.indices.map { index in
      "\(keys[index]) \(samples.labels.positives(at: index))"
    }
    return [
      TrainingFact("protocol version", "\(ProtocolSettings.version)"),
      TrainingFact("checkpoint", bundle.sha256),
      TrainingFact("task", "\(samples.dataset.name)/\(samples.task.name)"),
      TrainingFact("pictures", hexadecimalSHA256(Data(labels.joined(separator: "\n").utf8))),
      TrainingFact("splits", samples.checksum(of: splits)),
      TrainingFact("preprocessing", preprocessing.identifier),
      TrainingFact("kernels", device.compute.instructionSet.rawValue),
    ]
  }
}
