package import Checkpoints

/// An architecture found by names and shapes, and what they did not say.
package struct Recognition: Equatable, Sendable {
  /// The architecture.
  package var architecture: Architecture
  /// What was assumed, since no tensor says it; each a sentence.
  package var assumptions: [String]
}

extension Architecture {
  /// Recognises a model by the names and shapes of its tensors.
  ///
  /// Heads are not in a state dict. All released models of these families have heads of 64 features
  /// (CLIP's ViT-H/14: of 80); below a width of 256, where none was released, the image encoder's
  /// heads are taken to have 32 and the text encoder's 16.
  ///
  /// - Parameter tensors: a file's tensors under PyTorch's names.
  /// - Returns: the architecture with what was assumed.
  /// - Throws: `ModelsError.unrecognized` where no known model has such tensors.
  package static func recognize(_ tensors: [TensorDescription]) throws -> Recognition {
    let names = TensorNames(tensors)
    var assumptions: [String] = []
    let vision: VisionArchitecture
    if names.has("visual.class_embedding") {
      vision = .transformer(try clipTransformer(names, &assumptions))
    } else if names.has("visual.attnpool.positional_embedding") {
      vision = .modifiedResNet(try modifiedResNet(names))
    } else if names.has("embeddings.cls_token"), names.has("encoder.layer.0.layer_scale1.lambda1") {
      vision = .transformer(try dinov2(names, &assumptions))
    } else if names.has("conv1.weight"), names.has("layer4.0.conv3.weight") {
      vision = .resNet(try resNet(names, &assumptions))
    } else {
      let some = tensors.prefix(3).map(\.name).joined(separator: ", ")
      throw ModelsError(
        .unrecognized(detail: "\(tensors.count) tensors, among them \(some)")
      )
    }
    var architecture = Architecture(name: "", vision: vision)
    if names.has("bert.embeddings.word_embeddings.weight") {
      architecture.text = try text(names, &assumptions)
    }
    architecture.name = usualName(architecture)
    try architecture.validate()
    return Recognition(architecture: architecture, assumptions: assumptions)
  }

  /// The preset's name where sizes are a preset's, else a name made of the sizes.
  private static func usualName(_ architecture: Architecture) -> String {
    let preset = presets.first { preset in
      preset.vision == architecture.vision && preset.text?.layers == architecture.text?.layers
        && preset.text?.width == architecture.text?.width
        && preset.text?.head == architecture.text?.head
    }
    if let preset { return preset.name }
    let isRETCLIP = architecture.text.map { $0.head != .matrix } ?? false
    let family = isRETCLIP ? "ret-clip" : architecture.text == nil ? "" : "clip"
    let vision =
      switch architecture.vision {
      case .transformer(let vision):
        "\(vision.layout == .dinov2 ? "dinov2-" : "")vit-\(vision.width)x\(vision.layers)"
          + "-p\(vision.patchSize)"
      case .modifiedResNet(let vision): "rn-\(vision.width)-\(list(vision.layers))"
      case .resNet(let vision): "resnet-\(vision.width)-\(list(vision.layers))"
      }
    return family.isEmpty ? vision : "\(family)-\(vision)"
  }

  private static func list(_ numbers: [Int]) -> String {
    numbers.map(String.init).joined(separator: ".")
  }

  private static func clipTransformer(
    _ names: TensorNames,
    _ assumptions: inout [String]
  ) throws -> VisionTransformerArchitecture {
    let width = try names.size(0, of: "visual.class_embedding", rank: 1)
    let patch = try names.size(3, of: "visual.conv1.weight", rank: 4)
    let grid = try names.grid(of: "visual.positional_embedding")
    let headWidth = width == 1280 ? 80 : width < 256 ? 32 : 64
    let heads = max(width / headWidth, 1)
    assumptions.append("image encoder: \(heads) heads of \(width / heads) features")
    return VisionTransformerArchitecture(
      layout: .clip,
      imageSize: grid * patch,
      patchSize: patch,
      positionGrid: grid,
      width: width,
      layers: names.count("visual.transformer.resblocks.", ".ln_1.weight"),
      heads: heads,
      hiddenWidth: try names.size(
        0,
        of: "visual.transformer.resblocks.0.mlp.c_fc.weight",
        rank: 2
      ),
      projectionWidth: try names.size(1, of: "visual.proj", rank: 2)
    )
  }

