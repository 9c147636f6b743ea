import ArgumentParser
import Evaluation
import Foundation
import Imaging
import Models
import Tokenization

/// Writes the features of images or texts.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Write the features of images or texts to an HDF5 file.",
    discussion: """
      The file holds /features (N × D, as the model gives them), /normalized (rows of length 1) and \
      /ids. Images that can't be read are named and left out; the command then ends with 1.

      Examples:
        vbench embed --checkpoint dinov2.h5 --images photographs/ --output features.h5
        vbench embed --checkpoint vilref.h5 --texts reports.txt --output texts.h5
      """
  )

  @Option(help: "The checkpoint (HDF5), made by `vbench convert`.")
  var checkpoint: String

  @Option(parsing: .upToNextOption, help: "Image files and folders.")
  var images: [String] = []

  @Option(help: "A UTF-8 file with a text per line.")
  var texts: String?

  @Option(help: "The HDF5 file to write.")
  var output: String

  @Option(
    name: .customLong("features"),
    help: "Of images: pooled, projected or pooled_and_mean_patch. (default: projected if there is)"
  )
  var featureName: String?

  @Option(help: "How many images are encoded together.")
  var batchSize: Int = 32

  @Flag(help: "Replace the output where it exists.")
  var force = false

  @OptionGroup var global: GlobalOptions

  /// What was written.
  private struct Written: Encodable {
    var output: String
    var modality: String
    var kind: String
    var count: Int
    var width: Int
  }

  func validate() throws {
    guard images.isEmpty == (texts != nil) else {
      throw ValidationError("Give either --images or --texts.")
    }
    guard (1...4096).contains(batchSize) else {
      throw ValidationError("--batch-size is \(batchSize), allowed are 1 to 4096.")
    }
  }

  func run() throws {
    try runReporting {
      try OutputFile.check(
        output,
        inputs: [checkpoint] + images + [texts].compactMap(\.self),
        force
      )
      let device = global.makeDevice()
      let files = images.isEmpty ? [] : try ImageFiles.expand(images)
      let lines = try texts.map(readLines)
      let bundle = try ModelBundle(checkpoint: checkpoint, on: device)
      if let lines {
        let values = try bundle.finiteFeatures(ofTexts: lines)
        let context = bundle.model.architecture.text?.contextLength ?? 0
        if let cut = bundle.tokenizer?.encode(lines).truncated, let first = cut.first {
          global.remark(
            "\(cut.count) of \(lines.count) texts are longer than \(context) tokens and were cut, "
              + "the first in line \(first + 1)"
          )
        }
        try write(bundle, lines, values, "texts", "projected", "context \(context)")
        return
      }
      let kind = try kind(bundle)
      let features = try bundle.features(
        ofFiles: files,
        kind,
        on: device,
        batchSize: batchSize,
        observer: ConsoleObserver(global)
      )
      for failure in features.failures { StandardError.shared.writeLine("vbench: \(failure)") }
      guard !features.files.isEmpty else { throw ExitCode.badData }
      try write(
        bundle,
        features.files.map { $0.path(percentEncoded: false) },
        features.values,
        "images",
        kind.rawValue,
        bundle.preprocessing.identifier
      )
      if !features.failures.isEmpty { throw ExitCode.someFailed }
    }
  }

  private func kind(_ bundle: ModelBundle) throws -> ImageFeatureKind {
    let available = bundle.model.image.availableFeatures
    guard let featureName else {
      return available.contains(.projected) ? .projected : bundle.model.image.usualProbeFeatures
    }
    guard let kind = ImageFeatureKind(rawValue: featureName) else {
      throw EvaluationError(
        .invalidOption(
          name: "--features",
          found: featureName,
          expected: available.map(\.rawValue).joined(separator: ", ")
        )
      )
    }
    return kind
  }

  private func readLines(_ path: String) throws -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandError(
        "\(path): it is no file that can be read; check the path",
        exitCode: .missingInput
      )
    }
    // Some editors write a byte order mark first.
    let bytes = data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandError(
        "\(path): it is not UTF-8; save it in that encoding",
        exitCode: .badData
      )
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasSuffix("\r") ? String(line.dropLast()) : String(line)
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty else {
      throw CommandError("\(path): it holds no line of text", exitCode: .badData)
    }
    return lines
  }

  private func write(
    _ bundle: ModelBundle,
    _ ids: [String],
    _ values: [Float],
    _ modality: String,
    _ kind: String,
    _ preprocessing: String
  ) throws {
    let width = values.count / max(ids.count, 1)
    try Interruption.shared.whileWriting(output) {
      try FeatureFile.write(
        to: output,
        ids: ids,
        features: values,
        width: width,
        origin: .init(
          modality: modality,
          kind: kind,
          checkpoint: URL(filePath: checkpoint).lastPathComponent,
          sha256: bundle.sha256,
          architecture: bundle.model.architecture.name,
          preprocessing: preprocessing
        )
      )
    }
    let count = ids.count
    if global.json {
      try printJSON(
        Written(output: output, modality: modality, kind: kind, count: count, width: width)
      )
    } else {
      print("\(output): \(count) × \(width) \(kind) features of \(modality)")
    }
  }
}
