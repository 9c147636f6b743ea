import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Models
import Results

/// The runs of one command that predict masks.
final class SegmentationSession {
  /// The checkpoint.
  let start: SegmentationStart
  private let evaluator: SegmentationEvaluator
  private let run: RunOptions
  private let global: GlobalOptions
  private let runs: RunCollection

  /// Opens the checkpoint.
  ///
  /// - Parameters:
  ///   - checkpoint: the file.
  ///   - run: where runs are written.
  ///   - global: threads and output.
  ///   - runs: what earlier sessions of the command have run; nil for nothing.
  /// - Throws: why it can't be used.
  init(
    checkpoint: String,
    run: RunOptions,
    global: GlobalOptions,
    runs: RunCollection? = nil
  ) throws {
    self.run = run
    self.global = global
    let device = global.makeDevice()
    let runs = try runs ?? RunCollection(run, global)
    self.runs = runs
    start = try SegmentationStart(checkpoint: checkpoint, on: device)
    var options = try run.evaluationOptions()
    options.stop = runs.observer.stop
    evaluator = SegmentationEvaluator(
      start,
      on: device,
      options: options,
      observer: runs.observer,
      tool: "vbench \(Environment.programVersion)"
    )
  }

  /// Runs the protocol on a data set's tasks of masks.
  ///
  /// - Parameters:
  ///   - dataset: the set.
  ///   - tasks: its tasks.
  ///   - preset: the settings.
  ///   - roots: where sets lie.
  ///   - pictures: which pictures are drawn.
  ///   - path: where the first repeat's trained checkpoint goes; nil for nowhere.
  func evaluate(
    _ dataset: Dataset,
    _ tasks: [MaskTaskDescription],
    _ preset: SegmentationPreset,
    _ roots: DataRoots,
    pictures: MaskPictureChoice,
    keeping path: String? = nil
  ) {
    do {
      let contents = try dataset.open(root: roots.resolve(dataset))
      for task in tasks {
        let result = runs.attempt("\(dataset.name)/\(task.name), segmentation") {
          try Interruption.shared.whileWriting(
            path ?? "\(run.output)/evaluation.md",
            message: "trainings go on when the same command is run again"
          ) {
            try evaluator.run(preset, task, in: contents, pictures: pictures, keeping: path)
          }
        }
        if let path, let result, result.run.status.hasNumbers {
          global.remark("wrote the trained checkpoint to \(path)")
        }
      }
    } catch {
      runs.fail(dataset.name, error)
    }
  }

  /// Prints and writes the tables of all runs.
  ///
  /// - Throws: the exit code where something failed.
  func finish() throws { try runs.finish() }
}
