import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Models
import Results

/// Fine-tunes a checkpoint on a task and keeps what was trained.
struct FinetuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finetune",
    abstract: "Fine-tune a checkpoint on one task and keep the trained checkpoint.",
    discussion: """
      The epoch with the best macro AUC on validation samples is kept; the test split is scored once, \
      with the weights that are written. An interrupted training goes on when the same command is run \
      again. The new checkpoint holds the encoder and its classifier: `vbench predict` needs no \
      labels with it. A task of masks trains a segmentation network, or an encoder with a decoder, by \
      the epoch of best Dice (--preset mask-finetune, or mask-decoder for the decoder alone).

      Examples:
        vbench finetune --checkpoint dinov2.h5 --dataset idrid-grading/dr-grade \\
          --data-root idrid=/data/IDRiD --trained graded.h5
        vbench finetune --checkpoint reports/demo.h5 --dataset synthetic-fundus/disease \\
          --epochs 30 --head-start zeros --trained drawn.h5
        vbench initialize wnet-8.16.32 random.h5
        vbench finetune --checkpoint random.h5 --dataset synthetic-masks/vessels --size 128 \\
          --trained vessels.h5

      Exit codes: 0 trained, 1 the training failed, 64 wrong usage, 65 bad data, 66 missing input, \
      130 interrupted.
      """
  )

  @Option(help: "The checkpoint (HDF5) to begin with, made by `vbench convert`.")
  var checkpoint: String

  @Option(help: "A data set's task, as NAME/TASK; NAME suffices where it has one.")
  var dataset: String

  @Option(help: "The file of the trained checkpoint (HDF5).")
  var trained: String

  @Flag(help: "Replace a file that exists.")
  var force = false

  @OptionGroup var probe: ProbeOptions
  @OptionGroup(title: "Segmentation") var masks: MaskOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var reports: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try runReporting {
      try OutputFile.check(trained, inputs: [checkpoint], force)
      try reports.refuseFeatureOptions()
      let catalog = try data.catalog()
      let roots = try data.dataRoots(catalog)
      if try isOfMasks(catalog) { return try segment(catalog, roots) }
      try masks.refuseAll()
      let presets = try probe.presets(protocols: "finetune", canZeroShot: false)
      guard let preset = presets.first, presets.count == 1 else {
        throw CommandError(
          "--shots asks for \(presets.count) trainings, expected one number or full"
        )
      }
      try requireOneSeed(repeating: "finetune")
      let (set, tasks) = try catalog.selection(dataset)
      guard let task = tasks.first, tasks.count == 1 else {
        throw CommandError(
          "\(dataset) has \(tasks.count) tasks, expected one: "
            + tasks.map { "\(set.name)/\($0.name)" }.joined(separator: ", ")
        )
      }
      let session = try EvaluationSession(
        checkpoint: checkpoint,
        run: reports,
        global: global,
        features: probe.features()
      )
      session.fineTune(set, task, preset, roots, keeping: trained)
      try session.finish()
    }
  }
  private func requireOneSeed(repeating name: String) throws {
    guard let seeds = probe.seeds, seeds != 1 else { return }
    throw CommandError(
      "--seeds is \(seeds), but this command trains once; "
        + "`vbench evaluate --protocol \(name)` repeats trainings"
    )
  }

  /// Whether the data set's task is one of masks.
  private func isOfMasks(_ catalog: DatasetCatalog) throws -> Bool {
    if let name = probe.preset { return SegmentationPreset.named(name) != nil }
    let parts = dataset.split(separator: "/", maxSplits: 1).map(String.init)
    let set = try catalog[parts[0]]
    guard parts.count == 2 else { return set.tasks.isEmpty }
    return set.maskTasks.contains { $0.name == parts[1] }
  }

  private func segment(_ catalog: DatasetCatalog, _ roots: DataRoots) throws {
    try probe.refuseClassOptions()
    try requireOneSeed(repeating: SegmentationPreset.protocolName)
    let (set, tasks) = try catalog.maskSelection(dataset)
    guard let task = tasks.first, tasks.count == 1 else {
      throw CommandError(
        "\(dataset) has \(tasks.count) tasks of masks, expected one: "
          + tasks.map { "\(set.name)/\($0.name)" }.joined(separator: ", ")
      )
    }
    guard let usual = SegmentationPreset.named("mask-finetune") else {
      preconditionFailure("the preset mask-finetune is gone")
    }
    let preset = try masks.applied(to: masks.preset(probe.preset, usual: usual), probe)
    guard preset.settings.training != nil else {
      throw CommandError(
        "the preset \(preset.name) trains nothing; `vbench evaluate --preset \(preset.name)` runs it"
      )
    }
    let session = try SegmentationSession(checkpoint: checkpoint, run: reports, global: global)
    try masks.refuseOptions(without: session.start)
    session.evaluate(
      set,
      [task],
      preset,
      roots,
      pictures: masks.pictures ?? .sheet,
      keeping: trained
    )
    try session.finish()
  }
}
