import ArgumentParser
import Foundation
import Models
import Results

/// Writes a checkpoint of random weights.
struct InitializeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "initialize",
    abstract: "Write a checkpoint of random weights, to train from nothing.",
    discussion: """
      Example:
        vbench initialize resnet-small random.h5 --seed 1

      Exit codes: 0 written, 1 the file can't be written, 64 wrong usage.
      """
  )

  @Argument(help: "An architecture's name, such as resnet-small or vilref-rn50.")
  var architecture: String

  @Argument(help: "The checkpoint to write (HDF5).")
  var output: String

  @Option(help: "The seed of the weights: the same seed gives the same file.")
  var seed: UInt64 = 0

  @Flag(help: "Replace a file that exists.")
  var force = false

  func run() throws {
    try runReporting {
      try OutputFile.check(output, inputs: [], force)
      let architecture = try Architecture.named(architecture)
      try Interruption.shared.whileWriting(output) {
        try RandomCheckpoint.write(
          to: output,
          architecture,
          seed: seed,
          tool: "vbench \(Environment.programVersion)"
        )
      }
      print("\(output): \(architecture.name), random weights of seed \(seed)")
    }
  }
}
