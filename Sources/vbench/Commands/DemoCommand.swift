import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Results

/// Evaluates a small model on the drawn photographs: the main job on what the program brings along.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Evaluate a small random model on drawn fundus photographs, start to end.",
    discussion: """
      Makes a checkpoint of random weights and runs zero-shot and a linear probe on the
      synthetic-fundus collection. Random weights know nothing: scores are near chance, and the tables
      show what a real checkpoint's look like. It is evaluated by the command line that is printed.

      Example:
        vbench demo
      """
  )

  @OptionGroup var reports: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try runReporting {
      let catalog = try DatasetCatalog.load()
      let dataset = try catalog["synthetic-fundus"]
      let folder = URL(filePath: reports.output, directoryHint: .isDirectory)
      let checkpoint = folder.appending(path: "demo.h5").path(percentEncoded: false)
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      } catch {
        throw CommandError(
          "\(reports.output): \(error.localizedDescription)",
          exitCode: .someFailed
        )
      }
      try Interruption.shared.whileWriting(checkpoint) {
        try DemonstrationModel.write(
          to: checkpoint,
          for: dataset,
          seed: 1,
          tool: "vbench \(Environment.programVersion)"
        )
      }
      global.remark("wrote a checkpoint of random weights to \(checkpoint)")
      global.remark(
        "the same as: vbench evaluate --checkpoint \(checkpoint) --protocol zero-shot,linear-probe "
          + "--dataset synthetic-fundus"
      )
      let session = try EvaluationSession(
        checkpoint: checkpoint,
        run: reports,
        global: global,
        features: nil
      )
      let presets = try ProbeOptions.parse([]).presets(protocols: nil, canZeroShot: true)
      session.evaluate(
        dataset,
        dataset.tasks,
        presets,
        try DataRoots(pairs: [], known: catalog.rootNames)
      )
      try session.finish()
    }
  }
}
