import Checkpoints
import Layers
import Tensors

/// Checkpoints of random weights, for trainings that begin at nothing and for demonstrations.
package enum RandomCheckpoint {
  /// Writes a checkpoint of random weights.
  ///
  /// - Parameters:
  ///   - path: the file; one that exists is replaced.
  ///   - architecture: what the model is made of.
  ///   - vocabulary: the text encoder's tokens; as many as the architecture says, or none.
  ///   - seed: the weights' seed; the same seed gives the same file.
  ///   - tool: the program and its version, for the provenance.
  /// - Throws: `CheckpointError` where the file can't be written; `ModelsError` where sizes don't fit
  ///   together.
  package static func write(
    to path: String,
    _ architecture: Architecture,
    vocabulary: [String] = [],
    seed: UInt64,
    tool: String
  ) throws {
    let model = try Model(architecture)
    try write(
      model.parameters,
      seed: seed,
      to: path,
      try header(architecture, vocabulary, seed, tool)
    )
  }

  /// Gives parameters random values and writes them.
  static func write(
    _ parameters: ParameterSet,
    seed: UInt64,
    to path: String,
    _ header: CheckpointHeader
  ) throws {
    parameters.initialize(seed: seed, on: Device(threadCount: 1))
    try CheckpointFile.write(
      to: path,
      header: header,
      tensors: parameters.parameters.map {
        TensorDescription(name: $0.name, shape: $0.shape, elementType: .float32)
      },
      values: { parameters[$0.name]?.value.elements ?? [] }
    )
  }

  /// What such a file says of where its weights come from.
  static func provenance(_ seed: UInt64, _ tool: String) -> CheckpointProvenance {
    CheckpointProvenance(source: "random weights, seed \(seed)", sha256: "", tool: tool)
  }

  /// Writes a checkpoint of random weights, unless the file is that one already.
  ///
  /// A file of the same header is taken for it where its tensors agree with their checksums.
  ///
  /// - Parameters:
  ///   - path: the file; another one that exists is replaced.
  ///   - architecture: what the model is made of.
  ///   - vocabulary: the text encoder's tokens; as many as the architecture says, or none.
  ///   - seed: the weights' seed.
  ///   - tool: the program and its version, for the provenance.
  /// - Throws: as `write`.
  package static func ensure(
    at path: String,
    _ architecture: Architecture,
    vocabulary: [String],
    seed: UInt64,
    tool: String
  ) throws {
    let header = try header(architecture, vocabulary, seed, tool)
    if let file = try? CheckpointFile(path), file.header == header, (try? file.verify()) != nil {
      return
    }
    try write(to: path, architecture, vocabulary: vocabulary, seed: seed, tool: tool)
  }

  private static func header(
    _ architecture: Architecture,
    _ vocabulary: [String],
    _ seed: UInt64,
    _ tool: String
  ) throws -> CheckpointHeader {
    CheckpointHeader(
      architecture: architecture.json,
      preprocessing: try architecture.usualPreprocessingJSON,
      provenance: provenance(seed, tool),
      vocabulary: vocabulary
    )
  }
}

extension Architecture {
  /// Makes an architecture that learns from another size of images, positions included.
  ///
  /// - Parameter imageSize: the side in pixels; whether it is possible, a model's initializer says.
  package mutating func learn(imageSize: Int) {
    apply(imageSize: imageSize, contextLength: nil)
    switch vision {
    case .transformer(var transformer):
      transformer.positionGrid = imageSize / transformer.patchSize
      vision = .transformer(transformer)
    case .modifiedResNet(var network):
      network.positionGrid = imageSize / 32
      vision = .modifiedResNet(network)
    case .resNet: break
    }
  }
}
