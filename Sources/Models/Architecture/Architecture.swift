import Foundation

/// What a model is made of: all that is needed to build it and that its tensors don't say.
///
/// Stored as JSON in the checkpoint.
package struct Architecture: Codable, Equatable, Sendable {
  /// A name for people and tables, such as `vilref-vit-b16`.
  package var name: String
  /// The image encoder.
  package var vision: VisionArchitecture
  /// The text encoder and what joins it to the image encoder; absent for image models.
  package var text: TextArchitecture?

  /// Puts an architecture together.
  ///
  /// - Parameters:
  ///   - name: a name for people and tables.
  ///   - vision: the image encoder.
  ///   - text: the text encoder; nil for image models.
  package init(name: String, vision: VisionArchitecture, text: TextArchitecture? = nil) {
    self.name = name
    self.vision = vision
    self.text = text
  }

  /// The architecture as JSON with sorted keys: equal architectures give equal bytes.
  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(self) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }

  /// Reads an architecture.
  ///
  /// - Parameter json: what a checkpoint holds.
  /// - Throws: `ModelsError`: `segmentationNetwork` for a segmentation network's architecture; others
  ///   where the JSON describes no architecture that can be built.
  package init(json: String) throws {
    guard !SegmentationArchitecture.isDescribed(by: json) else {
      throw ModelsError(.segmentationNetwork)
    }
    do {
      self = try JSONDecoder().decode(Architecture.self, from: Data(json.utf8))
    } catch {
      throw ModelsError(.unreadableArchitecture(detail: describe(error)))
    }
    try validate()
  }
}

/// An image encoder.
package enum VisionArchitecture: Codable, Equatable, Sendable {
  /// A vision transformer.
  case transformer(VisionTransformerArchitecture)
  /// CLIP's modified ResNet with attention pooling.
  case modifiedResNet(ModifiedResNetArchitecture)
  /// torchvision's ResNet with bottleneck blocks.
  case resNet(ResNetArchitecture)

  /// The side in pixels that images are resized to unless something else is said.
  package var imageSize: Int {
    switch self {
    case .transformer(let vision): vision.imageSize
    case .modifiedResNet(let vision): vision.imageSize
    case .resNet(let vision): vision.imageSize
    }
  }
}

/// A vision transformer of CLIP's or DINOv2's layout.
package struct VisionTransformerArchitecture: Codable, Equatable, Sendable {
  /// Whose blocks, names and norms.
  package enum Layout: String, Codable, Sendable {
    /// CLIP's: QuickGELU, `ln_pre`, a projection, patches without offsets.
    case clip
    /// DINOv2's under Hugging Face's names: GELU, layer scale, patches with offsets.
    case dinov2
  }

  /// Whose blocks, names and norms.
  package var layout: Layout
  /// The side in pixels that images are resized to.
  package var imageSize: Int
  /// A patch's side in pixels.
  package var patchSize: Int
  /// The side of the grid of patches that positions were learnt for.
  package var positionGrid: Int
  /// How many features a token has.
  package var width: Int
  /// How many blocks.
  package var layers: Int
  /// How many attention heads.
  package var heads: Int
  /// How many features the hidden layer of a block's perceptron has.
  package var hiddenWidth: Int
  /// How many features the projected class token has; absent without a projection.
  package var projectionWidth: Int?

  /// Puts sizes together.
  ///
  /// - Parameters:
  ///   - layout: whose blocks, names and norms.
  ///   - imageSize: the side in pixels that images are resized to.
  ///   - patchSize: a patch's side in pixels.
  ///   - positionGrid: the side of the grid of patches that positions were learnt for.
  ///   - width: how many features a token has.
  ///   - layers: how many blocks.
  ///   - heads: how many attention heads.
  ///   - hiddenWidth: how many features the hidden layer of a block's perceptron has.
  ///   - projectionWidth: how many features the projected class token has; absent without a projection.
  package init(
    layout: Layout,
    imageSize: Int,
    patchSize: Int,
    positionGrid: Int,
    width: Int,
    layers: Int,
    heads: Int,
    hiddenWidth: Int,
    projectionWidth: Int? = nil
  ) {
    self.layout = layout
    self.imageSize = imageSize
    self.patchSize = patchSize
    self.positionGrid = positionGrid
    self.width = width
    self.layers = layers
    self.heads = heads
    self.hiddenWidth = hiddenWidth
    self.projectionWidth = projectionWidth
  }
}

