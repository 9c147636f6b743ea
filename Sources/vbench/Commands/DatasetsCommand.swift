import ArgumentParser

/// `vbench datasets`: what is known of data sets, and what lies on this machine.
struct DatasetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets",
    abstract: "List, check, describe and draw data sets.",
    discussion: """
      What vbench knows of a data set stands in datasets.yaml, whose head explains its keys. Where \
      the set lies is told by --data-root NAME=PATH, or by ‘roots: { NAME: PATH }’ in \
      ~/.config/vbench/roots.yaml.

      Examples:
        vbench datasets list
        vbench datasets check idrid-grading --data-root idrid=/data/IDRiD --decode
        vbench datasets describe idrid-grading > idrid.md
        vbench datasets synthesize fundus --count 200 --seed 7 --size 512
      """,
    subcommands: [
      DatasetsListCommand.self, DatasetsCheckCommand.self, DatasetsDescribeCommand.self,
      DatasetsSynthesizeCommand.self,
    ]
  )
}
