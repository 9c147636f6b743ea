import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Metrics

/// Where runs are written, and how intervals are made.
struct RunOptions: ParsableArguments {
  @Option(help: "The folder of reports; runs go into its folder `runs`.")
  var output: String = "reports"

  @Option(help: "How many bootstrap replicates make an interval; 0 for none.")
  var bootstrap: Int = 1000

  @Option(help: "The seed of the bootstrap and of splits that the makers didn't fix.")
  var seed: UInt64 = 0

  @Option(help: "Where features are kept. (default: $XDG_CACHE_HOME/vbench or ~/.cache/vbench)")
  var cache: String?

  @Flag(help: "Keep no features, and use none that were kept.")
  var noCache = false

  @Option(help: "How many images are encoded together. (default: 32)")
  var batchSize: Int?

  func validate() throws {
    if let batchSize, !(1...4096).contains(batchSize) {
      throw ValidationError("--batch-size is \(batchSize), allowed are 1 to 4096.")
    }
    guard bootstrap == 0 || (10...1_000_000).contains(bootstrap) else {
      throw ValidationError("--bootstrap is \(bootstrap), allowed are 0 and 10 to 1000000.")
    }
    guard cache == nil || !noCache else {
      throw ValidationError("--cache and --no-cache exclude each other.")
    }
  }

  /// Refuses what is about encoding features, for commands that see pictures alone.
  func refuseFeatureOptions() throws {
    let options = [
      ("--batch-size", batchSize != nil), ("--cache", cache != nil), ("--no-cache", noCache),
    ]
    guard let name = options.first(where: \.1)?.0 else { return }
    throw CommandError(
      "\(name) is about features, and this command keeps none; "
        + "leave it out (--train-batch sets how many samples are trained on at once)"
    )
  }

  /// The options as the evaluation takes them.
  func evaluationOptions() throws -> EvaluationOptions {
    let folder = cache.map { URL(filePath: $0, directoryHint: .isDirectory) }
    var options = EvaluationOptions(
      runsFolder: URL(filePath: output, directoryHint: .isDirectory).appending(path: "runs"),
      cache: noCache ? nil : FeatureCache(folder: folder ?? FeatureCache.usualFolder),
      bootstrap: bootstrap == 0 ? nil : try BootstrapOptions(replicates: bootstrap, seed: seed)
    )
    options.splits.seed = seed
    if let batchSize { options.batchSize = batchSize }
    return options
  }
}
