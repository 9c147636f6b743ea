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

/// Twenty drawn photographs of 32 × 32 pixels with masks, a tiny network and folders for runs; all of
/// it goes with the value.
final class MaskScene {
  let dataset: Dataset
  let folder: URL

  init() throws {
    dataset = try DatasetCatalog(text: Self.description, file: URL(filePath: "drawn.yaml"))["drawn"]
    folder = try Fixtures.temporaryDirectory()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Twelve, four and four photographs.
  private static let description = """
    - name: drawn
      version: 1
      title: Twenty drawn photographs
      adapter: synthetic
      generator: { seed: 7, count: 20, size: 32, difficulty: 0.2 }
      splits: { train: { count: 12 }, validation: { count: 4 }, test: { count: 4 } }
      tasks:
        vessels:
          title: Vessels
          kind: masks
          mode: binary
          classes: [vessels]
          masks: vessels
          field_of_view: drawn
        disc-cup:
          title: Disc and cup
          kind: masks
          mode: labels
          classes: [disc, cup]
          nested: true
          masks: { disc: disc, cup: cup }
          field_of_view: drawn
        parts:
          title: Vessels and, over them, the disc
          kind: masks
          mode: labels
          classes: [vessels, disc]
          masks: { vessels: vessels, disc: disc }
          field_of_view: drawn
        both:
          title: Vessels, and the disc
          kind: masks
          mode: multilabel
          classes: [vessels, disc]
          masks: { vessels: vessels, disc: disc }
          field_of_view: drawn
      license: none
      source: { title: Drawn by vbench }
    """

  /// Writes a U-Net of random weights for 16 × 16 pixels.
  ///
  /// - Parameters:
  ///   - classes: how many logits each pixel gets.
  ///   - seed: the weights' seed.
  /// - Returns: the checkpoint.
  /// - Throws: what writing throws.
  func network(classes: Int = 1, seed: UInt64 = 1) throws -> String {
    let path = folder.appending(path: "unet-\(classes)-\(seed).h5").path(percentEncoded: false)
    try RandomCheckpoint.write(
      to: path,
      SegmentationArchitecture(
        name: "tiny",
        imageSize: 16,
        network: .uNet(UNetArchitecture(classes: classes, widths: [3, 4]))
      ),
      seed: seed,
      tool: "tests"
    )
    return path
  }

  /// Runs the protocol on one of the tasks.
  ///
  /// - Parameters:
  ///   - checkpoint: a network or an encoder.
  ///   - preset: the settings.
  ///   - task: the task's name.
  ///   - threads: how many threads work.
  ///   - observer: is told how far the work has come.
  ///   - stop: asks to stop.
  ///   - pictures: which pictures are drawn.
  ///   - kept: where the trained checkpoint is copied to.
  ///   - contents: the samples; nil for the drawn ones.
  /// - Returns: the run.
  /// - Throws: what the protocol throws.
  func run(
    _ checkpoint: String,
    _ preset: SegmentationPreset,
    _ task: String = "vessels",
    threads: Int = 2,
    observer: any EvaluationObserver = SilentObserver(),
    stop: StopRequest = StopRequest(),
    pictures: MaskPictureChoice = .none,
    keeping kept: String? = nil,
    in contents: DatasetContents? = nil
  ) throws -> Evaluator.Finished {
    let device = Device(threadCount: threads)
    var options = EvaluationOptions(
      runsFolder: folder.appending(path: "runs"),
      cache: nil,
      bootstrap: try BootstrapOptions(replicates: 20, seed: 3)
    )
    options.stop = stop
    let evaluator = SegmentationEvaluator(
      try SegmentationStart(checkpoint: checkpoint, on: device),
      on: device,
      options: options,
      observer: observer,
      tool: "tests"
    )
    let contents = try contents ?? dataset.open(root: nil)
    return try evaluator.run(
      preset,
      contents.dataset.maskTask(task),
      in: contents,
      pictures: pictures,
      keeping: kept
    )
  }

  /// The files of a name below the folder of trainings, in order of their paths.
  func trainingFiles(_ name: String) -> [URL] {
    let training = folder.appending(path: "training")
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: training.path)) ?? []
    return paths.sorted().filter { $0.hasSuffix("/\(name)") }.map { training.appending(path: $0) }
  }

  /// The names of what lies in the folder of runs.
  var runNames: [String] {
    let runs = folder.appending(path: "runs").path
    return (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
  }
}

/// A training of two epochs that moves weights far enough to be seen.
///
/// - Parameters:
///   - name: a preset that trains.
///   - change: changes its settings.
/// - Returns: the changed preset.
/// - Throws: `MissingValue` where there is no such preset.
func maskTraining(
  _ name: String = "mask-finetune",
  _ change: (inout SegmentationSettings) -> Void = { _ in }
) throws -> SegmentationPreset {
  var preset = try require(SegmentationPreset.named(name))
  preset.settings.training?.settings.epochs = 2
  preset.settings.training?.settings.batchSize = 5
  preset.settings.training?.settings.schedule.warmUpEpochs = 1
  change(&preset.settings)
  return preset
}

/// A preset as it is, or changed.
func maskPreset(
  _ name: String = "wnet-drive",
  _ change: (inout SegmentationSettings) -> Void = { _ in }
) throws -> SegmentationPreset {
  var preset = try require(SegmentationPreset.named(name))
  change(&preset.settings)
  return preset
}

/// All tensors of a checkpoint by name.
func tensors(_ path: String) throws -> [String: [Float]] {
  let file = try CheckpointFile(path)
  let pairs = try file.tensors.map { ($0.name, try file.read($0.name)) }
  return Dictionary(uniqueKeysWithValues: pairs)
}
