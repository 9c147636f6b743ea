import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Pretraining
import Training

/// Pre-trains a small model on drawn photographs with reports, and evaluates it.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Pre-train a small model on drawn photographs and reports, and evaluate it.",
    discussion: """
      Trains a small ViLReF from random weights on the pairs of synthetic-small, then runs zero-shot, \
      retrieval, a linear probe and fine-tuning on its test split, and a decoder of masks on \
      synthetic-masks, in a few minutes on two cores. Each part is what the command line that is \
      printed does.

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
    let catalog = try data.catalog()
    let roots = try data.dataRoots(catalog)
    let runs = try RunCollection(reports, global)
    let protocols = "zero-shot,retrieval,linear-probe,finetune"
    let classes = Part("synthetic-small/disease", ["--epochs", "1"])
    remark(checkpoint, protocols, classes)
    let evaluation = try EvaluationSession(
      checkpoint: checkpoint,
      run: reports,
      global: global,
      features: nil,
      runs: runs
    )
    let (set, tasks) = try catalog.selection(classes.dataset)
    evaluation.evaluate(
      set,
      tasks,
      try ProbeOptions.parse(classes.options).presets(protocols: protocols, canZeroShot: true),
      roots
    )
    if !runs.observer.stop.isStated {
      do {
        try segment(checkpoint, catalog, roots, runs)
      } catch {
        runs.fail(SegmentationPreset.protocolName, error)
      }
    }
    try runs.finish()
  }

  private func segment(
    _ checkpoint: String,
    _ catalog: DatasetCatalog,
    _ roots: DataRoots,
    _ runs: RunCollection
  ) throws {
    let training = ["--epochs", "8"]
    let size = ["--size", "64"]
    let masks = Part("synthetic-masks/disc-cup", training + size)
    remark(checkpoint, SegmentationPreset.protocolName, masks)
    let segmentation = try SegmentationSession(
      checkpoint: checkpoint,
      run: reports,
      global: global,
      runs: runs
    )
    let (set, tasks) = try catalog.maskSelection(masks.dataset)
    let preset = try MaskOptions.parse(size)
      .applied(to: .usual(for: segmentation.start), ProbeOptions.parse(training))
    segmentation.evaluate(set, tasks, preset, roots, pictures: .sheet)
  }

  /// What a command line evaluates on, and how.
  private struct Part {
    let dataset: String
    let options: [String]

    init(_ dataset: String, _ options: [String]) {
      self.dataset = dataset
      self.options = options
    }
  }

  private func remark(_ checkpoint: String, _ protocols: String, _ part: Part) {
    global.remark(
      "the same as: vbench evaluate --checkpoint \(checkpoint) --protocol \(protocols) --dataset "
        + "\(part.dataset) \(part.options.joined(separator: " "))"
        + (reports.output == "reports" ? "" : " --output \(reports.output)")
    )
  }

  private func makeFolder(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandError(
        "\(folder.path(percentEncoded: false)): the folder can't be made: a file is in its way, or its "
          + "parent can't be written to",
        exitCode: .someFailed
      )
    }
  }
}
