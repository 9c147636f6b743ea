import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Pretraining

/// Pre-trains a small model on drawn photographs with reports, and evaluates it.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Pre-train a small model on drawn photographs and reports, and evaluate it.",
    discussion: """
      Trains a small ViLReF from random weights on the pairs of synthetic-small, then runs zero-shot, \
      retrieval, a linear probe and fine-tuning on its test split, in a few minutes on two cores. Each \
      part is what the command line that is printed does.

      Example:
        vbench demo
      """
  )

  @OptionGroup var reports: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try runReporting {
      let configuration = try PretrainingConfiguration(
        yaml: DemonstrationConfiguration.yaml,
        path: "demo.yaml"
      )
      let folder = URL(filePath: reports.output, directoryHint: .isDirectory)
        .appending(path: "pretraining/demo")
      let file = folder.appending(path: "demo.yaml")
      try makeFolder(folder)
      try OutputFile.write(DemonstrationConfiguration.yaml + "\n", to: file)
      let data = try DataOptions.parse([])
      global.remark(
        "the same as: vbench pretrain \(file.path(percentEncoded: false)) --trainings "
          + "\(reports.output)/pretraining"
      )
      let pretraining = try PretrainingSession(
        configuration,
        path: "demo.yaml",
        folder: folder,
        data: data,
        global: global
      )
      let checkpoint = try pretraining.train()
      try evaluate(checkpoint, data)
    }
  }

  private func evaluate(_ checkpoint: String, _ data: DataOptions) throws {
    let protocols = "zero-shot,retrieval,linear-probe,finetune"
    let dataset = "synthetic-small/disease"
    global.remark(
      "the same as: vbench evaluate --checkpoint \(checkpoint) --protocol \(protocols) --epochs 2 "
        + "--dataset \(dataset)"
    )
    let session = try EvaluationSession(
      checkpoint: checkpoint,
      run: reports,
      global: global,
      features: nil
    )
    let presets = try ProbeOptions.parse(["--epochs", "2"])
      .presets(protocols: protocols, canZeroShot: true)
    let catalog = try data.catalog()
    let (set, tasks) = try catalog.selection(dataset)
    session.evaluate(set, tasks, presets, try data.dataRoots(catalog))
    try session.finish()
  }

  private func makeFolder(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandError(
        "\(folder.path(percentEncoded: false)): \(error.localizedDescription)",
        exitCode: .someFailed
      )
    }
  }
}
