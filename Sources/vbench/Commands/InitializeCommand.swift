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
      Examples:
        vbench initialize resnet-small random.h5 --seed 1
        vbench initialize unet-16.32.64 masks.h5 --size 256

      Exit codes: 0 written, 1 the file can't be written, 64 wrong usage.
      """
  )

  @Argument(
    help:
      "An architecture's name, such as resnet-small, vilref-rn50, unet-16.32.64 or wnet-8.16.32."
  )
  var architecture: String

  @Argument(help: "The checkpoint to write (HDF5).")
  var output: String

  @Option(help: "The seed of the weights: the same seed gives the same file.")
  var seed: UInt64 = 0

  @Option(help: "How many logits a segmentation network gives each pixel. (default: 1)")
  var classes: Int?

  @Option(help: "The side of a segmentation network's images in pixels. (default: 512)")
  var size: Int?

  @Flag(help: "Replace a file that exists.")
  var force = false

  func run() throws {
    try runReporting {
      try OutputFile.check(output, inputs: [], force)
      let tool = "vbench \(Environment.programVersion)"
      let network = try SegmentationArchitecture.named(
        architecture,
        classes: classes ?? 1,
        imageSize: size
      )
      if let network {
        try Interruption.shared.whileWriting(output) {
          try RandomCheckpoint.write(to: output, network, seed: seed, tool: tool)
        }
        print("\(output): \(network.name), random weights of seed \(seed)")
        return
      }
      guard classes == nil, size == nil else {
        throw CommandError(
          "--\(classes == nil ? "size" : "classes") is for segmentation networks, and "
            + "\(architecture) is none; leave it out"
        )
      }
      let architecture = try Architecture.named(architecture)
      try Interruption.shared.whileWriting(output) {
        try RandomCheckpoint.write(to: output, architecture, seed: seed, tool: tool)
      }
      print("\(output): \(architecture.name), random weights of seed \(seed)")
    }
  }
}
