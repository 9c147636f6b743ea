import ArgumentParser
import Results

/// The command line.
@main struct VBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vbench",
    abstract: "Evaluates vision-language models of the retina: from a checkpoint to a table.",
    discussion: """
      Examples:
        vbench convert vilref.pt vilref.h5 --vocabulary vocab.txt
        vbench evaluate --checkpoint vilref.h5 --dataset synthetic-fundus
        vbench datasets list
        vbench help convert

      Exit codes: 0 all ran, 1 something failed, 64 wrong usage, 65 bad data, 66 missing input, \
      70 a mistake of the program's, 130 interrupted.
      """,
    version: Environment.programVersion,
    subcommands: [
      EvaluateCommand.self, FinetuneCommand.self, PretrainCommand.self, PredictCommand.self,
      EmbedCommand.self, ConvertCommand.self, InitializeCommand.self, InspectCommand.self,
      DatasetsCommand.self,
      LabelsCommand.self, DemoCommand.self, BenchCommand.self,
    ]
  )
}