  private static func modifiedResNet(_ names: TensorNames) throws -> ModifiedResNetArchitecture {
    let width = try names.size(0, of: "visual.conv3.weight", rank: 4)
    let grid = try names.grid(of: "visual.attnpool.positional_embedding")
    return ModifiedResNetArchitecture(
      imageSize: grid * 32,
      positionGrid: grid,
      width: width,
      layers: (1...4).map { names.count("visual.layer\($0).", ".conv1.weight") },
      heads: max(width / 2, 1),
      projectionWidth: try names.size(0, of: "visual.attnpool.c_proj.weight", rank: 2)
    )
  }

  private static func dinov2(
    _ names: TensorNames,
    _ assumptions: inout [String]
  ) throws -> VisionTransformerArchitecture {
    let width = try names.size(2, of: "embeddings.cls_token", rank: 3)
    let patch = try names.size(
      3,
      of: "embeddings.patch_embeddings.projection.weight",
      rank: 4
    )
    let headWidth = width < 256 ? 32 : 64
    let imageSize = 224 / patch * patch
    let heads = max(width / headWidth, 1)
    assumptions.append("image encoder: \(heads) heads of \(width / heads) features")
    assumptions.append("images of \(imageSize) pixels; positions are interpolated")
    return VisionTransformerArchitecture(
      layout: .dinov2,
      imageSize: imageSize,
      patchSize: patch,
      positionGrid: try names.grid(of: "embeddings.position_embeddings", rank: 3),
      width: width,
      layers: names.count("encoder.layer.", ".norm1.weight"),
      heads: heads,
      hiddenWidth: try names.size(0, of: "encoder.layer.0.mlp.fc1.weight", rank: 2)
    )
  }

  private static func resNet(
    _ names: TensorNames,
    _ assumptions: inout [String]
  ) throws -> ResNetArchitecture {
    assumptions.append("images of 224 pixels")
    return ResNetArchitecture(
      imageSize: 224,
      width: try names.size(0, of: "conv1.weight", rank: 4),
      layers: (1...4).map { names.count("layer\($0).", ".conv1.weight") }
    )
  }

  private static func text(
    _ names: TensorNames,
    _ assumptions: inout [String]
  ) throws -> TextArchitecture {
    let words = "bert.embeddings.word_embeddings.weight"
    let width = try names.size(1, of: words, rank: 2)
    let headWidth = width < 256 ? 16 : 64
    let heads = max(width / headWidth, 1)
    assumptions.append("text encoder: \(heads) heads of \(width / heads) features")
    let positions = try names.size(
      0,
      of: "bert.embeddings.position_embeddings.weight",
      rank: 2
    )
    assumptions.append("texts of at most \(min(100, positions)) tokens")
    var head = TextHead.matrix
    var projection = "text_projection"
    if let index = (1...8).last(where: { names.has("text_projection_left.\($0).weight") }) {
      head = .leftEyePerceptron(outputIndex: index)
      projection = "text_projection_left.\(index).weight"
      assumptions.append("texts and images meet by RET-CLIP's head of a left eye")
    }
    return TextArchitecture(
      vocabularySize: try names.size(0, of: words, rank: 2),
      width: width,
      layers: names.count("bert.encoder.layer.", ".output.dense.weight"),
      heads: heads,
      hiddenWidth: try names.size(
        0,
        of: "bert.encoder.layer.0.intermediate.dense.weight",
        rank: 2
      ),
      positions: positions,
      segmentKinds: try names.size(
        0,
        of: "bert.embeddings.token_type_embeddings.weight",
        rank: 2
      ),
      projectionWidth: try names.size(head == .matrix ? 1 : 0, of: projection, rank: 2),
      contextLength: min(100, positions),
      head: head
    )
  }
}
