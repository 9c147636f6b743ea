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
    try write(model.parameters, of: archive, from: input, to: output, header)
    return Report(
      architecture: architecture,
      isRecognized: options.architecture == nil,
      assumptions: recognition.assumptions,
      tensorCount: model.parameters.parameters.count,
      parameterCount: model.parameters.count,
      ignored: comparison.unexpected,
      remarks: remarks(archive)
    )
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
    try (preprocessing ?? usualPreprocessing).json
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
