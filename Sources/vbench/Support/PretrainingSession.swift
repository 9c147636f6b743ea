import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Kernels
import Models
import Pretraining
import ReportLabels
import Results
import Tensors
import Training

/// The pre-trainings of one command.
final class PretrainingSession {
  /// Where trainings begin.
  enum Beginning {
    /// At a saved state where there is one.
    case savedOrAnew
    /// At a saved state, which must be there.
    case savedOnly
    /// At the start.
    case anew
  }

  /// Where trainings begin.
  var beginning = Beginning.savedOrAnew
  private let configuration: PretrainingConfiguration
  private let path: String
  private let folder: URL
  private let data: DataOptions
  private let reports: RunOptions
  private let global: GlobalOptions
  private let device: Device
  private let observer: ConsoleObserver
  private let pairs: PairCollection
  private let tool = "vbench \(Environment.programVersion)"

  /// Reads a configuration's pairs.
  ///
  /// - Parameters:
  ///   - configuration: the configuration.
  ///   - path: its file, for messages.
  ///   - folder: where everything is written.
  ///   - data: which data sets are known.
  ///   - reports: how trained checkpoints of an ablation are evaluated.
  ///   - global: threads and output.
  /// - Throws: `DatasetsError` where the pairs can't be read.
  init(
    _ configuration: PretrainingConfiguration,
    path: String,
    folder: URL,
    data: DataOptions,
    reports: RunOptions,
    global: GlobalOptions
  ) throws {
    self.configuration = configuration
    self.path = path
    self.folder = folder
    self.data = data
    self.reports = reports
    self.global = global
    device = global.makeDevice()
    observer = ConsoleObserver(global)
    switch configuration.source {
    case .dataset(let name):
      guard let collection = try data.catalog()[name].collection else {
        throw CommandError(
          "\(path): \(name) has no reports; pairs of photographs and reports come from a drawn data "
            + "set such as synthetic-fundus, or from a table"
        )
      }
      pairs = .synthetic(collection, on: device.compute.pool)
    case .table(let file):
      pairs = try .reading(
        table: URL(filePath: file.table),
        images: URL(filePath: file.images, directoryHint: .isDirectory),
        columns: file.columns
      )
    }
  }

  /// Trains what the configuration describes.
  ///
  /// - Returns: the checkpoint's file.
  /// - Throws: as `PretrainingRun.run`.
  @discardableResult
  func train() throws -> String {
    if configuration.ablation != nil {
      throw CommandError("\(path) describes an ablation: run it with --ablate")
    }
    let state = folder.appending(path: "state.h5").path(percentEncoded: false)
    if beginning == .savedOnly, !FileManager.default.fileExists(atPath: state) {
      throw CommandError(
        "\(state): there is no saved state; leave --resume out to begin",
        exitCode: .missingInput
      )
    }
    let run = try makeRun(in: folder, seed: configuration.seed) { _ in }
    let result = try train(run, "Pre-training \(configuration.name)")
    let profile = PretrainingProfile(result, pairs: run.material.train.count)
    let peak = profile.memory.map { ", at most \($0.peak / 1_000_000) MB of tensors" } ?? ""
    global.remark(String(format: "%.1f pairs per second", profile.pairsPerSecond) + peak)
    global.remark("wrote the pre-trained checkpoint to \(run.checkpoint)")
    return run.checkpoint
  }

  /// Trains and evaluates every arm, and writes the tables.
  func ablate() throws {
    guard let plan = configuration.ablation else {
      throw CommandError("\(path) has no section ‘ablation’; run it without --ablate")
    }
    let catalog = try data.catalog()
    let selections = try plan.datasets.map(catalog.selection)
    var table = AblationTable(plan)
    for seed in plan.seeds {
      for arm in plan.arms {
        let place = folder.appending(path: arm.name).appending(path: "seed-\(seed)")
        let file = place.appending(path: "scores.json")
        let run = try makeRun(in: place, seed: seed) { arm.apply(to: &$0) }
        let scores: AblationScores
        if beginning != .anew, let kept = AblationScores.kept(at: file, identity: run.identity) {
          scores = kept
        } else {
          let trained = try train(run, "\(arm.name), seed \(seed)")
          scores = try evaluate(run, trained, selections, in: place)
          try scores.write(to: file)
          run.removeStates()
        }
        table.add(scores, arm: arm, seed: seed)
      }
      // After each seed there is a table of what is known so far.
      try write(table)
    }
    print(table.markdown, terminator: "")
    let file = folder.appending(path: "ablation.md").path(percentEncoded: false)
    global.remark("wrote \(file) and ablation.csv")
  }

  private func makeRun(
    in place: URL,
    seed: UInt64,
    _ change: (inout PretrainingSettings) -> Void
  ) throws -> PretrainingRun {
    let checkpoint = try configuration.start.checkpoint(
      in: place,
      for: pairs,
      seed: seed,
      tool: tool
    )
    let bundle = try ModelBundle(checkpoint: checkpoint, on: device)
    var settings = try configuration.settings(for: bundle.model.architecture.vision)
    settings.training.seed = seed
    change(&settings)
    try settings.validate()
    let material = try PretrainingMaterial(
      pairs,
      validationShare: configuration.validationShare,
      labels: configuration.labels,
      bundle,
      settings,
      on: device.compute.pool
    )
    for text in material.warnings { observer.warn(text) }
    observer.warn(
      "\(material.train.count) training pairs, of which two have the same findings with a probability of "
        + String(format: "%.3f", material.train.labels.sharedShare)
    )
    return PretrainingRun(bundle, material, settings, in: place)
  }

  @discardableResult
  private func train(_ run: PretrainingRun, _ label: String) throws -> TrainingResult {
    try run.run(
      from: beginning == .anew ? .start : .savedState,
      stop: observer.stop,
      observers: [TrainingDisplay(label, global, stop: observer.stop)],
      tool: tool,
      on: device
    )
  }

  private func evaluate(
    _ run: PretrainingRun,
    _ trained: TrainingResult,
    _ selections: [(dataset: Dataset, tasks: [TaskDescription])],
    in place: URL
  ) throws -> AblationScores {
    var reports = reports
    reports.output = place.path(percentEncoded: false)
    let session = try EvaluationSession(
      checkpoint: run.checkpoint,
      run: reports,
      global: global,
      features: nil
    )
    let presets = try ProbeOptions.parse([]).presets(
      protocols: "zero-shot,linear-probe",
      canZeroShot: true
    )
    let roots = try data.dataRoots(try data.catalog())
    for (dataset, tasks) in selections { session.evaluate(dataset, tasks, presets, roots) }
    return AblationScores(
      try session.finishedResults(),
      trained,
      identity: run.identity
    )
  }

  private func write(_ table: AblationTable) throws {
    for (name, text) in [("ablation.md", table.markdown), ("ablation.csv", table.csv)] {
      let file = folder.appending(path: name)
      do {
        try Data(text.utf8).write(to: file, options: .atomic)
      } catch {
        throw CommandError(
          "\(file.path(percentEncoded: false)): \(error.localizedDescription)",
          exitCode: .someFailed
        )
      }
    }
  }
}
