import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Models

/// Runs protocols on data sets and writes tables.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Evaluate a checkpoint on data sets and write tables of AUC, F1 and more.",
    discussion: """
      Features are kept on disk under their content: a second run encodes nothing. Each run writes \
      result.json, predictions.h5 and tables into its own folder under --output/runs. Trainings save \
      their state under --output/training: an interrupted command goes on when it is run again, and \
      ends with the same bits.

      Retrieval searches a data set's reports by its images and its images by its reports: recall at \
      1, 5 and 10 and the median rank, over the test split, once for the whole set. Only a pair's own \
      partner is right (--preset exact-pair), or each candidate of the same text (same-text); equally \
      similar candidates count against the model.

      Segmentation predicts the masks of sets that have them. A segmentation network's checkpoint is \
      evaluated as it is, by default with the steps of the DRIVE protocol (--preset wnet-drive); an \
      encoder's gets a decoder, which is trained on its frozen maps first (mask-decoder). With \
      --preset mask-finetune all weights are trained, those of `vbench initialize` too.

      Examples:
        vbench evaluate --checkpoint wnet.h5 --protocol segmentation --dataset drive \\
          --data-root drive=/data/DRIVE
        vbench evaluate --checkpoint dinov2.h5 --protocol segmentation --dataset idrid-disc \\
          --data-root idrid=/data/IDRiD --size 252
        vbench evaluate --checkpoint dinov2.h5 --protocol linear-probe --dataset idrid-grading \\
          --data-root idrid=/data/IDRiD
        vbench evaluate --checkpoint vilref.h5 --protocol zero-shot,linear-probe \\
          --dataset synthetic-fundus/disease
        vbench evaluate --checkpoint vilref.h5 --protocol retrieval --dataset synthetic-fundus
        vbench evaluate --checkpoint vilref.h5 --protocol linear-probe --dataset idrid-grading \\
          --shots 1,5,full --seeds 5
        vbench evaluate --checkpoint dinov2.h5 --protocol finetune,linear-probe \\
          --dataset idrid-grading/referable --data-root idrid=/data/IDRiD --shots 5 --seeds 3

      Exit codes: 0 all ran, 1 something failed, 64 wrong usage, 65 bad data, 66 missing input, \
      130 interrupted.
      """
  )

  @Option(help: "The checkpoint (HDF5), made by `vbench convert`.")
  var checkpoint: String

  @Option(
    name: [.customLong("protocol")],
    help: ArgumentHelp(
      "zero-shot, retrieval, linear-probe, finetune, or several with commas; or segmentation. "
        + "(default: zero-shot where the model encodes texts, and linear-probe; segmentation for a "
        + "segmentation network)"
    )
  )
  var protocols: String?

  @Option(help: "Data sets: NAME for all of its tasks, NAME/TASK for one; with commas, several.")
  var dataset: String

  @OptionGroup var probe: ProbeOptions
  @OptionGroup(title: "Segmentation") var masks: MaskOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var reports: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try runReporting {
      if try masks.isWanted(protocols: protocols, preset: probe.preset, checkpoint: checkpoint) {
        try segment()
      } else {
        try masks.refuseAll()
        try evaluate()
      }
    }
  }

  private func segment() throws {
    try probe.refuseClassOptions()
    try reports.refuseFeatureOptions()
    let session = try SegmentationSession(checkpoint: checkpoint, run: reports, global: global)
    try masks.refuseOptions(without: session.start)
    let catalog = try data.catalog()
    let roots = try data.dataRoots(catalog)
    let selections = try commaList(dataset, of: "--dataset").map(catalog.maskSelection)
    let preset = try masks.applied(
      to: masks.preset(probe.preset, usual: .usual(for: session.start)),
      probe
    )
    for (dataset, tasks) in selections {
      session.evaluate(dataset, tasks, preset, roots, pictures: masks.pictures ?? .sheet)
    }
    try session.finish()
  }

  private func evaluate() throws {
    let session = try EvaluationSession(
      checkpoint: checkpoint,
      run: reports,
      global: global,
      features: probe.features()
    )
    let catalog = try data.catalog()
    let roots = try data.dataRoots(catalog)
    let selections = try commaList(dataset, of: "--dataset").map(catalog.selection)
    let presets = try probe.presets(
      protocols: protocols,
      canZeroShot: session.bundle.tokenizer != nil
    )
    for (dataset, tasks) in selections {
      // A retrieval is of the whole set: once, whatever tasks there are.
      let whole = presets.filter(\.settings.isOfWholeSet)
      let each = presets.filter { !$0.settings.isOfWholeSet }
      if !whole.isEmpty { session.evaluate(dataset, Array(tasks.prefix(1)), whole, roots) }
      if !each.isEmpty { session.evaluate(dataset, tasks, each, roots) }
    }
    try session.finish()
  }
}
