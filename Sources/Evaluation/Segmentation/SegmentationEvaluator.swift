package import Datasets
import Foundation
import Imaging
import Kernels
import Layers
import Metrics
import Models
import Parallelism
import Results
package import Tensors
import Training

/// Runs the protocol of segmentation on tasks of masks and writes results.
package final class SegmentationEvaluator {
  let start: SegmentationStart
  let device: Device
  let options: EvaluationOptions
  let observer: any EvaluationObserver
  let tool: String

  /// Prepares runs.
  ///
  /// - Parameters:
  ///   - start: the checkpoint.
  ///   - device: where it runs.
  ///   - options: what the user chose for all runs.
  ///   - observer: is told how far the work has come.
  ///   - tool: the program and its version, for trained checkpoints' provenance.
  package init(
    _ start: SegmentationStart,
    on device: Device,
    options: EvaluationOptions,
    observer: any EvaluationObserver,
    tool: String
  ) {
    self.start = start
    self.device = device
    self.options = options
    self.observer = observer
    self.tool = tool
  }

  /// All that a run works on.
  struct Work {
    var preset: SegmentationPreset
    var contents: MaskContents
    var form: MaskLogits
    var architecture: SegmentationArchitecture
    var input: Preprocessing
    var splits: SegmentationSplits
    var faults: [Int: String]
    var keys: [String]
    var started: Date
  }

  /// One repeat's numbers.
  struct Repeat {
    var seed: UInt64
    var report: SegmentationReport?
    var thresholds: [Float]
    var decision: MaskDecision?
    var notes: [String]
    var counts: [SegmentationCounts]
    var confusionMatrix: ConfusionMatrix?
    var trained: FinishedMaskTraining?
    var failure: String?
  }

  /// Predicts the masks of a task's test photographs, after a training where the settings ask for one.
  ///
  /// - Parameters:
  ///   - preset: the settings under the name that goes into the record.
  ///   - task: the task's description.
  ///   - contents: the data set.
  ///   - pictures: which pictures are drawn beside the result.
  ///   - kept: where the first repeat's trained network is written; nil for nowhere.
  /// - Returns: the result, written.
  /// - Throws: `EvaluationError` (`interrupted` when asked to stop), `TrainingError`, `DatasetsError`,
  ///   `ModelsError`, `CheckpointError`, `MetricsError` or `ResultsError`; then no run is written.
  package func run(
    _ preset: SegmentationPreset,
    _ task: MaskTaskDescription,
    in contents: DatasetContents,
    pictures: MaskPictureChoice,
    keeping kept: String? = nil
  ) throws -> Evaluator.Finished {
    var work = try prepare(preset, task, in: contents)
    try options.makeRunsFolder()
    var repeats: [Repeat] = []
    var painter: MaskPainter?
    if let training = preset.settings.training {
      let trainer = try trainer(&work, training)
      for seed in preset.settings.seeds {
        let trained = try trainer.run(seed: seed, tool: tool)
        let predictor = predictor(trained.model, work)
        var made = try measure(predictor, &work, seed: seed, trained.finished.failure)
        made.trained = trained.finished
        if painter == nil {
          painter = MaskPainter(predictor, made)
          if let kept, let decision = made.decision {
            try trainer.write(
              trained.model,
              to: URL(filePath: kept),
              tool: tool,
              masks: MaskDescription(work.contents, preset.settings, decision)
            )
          }
        }
        repeats.append(made)
      }
    } else {
      let model = try start.model(work.architecture, seed: 0, on: device)
      let predictor = predictor(model, work)
      let made = try measure(predictor, &work, seed: 0, nil)
      painter = MaskPainter(predictor, made)
      repeats = [made]
    }
    return try finish(work, repeats, painter, pictures)
  }

  private func prepare(
    _ preset: SegmentationPreset,
    _ task: MaskTaskDescription,
    in contents: DatasetContents
  ) throws -> Work {
    let started = Date()
    try preset.settings.validate()
    let contents = try contents.contents(of: task)
    let input = start.input(preset.settings.view)
    let usual = MaskLogits(usualFor: task)
    let architecture = try start.architecture(
      usual,
      decoder: preset.settings.training?.decoder,
      size: input.width
    )
    try architecture.requirePhotographs(input)
    try preset.settings.view.requireTiles(of: input)
    if case .encoder = start, preset.settings.training == nil {
      throw EvaluationError(.needsTraining(model: architecture.name))
    }
    if let training = preset.settings.training, !training.trainsEncoder, !start.hasEncoder {
      throw EvaluationError(
        .invalidOption(
          name: "--preset",
          found: "\(preset.name), which trains a decoder alone",
          expected: "mask-finetune: \(architecture.name) has no encoder that could stay as it is"
        )
      )
    }
    let form = try MaskLogits(task, logitCount: architecture.classes)
    if form.kind == .exclusive, case .fixed(let number) = preset.settings.threshold {
      throw EvaluationError(
        .invalidOption(
          name: "--threshold",
          found: "\(number)",
          expected: MaskLogits.noThreshold
        )
      )
    }
    let splits = try contents.splits(options.splits)
    for text in contents.warnings + splits.warnings {
      observer.warn("\(contents.dataset.name): \(text)")
    }
    let keys = device.compute.pool.mapChunks(of: contents.samples.count, grain: 1) { range in
      (try? contents.contentKey(of: contents.samples[range.lowerBound])) ?? "unreadable"
    }
    let work = Work(
      preset: preset,
      contents: contents,
      form: form,
      architecture: architecture,
      input: input,
      splits: SegmentationSplits(splits, without: [:]),
      faults: [:],
      keys: keys,
      started: started
    )
    try requireSamples(work.splits.test, "test", work)
    return work
  }

  /// Reads the training pictures once, and prepares the trainings.
  private func trainer(
    _ work: inout Work,
    _ training: MaskTraining
  ) throws -> SegmentationTrainer {
    let settings = work.preset.settings
    let pictures = MaskPictures(
      work.contents,
      MaskPreparation(
        reader: work.contents.reader,
        view: settings.view,
        input: work.input,
        form: work.form,
        workingScale: settings.view.tiles == nil ? training.augmentation.workingScale : 1
      ),
      pool: device.compute.pool
    )
    let original = work.splits.original
    work.faults = pictures.faults(original.train + original.validation, observer)
    for fault in work.faults.sorted(by: { $0.key < $1.key }) {
      observer.warn("left out: \(fault.value)")
    }
    work.splits = SegmentationSplits(original, without: work.faults)
    try requireSamples(work.splits.train, "train", work)
    try requireSamples(work.splits.validation, "validation", work)
    return SegmentationTrainer(
      start,
      settings,
      training,
      SegmentationTrainer.Material(
        architecture: work.architecture,
        input: work.input,
        pictures: pictures,
        samples: SegmentationJob.Samples(
          train: work.splits.train,
          validation: work.splits.validation
        ),
        facts: facts(work)
      ),
      on: device,
      options: options,
      observer: observer
    )
  }

  /// What a training depends on beside its settings.
  private func facts(_ work: Work) -> [TrainingFact] {
    let pictures = (work.splits.train + work.splits.validation).map { work.keys[$0] }
    return [
      TrainingFact("protocol version", "\(SegmentationPreset.version)"),
      TrainingFact("checkpoint", start.sha256),
      TrainingFact("architecture", work.architecture.json),
      TrainingFact("task", "\(work.contents.dataset.name)/\(work.contents.task.name)"),
      TrainingFact(
        "pictures",
        hexadecimalSHA256(Data(pictures.joined(separator: "\n").utf8))
      ),
      TrainingFact("splits", work.contents.checksum(of: work.splits.original)),
      TrainingFact("view", work.preset.settings.view.identifier),
      TrainingFact("preprocessing", work.input.identifier),
      TrainingFact("kernels", device.compute.instructionSet.rawValue),
    ]
  }

  func requireSamples(_ indices: [Int], _ split: String, _ work: Work) throws {
    guard indices.isEmpty else { return }
    let fault = work.faults.values.sorted().first.map { "; \($0)" } ?? ""
    throw EvaluationError(
      .emptySplit(
        split: split,
        task: "\(work.contents.dataset.name)/\(work.contents.task.name)",
        detail: "\(work.contents.samples.count) samples in all\(fault)"
      )
    )
  }

  private func predictor(_ model: SegmentationModel, _ work: Work) -> MaskPredictor {
    MaskPredictor(
      model,
      work.form,
      input: work.input,
      work.preset.settings,
      field: work.contents.task.field,
      on: device
    )
  }
}
