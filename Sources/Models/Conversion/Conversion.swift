import Checkpoints
import Foundation
package import Imaging
import Layers
import Tokenization

/// The conversion of a file of tensors into a checkpoint.
package struct Conversion {
  /// What the user says about the model; what is nil is recognised or usual.
  package struct Options: Sendable {
    /// The architecture; nil to recognise it.
    package var architecture: Architecture?
    /// The vocabulary's file; nil for none.
    package var vocabulary: String?
    /// The side in pixels that images are resized to; nil for the architecture's.
    package var imageSize: Int?
    /// How many tokens texts are cut to; nil for the architecture's.
    package var contextLength: Int?
    /// How images are prepared; nil for the family's usual way.
    package var preprocessing: Preprocessing?
    /// Which dictionary of a PyTorch file holds the weights; nil to find it.
    package var container: String?

    /// No wishes.
    package init() {}
  }

  /// What a conversion did.
  package struct Report: Sendable {
    /// The architecture of the checkpoint.
    package var architecture: Architecture
    /// Whether names and shapes told the architecture.
    package var isRecognized: Bool
    /// What was assumed, since no tensor says it.
    package var assumptions: [String]
    /// How many tensors were written.
    package var tensorCount: Int
    /// How many numbers they have.
    package var parameterCount: Int
    /// Tensors of the file that the model does not need.
    package var ignored: [String]
    /// What surrounded the tensors, and what was renamed.
    package var remarks: [String]
  }

  /// Converts a file; the checkpoint appears under its name when it is complete.
  ///
  /// - Parameters:
  ///   - input: a PyTorch file, safetensors or HDF5.
  ///   - output: the checkpoint to write.
  ///   - options: what the user says about the model.
  ///   - tool: the program and its version, for the provenance.
  /// - Returns: what was done.
  /// - Throws: `CheckpointError`, `ModelsError`, `TokenizationError`.
  package static func run(
    from input: String,
    to output: String,
    options: Options,
    tool: String
  ) throws -> Report {
    let original = try openArchive(at: input, container: options.container)
    let archive = RenamedArchive(original)
    let recognition =
      try options.architecture.map { Recognition(architecture: $0, assumptions: []) }
      ?? named(input) { try Architecture.recognize(archive.tensors) }
    var architecture = recognition.architecture
    architecture.apply(imageSize: options.imageSize, contextLength: options.contextLength)
    let model = try named(input) { try Model(architecture) }
    let comparison = model.compare(with: archive.tensors)
    guard comparison.isComplete else { throw ModelsError(.mismatch(comparison), path: input) }
    let vocabulary = try vocabulary(options.vocabulary, architecture)
    let header = CheckpointHeader(
      architecture: architecture.json,
      preprocessing: try architecture.preprocessingJSON(options.preprocessing),
      provenance: CheckpointProvenance(
        source: URL(filePath: input).lastPathComponent,
        sha256: try FileDigest.sha256(of: input),
        tool: tool
      ),
      vocabulary: vocabulary
    )
    let tensors = model.parameters.parameters.map {
      TensorDescription(name: $0.name, shape: $0.shape, elementType: .float32)
    }
    let statistics = Set(model.parameters.parameters.filter(\.isStatistic).map(\.name))
    try CheckpointFile.write(to: output, header: header, tensors: tensors) { tensor in
      let values = try archive.read(tensor.name, shape: tensor.shape)
      let isVariance = statistics.contains(tensor.name) && tensor.name.hasSuffix("running_var")
      // A rectifier may turn what is no number into 0, so that features wouldn't tell.
      if let index = values.firstIndex(where: { !$0.isFinite || isVariance && $0 < 0 }) {
        throw ModelsError(
          .impossibleWeight(tensor: tensor.name, index: index, found: values[index]),
          path: input
        )
      }
      return values
    }
    return Report(
      architecture: architecture,
      isRecognized: options.architecture == nil,
      assumptions: recognition.assumptions,
      tensorCount: tensors.count,
      parameterCount: model.parameters.count,
      ignored: comparison.unexpected,
      remarks: remarks(archive)
    )
  }

  private static func remarks(_ archive: RenamedArchive) -> [String] {
    let wrapping = archive.wrapping
    return [
      wrapping.container.isEmpty ? nil : "weights taken from \(wrapping.container)",
      wrapping.prefix.isEmpty ? nil : "the prefix \(wrapping.prefix) of names was taken off",
      wrapping.alternatives.isEmpty
        ? nil
        : "other weights in the file: \(wrapping.alternatives.joined(separator: ", "))",
      archive.renaming,
    ].compactMap(\.self)
  }

  /// Names the file in errors that don't know it.
  private static func named<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as ModelsError where error.path == nil {
      error.path = path
      throw error
    }
  }

  private static func vocabulary(_ path: String?, _ architecture: Architecture) throws -> [String] {
    guard let path else { return [] }
    guard let text = architecture.text else { throw ModelsError(.noTextEncoder) }
    let vocabulary = try Vocabulary(contentsOfFile: path)
    guard vocabulary.count == text.vocabularySize else {
      throw ModelsError(
        .vocabularySize(found: vocabulary.count, expected: text.vocabularySize),
        path: path
      )
    }
    return vocabulary.tokens
  }
}

extension Architecture {
  /// The preprocessing that models of this family were trained with.
  package var usualPreprocessing: Preprocessing {
    var usual = text == nil ? Preprocessing.imagenet(vision.imageSize) : .vilref
    usual.width = vision.imageSize
    usual.height = vision.imageSize
    return usual
  }

  /// The usual preprocessing as JSON.
  ///
  /// - Throws: what the encoder throws.
  package var usualPreprocessingJSON: String { get throws { try preprocessingJSON(nil) } }

  /// A preprocessing as JSON; nil for the usual one.
  func preprocessingJSON(_ preprocessing: Preprocessing?) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(preprocessing ?? usualPreprocessing)
    return String(decoding: data, as: UTF8.self)
  }

  /// Sets sizes that a user may choose.
  mutating func apply(imageSize: Int?, contextLength: Int?) {
    if let contextLength { text?.contextLength = contextLength }
    guard let imageSize else { return }
    switch vision {
    case .transformer(var vision):
      vision.imageSize = imageSize
      self.vision = .transformer(vision)
    case .modifiedResNet(var vision):
      vision.imageSize = imageSize
      self.vision = .modifiedResNet(vision)
    case .resNet(var vision):
      vision.imageSize = imageSize
      self.vision = .resNet(vision)
    }
  }
}
