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
  let configuration: PretrainingConfiguration
  /// The configuration's file, for messages.
  let path: String
  /// Where everything is written.
  let folder: URL
  /// Which data sets are known.
  let data: DataOptions
  /// Threads and output.
  let global: GlobalOptions
  /// The program and its version.
  let tool = "vbench \(Environment.programVersion)"
  private let device: Device
  private let observer: ConsoleObserver
  private let pairs: PairCollection
  /// What has been told: each warning is told once, however many trainings there are.
  private var told: Set<String> = []

  /// Reads a configuration's pairs.
  ///
  /// - Parameters:
  ///   - configuration: the configuration.
  ///   - path: its file, for messages.
  ///   - folder: where everything is written.
  ///   - data: which data sets are known.
  ///   - global: threads and output.
  /// - Throws: `DatasetsError` where the pairs can't be read.
  init(
    _ configuration: PretrainingConfiguration,
    path: String,
    folder: URL,
    data: DataOptions,
    global: GlobalOptions
  ) throws {
    self.configuration = configuration
    self.path = path
    self.folder = folder
    self.data = data
    self.global = global
    device = global.makeDevice()
    observer = ConsoleObserver(global)
    switch configuration.source {
    case .dataset(let name):
      let catalog = try data.catalog()
      guard let dataset = catalog.datasets.first(where: { $0.name == name }) else {
        throw CommandError(
          "\(path): no data set is called ‘\(name)’; `vbench datasets list` shows those of "
            + catalog.file.path(percentEncoded: false),
          exitCode: .badData
        )
      }
      guard let collection = dataset.collection else {
        throw CommandError(
          "\(path): \(name) has no reports; pairs of photographs and reports come from a drawn data "
            + "set such as synthetic-fundus, or from a table",
          exitCode: .badData
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
    let run = try makeRun(in: folder, seed: configuration.seed)
    let profile = try train(run, "Pre-training \(configuration.name)")
    let peak = profile.memory.map { ", at most \($0.peak / 1_000_000) MB of tensors" } ?? ""
    global.remark(String(format: "%.1f pairs per second", profile.pairsPerSecond) + peak)
    global.remark("wrote the pre-trained checkpoint to \(run.checkpoint)")
    if global.json { try printJSON(profile) }
    return run.checkpoint
  }

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - place: its folder.
  ///   - seed: of weights, order and augmentation.
  ///   - arm: which arm of an ablation it is; nil for what the configuration describes.
  /// - Returns: the training; nothing has been trained.
  /// - Throws: what is wrong with model, pairs or settings.
  func makeRun(
    in place: URL,
    seed: UInt64,
    _ arm: AblationPlan.Arm? = nil
  ) throws -> PretrainingRun {
    // Before a checkpoint of random weights is written.
    let settings = try settings(arm, seed: seed)
    let bundle = try configuration.start.bundle(
      in: place,
      for: pairs,
      validationShare: configuration.validationShare,
      seed: seed,
      tool: tool,
      on: device
    )
    let material = try PretrainingMaterial(
      pairs,
      validationShare: configuration.validationShare,
      labels: configuration.labels,
      bundle,
      settings,
      on: device.compute.pool
    )
    let sharing =
      "\(material.train.count) training pairs, of which two have the same findings with a probability of "
      + String(format: "%.3f", material.train.labels.sharedShare)
    for text in material.warnings + [sharing] where told.insert(text).inserted {
      observer.warn(text)
    }
    return PretrainingRun(bundle, material, settings, in: place)
  }

  /// Refuses what can be seen to be wrong before anything is trained.
  ///
  /// - Parameter plan: the arms, for each of its seeds.
  /// - Throws: what is wrong with the settings of any arm.
  func check(_ plan: AblationPlan) throws {
    for seed in plan.seeds {
      for arm in plan.arms { _ = try settings(arm, seed: seed) }
    }
  }

  private func settings(_ arm: AblationPlan.Arm?, seed: UInt64) throws -> PretrainingSettings {
    let share = configuration.validationShare
    let count = try pairs.splits(validationShare: share, seed: seed).train.count
    var settings = try configuration.settings(for: configuration.start.architecture().vision)
    settings.training.seed = seed
    arm?.apply(to: &settings)
    try configuration.check(settings, pairs: count)
    return settings
  }

  /// Trains, or goes on with what an earlier command began.
  ///
  /// - Parameters:
  ///   - run: the training.
  ///   - label: its name on the terminal.
  /// - Returns: what it cost.
  /// - Throws: as `PretrainingRun.run`.
  func train(_ run: PretrainingRun, _ label: String) throws -> PretrainingProfile {
    try run.run(
      from: beginning == .anew ? .start : .savedState,
      stop: observer.stop,
      observers: [TrainingDisplay(label, global, stop: observer.stop)],
      warn: observer.warn,
      tool: tool,
      on: device
    )
  }
}
