package import Checkpoints
import Foundation
package import Imaging
import Layers
package import Tensors
package import Tokenization

/// A model from a checkpoint, ready to encode images and texts.
package final class ModelBundle {
  /// The model.
  package let model: Model
  /// How images are prepared.
  package let preprocessing: Preprocessing
  /// The text encoder's vocabulary; nil where the checkpoint holds none.
  package let tokenizer: CLIPTextTokenizer?
  /// The classifier that was trained with the weights; nil where the checkpoint holds none.
  package let classifier: Classifier?
  /// What the checkpoint says about itself.
  package let header: CheckpointHeader
  /// The checkpoint's file.
  package let path: String
  /// The SHA-256 sum of the file.
  package let sha256: String
  private let executor: InferenceExecutor

  /// Opens a checkpoint and loads its weights.
  ///
  /// - Parameters:
  ///   - path: the checkpoint.
  ///   - device: where the model lies and runs.
  /// - Throws: `CheckpointError`, `ModelsError`, `TokenizationError`.
  package init(checkpoint path: String, on device: Device) throws {
    let file = try CheckpointFile(path)
    self.path = path
    header = file.header
    do {
      model = try Model(Architecture(json: file.header.architecture))
      preprocessing = try Self.preprocessing(file.header.preprocessing)
      try model.architecture.requireImages(
        width: preprocessing.width,
        height: preprocessing.height
      )
      try Self.require(file.header.vocabulary, of: model.architecture)
    } catch var error as ModelsError {
      error.path = path
      throw error
    }
    _ = try model.load(from: file, on: device)
    tokenizer =
      if let text = model.architecture.text, !file.header.vocabulary.isEmpty {
        try CLIPTextTokenizer(
          vocabulary: Vocabulary(tokens: file.header.vocabulary, source: path),
          contextLength: text.contextLength
        )
      } else { nil }
    classifier = try Classifier(file, width: { [model] in model.image.width(of: $0) })
    sha256 = try FileDigest.sha256(of: path)
    executor = InferenceExecutor(on: device, releasesParameters: true)
  }

  /// Reads how a checkpoint's images are prepared.
  static func preprocessing(_ json: String) throws -> Preprocessing {
    do {
      return try JSONDecoder().decode(Preprocessing.self, from: Data(json.utf8))
    } catch {
      throw ModelsError(.unreadableArchitecture(detail: "preprocessing: \(describe(error))"))
    }
  }

  /// Ids of a larger vocabulary would lie outside the text encoder's table.
  private static func require(_ vocabulary: [String], of architecture: Architecture) throws {
    guard let text = architecture.text, !vocabulary.isEmpty else { return }
    guard vocabulary.count == text.vocabularySize else {
      throw ModelsError(
        .vocabularySize(found: vocabulary.count, expected: text.vocabularySize)
      )
    }
  }

  /// How many numbers an image's feature of a kind has.
  ///
  /// - Parameter kind: one of the encoder's `availableFeatures`.
  /// - Returns: the number of columns.
  package func featureWidth(_ kind: ImageFeatureKind) -> Int { model.image.width(of: kind) }

  /// The features of images, not normalised.
  ///
  /// - Parameters:
  ///   - pixels: B · height · width · 3 floats, prepared.
  ///   - count: B.
  ///   - height: the prepared images' height; nil for the checkpoint's.
  ///   - width: the prepared images' width; nil for the checkpoint's.
  ///   - kind: one of the encoder's `availableFeatures`.
  /// - Returns: B rows of `featureWidth(kind)` floats.
  package func encode(
    images pixels: [Float],
    count: Int,
    height: Int? = nil,
    width: Int? = nil,
    kind: ImageFeatureKind
  ) -> [Float] {
    guard count > 0 else { return [] }
    let images = Tensor(
      pixels,
      shape: [count, height ?? preprocessing.height, width ?? preprocessing.width, 3],
      on: executor.device
    )
    let parts = model.features(of: images, kind, on: executor).map { ($0.columns, $0.elements) }
    if let only = parts.first, parts.count == 1 { return only.1 }
    return (0..<count).flatMap { row in
      parts.flatMap { width, values in values[row * width..<(row + 1) * width] }
    }
  }

  /// The features of texts, not normalised.
  ///
  /// - Parameter texts: N texts; longer ones are cut to the context.
  /// - Returns: N rows of as many floats as the projected feature has.
  /// - Throws: `ModelsError`: `noTextEncoder`, `noVocabulary`.
  package func encode(texts: [String]) throws -> [Float] {
    guard let text = model.text else { throw ModelsError(.noTextEncoder, path: path) }
    guard let tokenizer else { throw ModelsError(.noVocabulary, path: path) }
    var features: [Float] = []
    for start in stride(from: 0, to: texts.count, by: 32) {
      let batch = tokenizer.encode(Array(texts[start..<min(start + 32, texts.count)]))
      let encoded = text.features(ids: batch.ids, lengths: batch.lengths, on: executor)
      features += encoded.elements
    }
    return features
  }

  /// What cosines are multiplied with: the exponential of `logit_scale`; nil for image models.
  package var similarityScale: Float? {
    model.logitScale.map { Float(exp(Double($0.value.elements[0]))) }
  }
}