/// CLIP's modified ResNet.
package struct ModifiedResNetArchitecture: Codable, Equatable, Sendable {
  /// The side in pixels that images are resized to.
  package var imageSize: Int
  /// The side of the last feature map that positions were learnt for.
  package var positionGrid: Int
  /// How many channels the stem's output has.
  package var width: Int
  /// How many blocks each of the four stages has.
  package var layers: [Int]
  /// How many heads the attention pooling has.
  package var heads: Int
  /// How many features the pooled image has.
  package var projectionWidth: Int

  /// Puts sizes together.
  ///
  /// - Parameters:
  ///   - imageSize: the side in pixels that images are resized to.
  ///   - positionGrid: the side of the last feature map that positions were learnt for.
  ///   - width: how many channels the stem's output has.
  ///   - layers: how many blocks each of the four stages has.
  ///   - heads: how many heads the attention pooling has.
  ///   - projectionWidth: how many features the pooled image has.
  package init(
    imageSize: Int,
    positionGrid: Int,
    width: Int,
    layers: [Int],
    heads: Int,
    projectionWidth: Int
  ) {
    self.imageSize = imageSize
    self.positionGrid = positionGrid
    self.width = width
    self.layers = layers
    self.heads = heads
    self.projectionWidth = projectionWidth
  }
}

/// torchvision's ResNet with bottleneck blocks.
package struct ResNetArchitecture: Codable, Equatable, Sendable {
  /// The side in pixels that images are resized to.
  package var imageSize: Int
  /// How many channels the stem's output has.
  package var width: Int
  /// How many blocks each of the four stages has.
  package var layers: [Int]

  /// Puts sizes together.
  ///
  /// - Parameters:
  ///   - imageSize: the side in pixels that images are resized to.
  ///   - width: how many channels the stem's output has.
  ///   - layers: how many blocks each of the four stages has.
  package init(
    imageSize: Int,
    width: Int,
    layers: [Int]
  ) {
    self.imageSize = imageSize
    self.width = width
    self.layers = layers
  }
}

/// A BERT text encoder.
package struct TextArchitecture: Codable, Equatable, Sendable {
  /// How many tokens the vocabulary has.
  package var vocabularySize: Int
  /// How many features a token has.
  package var width: Int
  /// How many blocks.
  package var layers: Int
  /// How many attention heads.
  package var heads: Int
  /// How many features the hidden layer of a block's perceptron has.
  package var hiddenWidth: Int
  /// How many positions were learnt.
  package var positions: Int
  /// How many kinds of segments were learnt.
  package var segmentKinds: Int
  /// How many features the projected text has.
  package var projectionWidth: Int
  /// How many tokens a text is cut or padded to.
  package var contextLength: Int
  /// What turns the first token's last state into the text's feature.
  package var head: TextHead

  /// Puts sizes together.
  ///
  /// - Parameters:
  ///   - vocabularySize: how many tokens the vocabulary has.
  ///   - width: how many features a token has.
  ///   - layers: how many blocks.
  ///   - heads: how many attention heads.
  ///   - hiddenWidth: how many features the hidden layer of a block's perceptron has.
  ///   - positions: how many positions were learnt.
  ///   - segmentKinds: how many kinds of segments were learnt.
  ///   - projectionWidth: how many features the projected text has.
  ///   - contextLength: how many tokens a text is cut or padded to.
  ///   - head: what turns the first token's last state into the text's feature.
  package init(
    vocabularySize: Int,
    width: Int,
    layers: Int,
    heads: Int,
    hiddenWidth: Int,
    positions: Int,
    segmentKinds: Int,
    projectionWidth: Int,
    contextLength: Int,
    head: TextHead = .matrix
  ) {
    self.vocabularySize = vocabularySize
    self.width = width
    self.layers = layers
    self.heads = heads
    self.hiddenWidth = hiddenWidth
    self.positions = positions
    self.segmentKinds = segmentKinds
    self.projectionWidth = projectionWidth
    self.contextLength = contextLength
    self.head = head
  }
}

/// What turns the first token's last state into the text's feature.
package enum TextHead: Codable, Equatable, Sendable {
  /// The matrix `text_projection`, as Chinese-CLIP's and ViLReF's.
  case matrix
  /// A perceptron with a ReLU, and a mapping of the image's feature: RET-CLIP's head of a left eye.
  ///
  /// `outputIndex` is the last linear map's index in `text_projection_left`.
  case leftEyePerceptron(outputIndex: Int)
}

/// What a decoding error says, in one line.
func describe(_ error: any Error) -> String {
  switch error {
  case DecodingError.keyNotFound(let key, _): "the key \(key.stringValue) is missing"
  case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
    DecodingError.dataCorrupted(let context):
    (context.codingPath.map(\.stringValue).joined(separator: ".") + ": " + context.debugDescription)
      .trimmingPrefix(": ").description
  default: "\(error)"
  }
}
