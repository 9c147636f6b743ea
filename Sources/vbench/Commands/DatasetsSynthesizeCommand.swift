import ArgumentParser
import Datasets
import Foundation

/// `vbench datasets synthesize`: draws a collection of fundus photographs.
struct DatasetsSynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Draw synthetic fundus photographs with labels, masks and Chinese reports.",
    discussion: """
      The folder holds images/, masks/, labels.csv, reports.jsonl and collection.json. The same \
      seed, size, difficulty and healthy share give the same bits on any machine and for any number of threads. \
      The folder appears when it is complete; one that holds this very collection is left as it is.

      Examples:
        vbench datasets synthesize fundus --count 200
        vbench datasets synthesize hard --count 1000 --seed 7 --size 512 --difficulty 0.9
      """
  )

  @Argument(help: "The folder to write; new or empty.", completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("How many photographs; two make a patient.", valueName: "n"))
  var count: Int

  @Option(help: ArgumentHelp("What all random numbers come from.", valueName: "s"))
  var seed: UInt64 = 20_260_101

  @Option(help: ArgumentHelp("The photographs' width and height.", valueName: "pixels"))
  var size: Int = 224

  @Option(
    help: ArgumentHelp(
      "From 0, textbook lesions, to 1, faint ones and borderline cups.",
      valueName: "0…1"
    )
  )
  var difficulty: Double = 0.5

  @Option(
    help: ArgumentHelp("The share of patients without a disease.", valueName: "0…1")
  )
  var healthy: Double = SyntheticCollection.usualHealthy

  @OptionGroup(title: "General options")
  var global: GlobalOptions

  /// The collection, for programs.
  private struct Summary: Encodable {
    let folder: String
    let count: Int
    let seed: UInt64
    let size: Int
    let difficulty: Double
    let healthy: Double
    let splits: [String: Int]
    let wasThere: Bool
  }

  func validate() throws {
    guard (1..<(1 << 31)).contains(count) else {
      throw ValidationError("--count is \(count), expected 1 to 2147483647.")
    }
    let sizes = SyntheticCollection.sizes
    guard sizes.contains(size) else {
      throw ValidationError(
        "--size is \(size), allowed are \(sizes.lowerBound) to \(sizes.upperBound)."
      )
    }
    guard (0...1).contains(difficulty) else {
      throw ValidationError("--difficulty is \(difficulty), allowed are 0 to 1.")
    }
    guard (0...1).contains(healthy) else {
      throw ValidationError("--healthy is \(healthy), allowed are 0 to 1.")
    }
  }

  func run() throws {
    try runReporting {
      let collection = SyntheticCollection(
        seed: seed,
        count: count,
        size: size,
        difficulty: difficulty,
        healthy: healthy
      )
      let folder = URL(filePath: output, directoryHint: .isDirectory)
      let wasThere = SyntheticFolder.holds(collection, in: folder)
      if !wasThere {
        let progress = global.progress("Drawing", unit: "photographs", total: count)
        try Interruption.shared.whileWriting(output) {
          try SyntheticFolder.write(collection, to: folder, on: global.makePool()) { done in
            progress.update(done: done)
          }
        }
        progress.finish()
      }
      try show(collection, wasThere: wasThere)
    }
  }

  private func show(_ collection: SyntheticCollection, wasThere: Bool) throws {
    let sizes = SyntheticSplit.allCases.map { ($0.rawValue, collection.indices(of: $0).count) }
    if global.json {
      try printJSON(
        Summary(
          folder: output,
          count: count,
          seed: seed,
          size: size,
          difficulty: difficulty,
          healthy: healthy,
          splits: Dictionary(uniqueKeysWithValues: sizes),
          wasThere: wasThere
        )
      )
      return
    }
    let splits = sizes.map { "\($0) \($1.grouped)" }.joined(separator: ", ")
    let verb = wasThere ? "holds already" : "now holds"
    print("\(output.printable) \(verb) \(count.of("photograph")) of \(size) × \(size): \(splits)")
    print("  labels.csv, reports.jsonl, images/, masks/")
  }
}
