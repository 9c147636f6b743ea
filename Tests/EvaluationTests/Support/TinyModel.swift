import Checkpoints
import Foundation
import Layers
import Models
import Tensors

/// A CLIP pair of random weights for 32 × 32 pixels that encodes forty pictures in milliseconds.
enum TinyModel {
  /// The parameter that `write` may spoil, and the like.
  static let imageProjection = "visual.proj"
  static let textProjection = "text_projection"

  private static func architecture(
    vocabularySize: Int,
    hasText: Bool,
    layers: Int
  ) -> Architecture {
    Architecture(
      name: "tiny",
      vision: .transformer(
        VisionTransformerArchitecture(
          layout: hasText ? .clip : .dinov2,
          imageSize: 32,
          patchSize: 8,
          positionGrid: 4,
          width: 64,
          layers: layers,
          heads: 2,
          hiddenWidth: 64,
          projectionWidth: hasText ? 16 : nil
        )
      ),
      text: !hasText
        ? nil
        : TextArchitecture(
          vocabularySize: vocabularySize,
          width: 32,
          layers: 1,
          heads: 2,
          hiddenWidth: 32,
          positions: 64,
          segmentKinds: 2,
          projectionWidth: 16,
          contextLength: 32
        )
    )
  }

  /// Writes a checkpoint whose vocabulary holds each character of `sentences`.
  ///
  /// - Parameters:
  ///   - file: where to.
  ///   - sentences: the texts that it must be able to read.
  ///   - seed: the weights' seed.
  ///   - hasText: whether there are a text encoder and a projection for it.
  ///   - layers: how many blocks the image encoder has.
  ///   - change: changes a parameter's values, by its name.
  /// - Throws: what writing throws.
  static func write(
    to file: URL,
    sentences: [String] = [],
    seed: UInt64 = 1,
    hasText: Bool = true,
    layers: Int = 1,
    change: (String, inout [Float]) -> Void = { _, _ in }
  ) throws {
    let letters = Set(sentences.joined().lowercased().map(String.init)).sorted()
    let vocabulary = hasText ? ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + letters : []
    let model = try Model(
      architecture(vocabularySize: vocabulary.count, hasText: hasText, layers: layers)
    )
    model.parameters.initialize(seed: seed, on: Device(threadCount: 1))
    let header = CheckpointHeader(
      architecture: model.architecture.json,
      preprocessing: try model.architecture.usualPreprocessingJSON,
      provenance: CheckpointProvenance(source: "random, seed \(seed)", sha256: "", tool: "tests"),
      vocabulary: vocabulary
    )
    try CheckpointFile.write(
      to: file.path(percentEncoded: false),
      header: header,
      tensors: model.parameters.parameters.map {
        TensorDescription(name: $0.name, shape: $0.shape, elementType: .float32)
      },
      values: { tensor in
        var values = model.parameters[tensor.name]?.value.elements ?? []
        change(tensor.name, &values)
        return values
      }
    )
  }
}
