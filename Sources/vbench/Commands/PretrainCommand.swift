import ArgumentParser
import Foundation
import Pretraining

/// Pre-trains an image and a text encoder on photographs with reports.
struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Pre-train an image and a text encoder on photographs with diagnostic reports.",
    discussion: """
      Findings are read from the reports; the loss pushes pairs apart at a speed that their findings \
      set, and queues of earlier pairs make up for false negatives. A configuration says which model, \
      which pairs and how; what it doesn't say is as in ViLReF's released code. The folder \
      TRAININGS/NAME holds history.csv, validation.csv, profile.json and in the end pretrained.h5, \
      which `evaluate` reads. A training that was interrupted goes on when the same command is run \
      again.

      Examples:
        vbench pretrain benchmarks/pretraining.yaml
        vbench pretrain benchmarks/pretraining.yaml --restart --seed 7
        vbench pretrain --ablate benchmarks/ablation.yaml

      Exit codes: 0 trained, 1 the training failed, 64 wrong usage, 65 bad data, 66 missing input, \
      130 interrupted.
      """
  )

  @Argument(help: "The configuration (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var configurationFile: String?

  @Option(
    help: ArgumentHelp(
      "Train every arm of a configuration's section `ablation`, evaluate them, and write a table.",
      valueName: "file"
    ),
    completion: .file(extensions: ["yaml", "yml"])
  )
  var ablate: String?

  @Option(help: "The folder under which trainings have their own.")
  var trainings: String = "reports/pretraining"

  @Option(help: "The seed of weights, order and augmentation. (default: the configuration's)")
  var seed: UInt64?

  @Flag(help: "Go on from a saved state, and refuse to begin where there is none.")
  var resume = false

  @Flag(help: "Begin anew, and delete what an earlier command saved.")
  var restart = false

  @OptionGroup var data: DataOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (configurationFile == nil) != (ablate == nil) else {
      throw ValidationError("Give one configuration: either CONFIGURATION-FILE or --ablate FILE.")
    }
    guard !(resume && restart) else {
      throw ValidationError("--resume and --restart exclude each other.")
    }
    guard ablate == nil || !resume else {
      throw ValidationError("--resume has no meaning in an ablation, which always goes on.")
    }
    guard ablate != nil || data.dataRoot.isEmpty && data.roots == nil else {
      throw ValidationError(
        "--data-root and --roots say where an ablation's test sets lie; give --ablate, or leave them out."
      )
    }
    guard ablate == nil || seed == nil else {
      throw ValidationError("--seed is the configuration's matter in an ablation: `seeds`.")
    }
  }

  func run() throws {
    try runReporting {
      let path = ablate ?? configurationFile ?? ""
      var configuration = try PretrainingConfiguration(path: path)
      if let seed { configuration.seed = seed }
      let session = try PretrainingSession(
        configuration,
        path: path,
        folder: URL(filePath: trainings, directoryHint: .isDirectory)
          .appending(path: configuration.name),
        data: data,
        global: global
      )
      session.beginning = restart ? .anew : resume ? .savedOnly : .savedOrAnew
      if ablate != nil {
        try AblationSession(session).run()
      } else {
        try session.train()
      }
    }
  }
}
