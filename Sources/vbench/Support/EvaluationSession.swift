import ArgumentParser
import Datasets
import Evaluation
import Models
import Results

/// The runs of one command with an encoder's checkpoint.
final class EvaluationSession {
  /// The model.
  let bundle: ModelBundle
  private let evaluator: Evaluator
  private let run: RunOptions
  private let global: GlobalOptions
  private let runs: RunCollection

  /// Opens the checkpoint.
  ///
  /// - Parameters:
  ///   - checkpoint: the file.
  ///   - run: where runs are written.
  ///   - global: threads and output.
  ///   - features: which features a probe sees; nil for the usual ones.
  ///   - runs: what earlier sessions of the command have run; nil for nothing.
  /// - Throws: why it can't be used.
  init(
    checkpoint: String,
    run: RunOptions,
    global: GlobalOptions,
    features: ImageFeatureKind?,
    runs: RunCollection? = nil
  ) throws {
    self.run = run
    self.global = global
    let device = global.makeDevice()
    let runs = try runs ?? RunCollection(run, global)
    self.runs = runs
    bundle = try ModelBundle(checkpoint: checkpoint, on: device)
    var options = try run.evaluationOptions()
    options.features = features
    options.stop = runs.observer.stop
    evaluator = Evaluator(bundle, on: device, options: options, observer: runs.observer)
  }

  /// Runs protocols on a data set's tasks.
  func evaluate(
    _ dataset: Dataset,
    _ tasks: [TaskDescription],
    _ presets: [ProtocolPreset],
    _ roots: DataRoots
  ) {
    do {
      let contents = try dataset.open(root: roots.resolve(dataset))
      for task in tasks {
        for preset in presets {
          runs.attempt("\(dataset.name)/\(task.name), \(preset.settings.name)") {
            try Interruption.shared.whileWriting(
              "\(run.output)/evaluation.md",
              message: run.noCache
                ? "no features were kept"
                : "features are kept every half minute: run the same command again to go on"
            ) { try evaluator.run(preset, task, in: contents) }
          }
        }
      }
    } catch {
      runs.fail(dataset.name, error)
    }
  }

  /// Fine-tunes on one task and keeps the trained checkpoint.
  func fineTune(
    _ dataset: Dataset,
    _ task: TaskDescription,
    _ preset: ProtocolPreset,
    _ roots: DataRoots,
    keeping path: String
  ) {
    let result = runs.attempt("\(dataset.name)/\(task.name)") {
      let contents = try dataset.open(root: roots.resolve(dataset))
      return try Interruption.shared.whileWriting(path) {
        try evaluator.fineTune(
          preset,
          task,
          in: contents,
          keeping: path,
          tool: "vbench \(Environment.programVersion)"
        )
      }
    }
    if let result, result.run.status.hasNumbers {
      global.remark("wrote the trained checkpoint to \(path)")
    }
  }

  /// The results of runs whose tables nobody prints: those of an ablation.
  ///
  /// - Returns: all of them, in order.
  /// - Throws: the exit code where something failed.
  func finishedResults() throws -> [RunResult] { try runs.finishedResults() }

  /// Prints and writes the tables of all runs.
  ///
  /// - Throws: the exit code where something failed.
  func finish() throws { try runs.finish() }
}

extension RunStatus {
  /// Whether the run has numbers, believed or not.
  var hasNumbers: Bool {
    switch self {
    case .passed, .mistrusted: true
    case .failed, .skipped: false
    }
  }
}
