import ArgumentParser
import Evaluation
import Foundation
import Models
import Tokenization

/// Ranks labels for photographs.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Rank labels for photographs of your own, without training.",
    discussion: """
      Each label is a sentence; probabilities are the softmax of the model's scaled cosines and
      compare the given labels with each other. This is research software and no diagnosis.

      Example:
        vbench predict --checkpoint vilref.h5 left.jpg right.jpg --labels "正常眼底,青光眼,糖尿病视网膜病变"
      """
  )

  @Option(help: "The checkpoint (HDF5) of a model with a text encoder.")
  var checkpoint: String

  @Argument(help: "Image files and folders.")
  var images: [String]

  @Option(help: "Labels with commas (, or ，); at least two.")
  var labels: String

  @OptionGroup var global: GlobalOptions

  /// One photograph's ranking.
  private struct Ranking: Encodable {
    struct Entry: Encodable {
      var label: String
      var probability: Double
      var cosine: Double
    }
    var image: String
    var ranking: [Entry]
  }

  func run() throws {
    try runReporting {
      let names = labels.split { $0 == "," || $0 == "，" }
        .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      guard Set(names).count >= 2, Set(names).count == names.count else {
        throw CommandError(
          "--labels holds \(names.count) labels, expected at least 2, all different"
        )
      }
      let device = global.makeDevice()
      let files = try ImageFiles.expand(images)
      let bundle = try ModelBundle(checkpoint: checkpoint, on: device)
      let classifier = try ZeroShotClassifier(labels: names, bundle)
      for index in bundle.tokenizer?.encode(names).truncated ?? [] {
        global.remark("label \(index + 1) is longer than the model's context and was cut")
      }
      let features = try bundle.features(
        ofFiles: files,
        .projected,
        on: device,
        observer: ConsoleObserver(global)
      )
      for failure in features.failures { StandardError.shared.writeLine("vbench: \(failure)") }
      let rankings = features.files.indices.map { index in
        let row = features.row(index)
        let entries = zip(names, zip(classifier.probabilities(row), classifier.similarities(row)))
          .map { Ranking.Entry(label: $0, probability: $1.0, cosine: $1.1) }
        return Ranking(
          image: features.files[index].path(percentEncoded: false),
          ranking: entries.sorted { $0.probability > $1.probability }
        )
      }
      try show(rankings)
      if rankings.isEmpty { throw ExitCode.badData }
      if !features.failures.isEmpty { throw ExitCode.someFailed }
    }
  }

  private func show(_ rankings: [Ranking]) throws {
    if global.json {
      try printJSON(rankings)
      return
    }
    for ranking in rankings {
      print(ranking.image.printable)
      for entry in ranking.ranking {
        let share = String(format: "%6.2f %%  cosine %+.4f", 100 * entry.probability, entry.cosine)
        print("  \(share)  \(entry.label.printable)")
      }
    }
  }
}
