import ArgumentParser
import Foundation
import Models
import Results

/// `vbench convert`: makes a checkpoint of a file of weights.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert PyTorch, safetensors or HDF5 weights into a checkpoint.",
    discussion: """
      The architecture is recognised by the names and shapes of the tensors; what these don't say \
      (such as how many heads there are) is assumed and told. Pickled code is never run: a PyTorch \
      file that asks for any is refused.

      Examples:
        vbench convert dinov2_vits14.pth dinov2.h5
        vbench convert wnet_drive.pth wnet.h5
        vbench convert vilref.pt vilref.h5 --vocabulary vocab.txt
        vbench convert student-teacher.pt teacher.h5 --container teacher
        vbench convert model.safetensors model.h5 --architecture vilref-rn50
      """
  )

  @Argument(help: "The weights: .pt, .pth, .safetensors or .h5.", completion: .file())
  var input: String

  @Argument(help: "The checkpoint to write.", completion: .file(extensions: ["h5"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      "A known architecture's name, or a JSON file as ‘vbench inspect --json’ shows it. "
        + "(default: recognised)",
      valueName: "name|file.json"
    ),
    completion: .list(Architecture.presets.map(\.name))
  )
  var architecture: String?

  @Option(
    help: ArgumentHelp(
      "The text encoder's vocabulary, a token per line; zero-shot needs one.",
      valueName: "vocab.txt"
    ),
    completion: .file(extensions: ["txt"])
  )
  var vocabulary: String?

  @Option(
    help: ArgumentHelp(
      "The side that images are resized to. (default: the architecture's)",
      valueName: "pixels"
    )
  )
  var imageSize: Int?

  @Option(
    help: ArgumentHelp(
      "How many tokens texts are cut to. (default: the architecture's)",
      valueName: "tokens"
    )
  )
  var context: Int?

  @Option(
    help: ArgumentHelp(
      "Which dictionary of a PyTorch file holds the weights, where it has several.",
      valueName: "name"
    )
  )
  var container: String?

  @Flag(help: "Overwrite the output.")
  var force = false

  @OptionGroup(title: "Output")
  var reporting: OutputOptions

  func validate() throws {
    if let imageSize, imageSize < 1 {
      throw ValidationError("--image-size is \(imageSize), expected at least 1.")
    }
    if let context, context < 3 {
      throw ValidationError("--context is \(context), expected at least 3: [CLS], a token, [SEP].")
    }
  }

  func run() throws {
    try runReporting {
      try requirePlace()
      let summary = try Interruption.shared.whileWriting(output) {
        try statingContainer(container) { try convert() }
      }
      if reporting.json { try printJSON(summary) } else { summary.printLines() }
    }
  }

  private func convert() throws -> ConversionSummary {
    let named = try architecture.map(readArchitecture)
    let tool = "vbench \(Environment.programVersion)"
    switch named {
    case .segmentation(let architecture): return try convertNetwork(architecture, tool: tool)
    case nil where try SegmentationConversion.recognizes(input, container: container):
      return try convertNetwork(nil, tool: tool)
    case .encoders, nil: break
    }
    var options = Conversion.Options()
    if case .encoders(let architecture)? = named { options.architecture = architecture }
    options.vocabulary = vocabulary
    options.imageSize = imageSize
    options.contextLength = context
    options.container = container
    let report = try Conversion.run(from: input, to: output, options: options, tool: tool)
    return ConversionSummary(
      report,
      input: input,
      output: output,
      hasVocabulary: vocabulary != nil
    )
  }

  private func convertNetwork(
    _ architecture: SegmentationArchitecture?,
    tool: String
  ) throws -> ConversionSummary {
    guard vocabulary == nil, context == nil else {
      throw CommandError(
        "\(input): holds a segmentation network, which has no text encoder; "
          + "leave out --vocabulary and --context"
      )
    }
    var options = SegmentationConversion.Options()
    options.architecture = architecture
    options.imageSize = imageSize
    options.container = container
    let report = try SegmentationConversion.run(
      from: input,
      to: output,
      options: options,
      tool: tool
    )
    return ConversionSummary(report, input: input, output: output)
  }

  /// Refuses places that can't or shouldn't be written to, before any work.
  private func requirePlace() throws {
    let place = URL(filePath: output)
    if let values = try? place.resourceValues(forKeys: [.isDirectoryKey, .isRegularFileKey]) {
      guard values.isDirectory != true else {
        throw CommandError("\(output): is a folder; name a file in it")
      }
      guard values.isRegularFile == true else {
        throw CommandError("\(output): is no regular file; name another output")
      }
      let paths = [place, URL(filePath: input)].map { file in
        file.absoluteURL.standardizedFileURL.resolvingSymlinksInPath().path(percentEncoded: false)
      }
      guard paths[0] != paths[1] else {
        throw CommandError("\(output): is the input; name another output")
      }
      guard force else {
        throw CommandError("\(output): exists already; add --force to overwrite it")
      }
    }
    let folder = place.deletingLastPathComponent()
    guard (try? folder.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true else {
      throw CommandError("\(output): there is no such folder; make it or name another output")
    }
  }

  private func readArchitecture(_ text: String) throws -> ModelArchitecture {
    guard text.lowercased().hasSuffix(".json") else {
      return .encoders(try Architecture.named(text))
    }
    guard FileManager.default.fileExists(atPath: text) else {
      throw CommandError("\(text): there is no such file", exitCode: .missingInput)
    }
    do {
      return try ModelArchitecture(json: String(contentsOfFile: text, encoding: .utf8))
    } catch var error as ModelsError {
      error.path = text
      throw error
    } catch {
      throw CommandError("\(text): is no text in UTF-8", exitCode: .badData)
    }
  }
}
