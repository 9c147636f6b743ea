import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Models
import Reporting
import Results
import Tensors
import Training

/// The runs of one command: failures are told and counted, and the rest goes on.
final class EvaluationSession {
  /// The model.
  let bundle: ModelBundle
  private let evaluator: Evaluator
  private let observer: ConsoleObserver
  private let run: RunOptions
  private let global: GlobalOptions
  private var results: [RunResult] = []
  private var failures: [(name: String, code: ExitCode)] = []

  /// Opens the checkpoint.
  ///
  /// - Parameters:
  ///   - checkpoint: the file.
  ///   - run: where runs are written.
  ///   - global: threads and output.
  ///   - features: which features a probe sees; nil for the usual ones.
  /// - Throws: why it can't be used.
  init(
    checkpoint: String,
    run: RunOptions,
    global: GlobalOptions,
    features: ImageFeatureKind?
  ) throws {
    self.run = run
    self.global = global
    let device = global.makeDevice()
    observer = ConsoleObserver(global)
    bundle = try ModelBundle(checkpoint: checkpoint, on: device)
    var options = try run.evaluationOptions()
    options.features = features
    options.stop = observer.stop
    evaluator = Evaluator(bundle, on: device, options: options, observer: observer)
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
          attempt("\(dataset.name)/\(task.name), \(preset.settings.name)") {
            let finished = try Interruption.shared.whileWriting(
              "\(run.output)/evaluation.md",
              message: run.noCache
                ? "no features were kept"
                : "features are kept every half minute: run the same command again to go on"
            ) { try evaluator.run(preset, task, in: contents) }
            try writeTables(finished)
            note(finished.result)
          }
        }
      }
    } catch {
      failures.append((dataset.name, report(error)))
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
    attempt("\(dataset.name)/\(task.name)") {
      let contents = try dataset.open(root: roots.resolve(dataset))
      let finished = try Interruption.shared.whileWriting(path) {
        try evaluator.fineTune(
          preset,
          task,
          in: contents,
          keeping: path,
          tool: "vbench \(Environment.programVersion)"
        )
      }
      try writeTables(finished)
      note(finished.result)
      if case .passed = finished.result.run.status {
        global.remark("wrote the trained checkpoint to \(path)")
      } else if case .mistrusted = finished.result.run.status {
        global.remark("wrote the trained checkpoint to \(path)")
      }
    }
  }

  /// Keeps a result for the tables; a run that failed makes the command fail.
  private func note(_ result: RunResult) {
    results.append(result)
    if case .failed(let reason) = result.run.status {
      StandardError.shared.writeLine("vbench: \(result.dataset.name): \(reason)")
      failures.append((result.dataset.name, .someFailed))
    }
  }

  /// Does one run; nothing more is begun once the user has asked to stop.
  private func attempt(_ name: String, _ body: () throws -> Void) {
    guard !observer.stop.isStated else { return }
    do {
      try body()
    } catch {
      Interruption.shared.setTraining(nil)
      failures.append((name, report(error)))
    }
  }

  /// A run's own tables, beside its result.
  private func writeTables(_ finished: Evaluator.Finished) throws {
    let folder = finished.file.deletingLastPathComponent()
    for format in [ReportFormat.markdown, .csv] {
      try write(format, [finished.result], to: folder.appending(path: "table"))
    }
    let curves = trainingPlot(finished.result.training ?? [])
    if !curves.isEmpty { try write(curves, to: folder.appending(path: "training.svg")) }
  }

  private func write(_ format: ReportFormat, _ results: [RunResult], to file: URL) throws {
    try write(
      format.text(of: results),
      to: file.appendingPathExtension(format.fileExtension)
    )
  }

  private func write(_ text: String, to file: URL) throws {
    do {
      try Data(text.utf8).write(to: file, options: .atomic)
    } catch {
      throw ResultsError(
        .unwritable(detail: error.localizedDescription),
        path: file.path(percentEncoded: false)
      )
    }
  }

  /// The results of runs whose tables nobody prints: those of an ablation.
  ///
  /// - Returns: all of them, in order.
  /// - Throws: the exit code where something failed.
  func finishedResults() throws -> [RunResult] {
    if observer.stop.isStated { throw ExitCode(Interruption.shared.exitCode) }
    if let first = failures.first { throw first.code }
    return results
  }

  /// Prints and writes the tables of all runs.
  ///
  /// - Throws: the exit code where something failed.
  func finish() throws {
    if !results.isEmpty {
      let folder = URL(filePath: run.output, directoryHint: .isDirectory)
      for format in [ReportFormat.markdown, .csv, .html] {
        try write(format, results, to: folder.appending(path: "evaluation"))
      }
      if global.json {
        try printJSON(results)
      } else {
        print(terminalReport(results, style: Terminal.output.style), terminator: "")
        print("\nTables: \(run.output)/evaluation.md, .csv and .html")
        print("Runs:   \(run.output)/runs/")
        for result in results { print("        \(result.run.id)") }
      }
    }
    if observer.stop.isStated { throw ExitCode(Interruption.shared.exitCode) }
    guard let first = failures.first else { return }
    // One reason alone says how the process ends; beside results, that something failed.
    throw results.isEmpty && failures.allSatisfy { $0.code == first.code }
      ? first.code : .someFailed
  }
}
