import ArgumentParser
import Evaluation
import Foundation
import Imaging
import Optimizers
import Parallelism
import Tensors

/// Times parts of the program for the scripts of `benchmarks/`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time parts of the program; the scripts of benchmarks/ compare them with others.",
    discussion: "Prints JSON with the seconds of each repetition.",
    shouldDisplay: false,
    subcommands: [
      DecodeBenchCommand.self, LogisticBenchCommand.self, ForwardBenchCommand.self,
      TrainStepBenchCommand.self, MaskBenchCommand.self, OptimizerBenchCommand.self,
    ]
  )
}

/// Prints a value as JSON on one line.
private func printLine(_ value: some Encodable) throws {
  print(String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
}

/// Times decoding and resizing.
struct DecodeBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Decode photographs and resize them to 224 × 224."
  )

  @Option(help: "How many threads work.") var threads: Int = 1
  @Option(name: .customLong("repeat"), help: "How many repetitions.") var repetitions: Int = 5
  @Argument(help: "Image files.") var files: [String]

  func run() throws {
    try runReporting {
      try printLine(
        DecodeBenchmark.run(paths: files, threads: threads, repetitions: repetitions)
      )
    }
  }
}

/// Times logistic regression.
struct LogisticBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logistic",
    abstract: "Fit a linear probe, or sweep its strength."
  )

  @Option(help: "A raw little-endian float32 file, row by row.") var features: String
  @Option(help: "A raw little-endian int32 file.") var labels: String
  @Option(help: "How many features a row has.") var dimensions: Int
  @Option(help: "How many classes.") var classes: Int
  @Option(help: "Strengths with commas; more than one are a sweep.") var strengths: String = "1"
  @Option(help: "The relative gap at which a fit ends.") var tolerance: Double = 1e-12
  @Option(help: "How many threads work.") var threads: Int = 2
  @Option(name: .customLong("repeat"), help: "How many repetitions.") var repetitions: Int = 5

  func run() throws {
    try runReporting {
      let values = strengths.split(separator: ",").compactMap { Double($0) }
      let request = LogisticBenchmark.Request(
        featuresPath: features,
        labelsPath: labels,
        dimensions: dimensions,
        classes: classes,
        strengths: values,
        limits: LogisticLimits(tolerance: tolerance),
        repeats: repetitions
      )
      try printLine(LogisticBenchmark.run(request, pool: WorkerPool(threadCount: threads)))
    }
  }
}

/// Times a model's forward pass.
struct ForwardBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forward",
    abstract: "Encode random inputs with random weights."
  )

  @Option(help: "An architecture's name, such as vilref-vit-b16.") var architecture: String
  @Flag(help: "Encode texts instead of images.") var texts = false
  @Option(help: "How many inputs at once.") var batch: Int = 1
  @Option(help: "How many threads work.") var threads: Int = 2
  @Option(name: .customLong("repeat"), help: "How many repetitions.") var repetitions: Int = 5

  func run() throws {
    try runReporting {
      try printLine(
        ForwardBenchmark.run(
          architecture: architecture,
          texts: texts,
          batch: batch,
          threads: threads,
          repetitions: repetitions
        )
      )
    }
  }
}

/// Times a model's training steps.
struct TrainStepBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train-step",
    abstract: "Train random weights on random inputs: forward, backward, AdamW."
  )

  @Option(help: "An architecture's name, such as vilref-vit-b16.") var architecture: String
  @Flag(help: "Train the text encoder instead of the image encoder.") var texts = false
  @Flag(help: "Run blocks again in the backward pass to save memory.") var recompute = false
  @Option(help: "How many inputs at once.") var batch: Int = 8
  @Option(help: "How many threads work.") var threads: Int = 2
  @Option(name: .customLong("repeat"), help: "How many repetitions.") var repetitions: Int = 5

  func run() throws {
    try runReporting {
      try printLine(
        TrainStepBenchmark.run(
          TrainStepBenchmark.Request(
            architecture: architecture,
            texts: texts,
            batch: batch,
            threads: threads,
            repetitions: repetitions,
            recomputesBlocks: recompute
          )
        )
      )
    }
  }
}

/// Times a segmentation network.
struct MaskBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masks",
    abstract: "Run or train a segmentation network of random weights on random inputs."
  )

  @Option(help: "An architecture's name, such as wnet-8.16.32.") var architecture: String
  @Option(help: "The side of images in pixels.") var size: Int = 512
  @Option(help: "How many images at once.") var batch: Int = 1
  @Flag(help: "Time training steps instead of forward passes.") var train = false
  @Option(help: "How many threads work.") var threads: Int = 2
  @Option(name: .customLong("repeat"), help: "How many repetitions.") var repetitions: Int = 5

  func run() throws {
    try runReporting {
      try printLine(
        SegmentationBenchmark.run(
          SegmentationBenchmark.Request(
            architecture: architecture,
            imageSize: size,
            batch: batch,
            trains: train,
            threads: threads,
            repetitions: repetitions
          )
        )
      )
    }
  }
}

/// Times AdamW's step against the speed of memory.
struct OptimizerBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "optimizer",
    abstract: "Step AdamW on 86 million parameters, in turn with a triad."
  )

  @Option(help: "How many threads work.") var threads: Int = 2
  @Option(name: .customLong("repeat"), help: "How many rounds.") var rounds: Int = 7

  func run() throws {
    try runReporting {
      try printLine(OptimizerBenchmark.run(rounds: rounds, on: Device(threadCount: threads)))
    }
  }
}
