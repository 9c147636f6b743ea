import ArgumentParser

/// The command line.
@main struct VBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vbench",
    abstract: "Evaluates retinal foundation models."
  )
}
