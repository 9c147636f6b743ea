import Checkpoints
import Datasets
import Evaluation
import Foundation
import Metrics
import Models
import Results
import Tensors
import TestSupport
import Training

/// Photographs, a tiny model and folders for runs and features; all of it goes with the value.
final class Scene {
  let photographs: Photographs
  let dataset: Dataset
  let folder: URL
  let checkpoint: URL

  /// Writes photographs and a checkpoint.
  ///
  /// - Parameters:
  ///   - seed: the model's weights'.
  ///   - hasText: whether the model has a text encoder.
  ///   - layers: how many blocks the image encoder has.
  ///   - tables: changes the tables' rows.
  ///   - weights: changes a parameter's values, by its name.
  /// - Throws: what writing throws.
  init(
    seed: UInt64 = 1,
    hasText: Bool = true,
    layers: Int = 1,
    tables: (inout [String: [Photographs.Row]]) -> Void = { _ in },
    weights: (String, inout [Float]) -> Void = { _, _ in }
  ) throws {
    photographs = try Photographs(tables)
    dataset = try Photographs.dataset()
    folder = try Fixtures.temporaryDirectory()
    checkpoint = folder.appending(path: "tiny.h5")
    try TinyModel.write(
      to: checkpoint,
      sentences: dataset.tasks.flatMap { task in
        task.prompts.flatMap { prompts in
          task.classes.indices.flatMap {
            prompts.sentences(forClass: $0) + prompts.absentSentences(forClass: $0)
          }
        }
      },
      seed: seed,
      hasText: hasText,
      layers: layers,
      change: weights
    )
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Where runs are written.
  var runs: URL { folder.appending(path: "runs", directoryHint: .isDirectory) }
  /// Where features are kept.
  var cache: URL { folder.appending(path: "cache", directoryHint: .isDirectory) }

  /// The model, opened.
  func bundle(on device: Device = Device(threadCount: 2)) throws -> ModelBundle {
    try ModelBundle(checkpoint: checkpoint.path(percentEncoded: false), on: device)
  }

  /// Runs a protocol on one task of the photographs as they are now.
  func run(
    _ preset: ProtocolPreset,
    _ task: String,
    threads: Int = 2,
    keeps: Bool = true,
    observer: any EvaluationObserver = SilentObserver(),
    stop: StopRequest = StopRequest()
  ) throws -> Evaluator.Finished {
    try evaluator(threads: threads, keeps: keeps, observer: observer, stop: stop)
      .run(preset, dataset.task(task), in: dataset.open(root: photographs.root))
  }

  /// Fine-tunes on one task and keeps the trained checkpoint.
  func fineTune(
    _ preset: ProtocolPreset,
    _ task: String,
    keeping file: URL
  ) throws -> Evaluator.Finished {
    try evaluator(threads: 2, keeps: true, observer: SilentObserver(), stop: StopRequest())
      .fineTune(
        preset,
        dataset.task(task),
        in: dataset.open(root: photographs.root),
        keeping: file.path(percentEncoded: false),
        tool: "tests"
      )
  }

  private func evaluator(
    threads: Int,
    keeps: Bool,
    observer: any EvaluationObserver,
    stop: StopRequest
  ) throws -> Evaluator {
    let device = Device(threadCount: threads)
    var options = EvaluationOptions(
      runsFolder: runs,
      cache: keeps ? FeatureCache(folder: cache) : nil,
      bootstrap: try BootstrapOptions(replicates: 20, seed: 3)
    )
    options.stop = stop
    return Evaluator(try bundle(on: device), on: device, options: options, observer: observer)
  }

  /// The file of kept features.
  func cacheFile() throws -> URL {
    let names = try FileManager.default.contentsOfDirectory(atPath: cache.path)
    guard let name = names.first, names.count == 1 else { throw MissingValue() }
    return cache.appending(path: name)
  }

  /// The names of what lies in the folder of runs; none where there is no folder.
  var runNames: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: runs.path)) ?? []
  }
}

/// A linear probe with other settings.
func probe(_ change: (inout LinearProbeSettings) -> Void = { _ in }) throws -> ProtocolPreset {
  var settings = LinearProbeSettings()
  settings.strengths = [0.01, 0.1, 1]
  change(&settings)
  return try ProtocolPreset.named("lbfgs-sweep").with(.linearProbe(settings))
}

/// A fine-tuning of twelve steps that moves weights far enough to be seen.
func fineTuning(_ change: (inout FineTuneSettings) -> Void = { _ in }) throws -> ProtocolPreset {
  var settings = FineTuneSettings()
  settings.headStart = .zeros
  settings.training.epochs = 3
  settings.training.batchSize = 5
  settings.training.learningRate = 1e-3
  settings.training.schedule.warmUpEpochs = 1
  change(&settings)
  return try ProtocolPreset.named("finetune").with(.fineTune(settings))
}

/// The raw predictions of a finished run.
struct StoredPredictions: Equatable {
  let ids, classes: [String]
  /// N class indices, or N × K of 0 and 1.
  let labels: [Int64]
  /// Of each repeat N × K scores.
  let scores: [[Double]]
  let seeds: [String]

  init(_ finished: Evaluator.Finished) throws {
    let file = finished.file.deletingLastPathComponent().appending(path: "predictions.h5")
    let predictions = try HDF5File(reading: file.path(percentEncoded: false))
    ids = try predictions.readStrings("/ids")
    classes = try predictions.readStrings("/classes")
    labels = try predictions.read("/labels", as: Int64.self).values
    var scores: [[Double]] = []
    var seeds: [String] = []
    while predictions.contains("/repeats/\(scores.count)/scores") {
      let path = "/repeats/\(scores.count)/scores"
      let read = try predictions.read(path, as: Double.self)
      guard read.shape == [ids.count, classes.count] else { throw MissingValue() }
      scores.append(read.values)
      seeds.append(try require(predictions.stringAttribute("seed", of: path)))
    }
    self.scores = scores
    self.seeds = seeds
  }

  /// The macro AUC of a repeat, computed from what is stored alone.
  func auc(_ kind: TaskKind, repeat number: Int = 0) throws -> Double? {
    switch kind {
    case .binary:
      let positives = ids.indices.map { scores[number][2 * $0 + 1] }
      return binaryAUROC(
        try BinaryPredictions(
          scores: positives,
          labels: labels.map { $0 == 1 },
          negativeName: classes[0],
          positiveName: classes[1]
        )
      ).number
    case .multiclass:
      return multiclassAUROC(
        try MulticlassPredictions(
          scores: scores[number],
          labels: labels.map { Int($0) },
          classNames: classes
        )
      ).value.number
    case .multilabel:
      return multilabelAUROC(
        try MultilabelPredictions(
          scores: scores[number],
          labels: labels.map { $0 == 1 },
          classNames: classes
        )
      ).value.number
    }
  }
}

extension RunResult {
  /// The AUC of a binary task, or the macro AUC.
  var auc: MetricRecord? {
    metrics.first { $0.identifier == Metric.areaUnderROC.identifier && $0.averaging != .micro }
  }

  /// Whether all metrics of two results have the same bits.
  func measures(_ other: RunResult) -> Bool {
    metrics == other.metrics && classMetrics == other.classMetrics && repeats == other.repeats
      && confusionMatrix == other.confusionMatrix && curves == other.curves
  }
}
