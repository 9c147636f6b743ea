import ArgumentParser
import Evaluation
import Foundation
import Models
import Tokenization

/// Ranks labels for photographs, or draws masks of them.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Rank labels or classes for photographs of your own, or draw masks of them.",
    discussion: """
      Each label is a sentence; probabilities are the softmax of the model's scaled cosines and \
      compare the given labels with each other. A checkpoint that `vbench finetune` has written brings \
      classes of its own and is asked without --labels. A segmentation network writes pictures into the folder --masks, which \
      are not taken for photographs: of each class the mask, its outline on the photograph, and the \
      probabilities with 16 bits; what is told beside them is the class's share of the field of view. \
      This is research software and no diagnosis.

      Examples:
        vbench predict --checkpoint graded.h5 left.jpg right.jpg
        vbench predict --checkpoint vilref.h5 left.jpg right.jpg --labels "正常眼底,青光眼,糖尿病视网膜病变"
        vbench predict --checkpoint vessels.h5 left.jpg --masks masks
      """
  )

  @Option(
    help: "The checkpoint (HDF5): with a text encoder, fine-tuned, or of a segmentation network."
  )
  var checkpoint: String

  @Argument(help: "Image files and folders.")
  var images: [String]

  @Option(
    help: "Labels with commas (, or ，); at least two. (default: the checkpoint's own classes)"
  )
  var labels: String?

  @Option(help: "The folder that a segmentation network's pictures are written to.")
  var masks: String?

  @Option(
    help: "From which probability on a pixel belongs to a mask. (default: the checkpoint's own)"
  )
  var threshold: Float?

  @Flag(help: "Replace pictures of masks that exist.")
  var force = false

  @OptionGroup var global: GlobalOptions

  /// One photograph's ranking.
  private struct Ranking: Encodable {
    struct Entry: Encodable {
      var label: String
      var probability: Double
      /// Of a label's sentence; absent for a classifier's classes.
      var cosine: Double?
    }
    var image: String
    var ranking: [Entry]
  }

  func run() throws {
    try runReporting {
      if try MaskPrediction.isWanted(checkpoint) { return try drawMasks() }
      try refuseMaskOptions()
      let names = try labels.map(Self.names)
      let device = global.makeDevice()
      let files = try ImageFiles.expand(images)
      let bundle = try ModelBundle(checkpoint: checkpoint, on: device)
      let (kind, scorer) = try names.map { try sentences($0, bundle) } ?? classes(bundle)
      let features = try bundle.features(
        ofFiles: files,
        kind,
        on: device,
        observer: ConsoleObserver(global)
      )
      for failure in features.failures { StandardError.shared.writeLine("vbench: \(failure)") }
      let rankings = features.files.indices.map { index in
        Ranking(
          image: features.files[index].path(percentEncoded: false),
          ranking: scorer(features.row(index)).sorted { $0.probability > $1.probability }
        )
      }
      try show(rankings)
      if rankings.isEmpty { throw ExitCode.badData }
      if !features.failures.isEmpty { throw ExitCode.someFailed }
    }
  }

  /// Predicts masks.
  private func drawMasks() throws {
    guard labels == nil else {
      throw CommandError(
        "\(checkpoint) holds a segmentation network, which ranks no labels; leave --labels out, and give "
          + "--masks FOLDER"
      )
    }
    guard let masks, !masks.isEmpty else {
      throw CommandError(
        "\(checkpoint) holds a segmentation network, whose masks need a folder; give --masks FOLDER"
      )
    }
    let folder = URL(filePath: masks, directoryHint: .isDirectory)
    try MaskPrediction(
      checkpoint: checkpoint,
      folder: folder,
      force: force,
      global: global
    ).run(photographs(outside: folder), threshold: threshold)
  }

  /// The photographs; pictures in the folder of masks are told and left out.
  private func photographs(outside folder: URL) throws -> [URL] {
    let all = try ImageFiles.expand(images)
    let files: [URL]
    do {
      files = try ImageFiles.expand(images, leavingOut: folder)
    } catch is EvaluationError {
      throw CommandError(
        "\(all.count) of \(all.count) images lie in \(folder.relativePath), which is for masks; "
          + "choose another folder for --masks"
      )
    }
    if files.count < all.count {
      global.remark(
        "\(all.count - files.count) pictures in \(folder.relativePath) are taken for masks and left out"
      )
    }
    return files
  }

  private func refuseMaskOptions() throws {
    let options = [
      ("--masks", masks != nil), ("--threshold", threshold != nil), ("--force", force),
    ]
    guard let name = options.first(where: \.1)?.0 else { return }
    throw CommandError(
      "\(name) is for segmentation networks, and \(checkpoint) holds none; leave it out"
    )
  }

  /// The labels of a list.
  private static func names(_ labels: String) throws -> [String] {
    let names = labels.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "，" }
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard !names.contains("") else {
      throw CommandError("--labels has an empty label, expected sentences with commas between")
    }
    guard names.count >= 2, Set(names).count == names.count else {
      throw CommandError(
        "--labels holds \(names.count) labels, \(Set(names).count) of them different; "
          + "expected at least 2, all different"
      )
    }
    return names
  }

  private typealias Scorer = (ArraySlice<Float>) -> [Ranking.Entry]

  /// Ranks sentences.
  private func sentences(
    _ names: [String],
    _ bundle: ModelBundle
  ) throws -> (ImageFeatureKind, Scorer) {
    let classifier = try ZeroShotClassifier(labels: names, bundle)
    for index in bundle.tokenizer?.encode(names).truncated ?? [] {
      global.remark("label \(index + 1) is longer than the model's context and was cut")
    }
    return (
      .projected,
      { row in
        zip(names, zip(classifier.probabilities(row), classifier.similarities(row)))
          .map { Ranking.Entry(label: $0, probability: $1.0, cosine: $1.1) }
      }
    )
  }

  /// Ranks the classes that the checkpoint was fine-tuned for.
  private func classes(_ bundle: ModelBundle) throws -> (ImageFeatureKind, Scorer) {
    guard let classifier = bundle.classifier else {
      throw CommandError(
        "\(checkpoint) has no classifier of its own; give --labels, or fine-tune it with "
          + "`vbench finetune`"
      )
    }
    return (
      classifier.description.features,
      { row in
        zip(classifier.description.classes, classifier.probabilities(row))
          .map { Ranking.Entry(label: $0, probability: $1, cosine: nil) }
      }
    )
  }

  private func show(_ rankings: [Ranking]) throws {
    if global.json {
      try printJSON(rankings)
      return
    }
    for ranking in rankings {
      print(ranking.image.printable)
      for entry in ranking.ranking {
        let share = String(format: "%6.2f %%", 100 * entry.probability)
        let cosine = entry.cosine.map { String(format: "  cosine %+.4f", $0) } ?? ""
        print("  \(share)\(cosine)  \(entry.label.printable)")
      }
    }
  }
}
