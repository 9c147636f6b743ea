extension Architecture {
  /// The architectures that have a name of their own.
  package static let presets: [Architecture] = [
    clip("vilref-vit-b16", .vit(patch: 16, width: 768, layers: 12), embedding: 512, context: 100),
    clip("vilref-rn50", .rn50, embedding: 1024, context: 100, text: .rbt3OrBase(layers: 12)),
    clip("chinese-clip-vit-b16", .vit(patch: 16, width: 768, layers: 12), embedding: 512),
    clip("chinese-clip-vit-b32", .vit(patch: 32, width: 768, layers: 12), embedding: 512),
    clip("chinese-clip-vit-l14", .vit(patch: 14, width: 1024, layers: 24), embedding: 768),
    clip(
      "chinese-clip-vit-l14-336",
      .vit(patch: 14, width: 1024, layers: 24, imageSize: 336),
      embedding: 768
    ),
    clip(
      "chinese-clip-vit-h14",
      .vit(patch: 14, width: 1280, layers: 32, headWidth: 80),
      embedding: 1024,
      text: .large
    ),
    clip("chinese-clip-rn50", .rn50, embedding: 1024, text: .rbt3OrBase(layers: 3)),
    dinov2("dinov2-vits14", width: 384, layers: 12),
    dinov2("dinov2-vitb14", width: 768, layers: 12),
    dinov2("dinov2-vitl14", width: 1024, layers: 24),
    Architecture(
      name: "resnet50",
      vision: .resNet(.init(imageSize: 224, width: 64, layers: [3, 4, 6, 3]))
    ),
    Architecture(
      name: "resnet-small",
      vision: .resNet(.init(imageSize: 128, width: 32, layers: [1, 1, 1, 1]))
    ),
    small,
  ]

  /// A pair of encoders that learns in minutes without a graphics card: a modified ResNet of width 32 and a
  /// BERT of two blocks.
  private static let small = Architecture(
    name: "vilref-small",
    vision: .modifiedResNet(
      ModifiedResNetArchitecture(
        imageSize: 128,
        positionGrid: 4,
        width: 32,
        layers: [1, 1, 1, 1],
        heads: 16,
        projectionWidth: 128
      )
    ),
    text: TextArchitecture(
      vocabularySize: 21128,
      width: 128,
      layers: 2,
      heads: 8,
      hiddenWidth: 512,
      positions: 128,
      segmentKinds: 2,
      projectionWidth: 128,
      contextLength: 100
    )
  )

  /// The architecture of a name.
  ///
  /// - Parameter name: one of the presets' names.
  /// - Returns: the architecture.
  /// - Throws: `ModelsError.unknownArchitecture` with the names that are known.
  package static func named(_ name: String) throws -> Architecture {
    guard let found = presets.first(where: { $0.name == name }) else {
      throw ModelsError(.unknownArchitecture(name: name, known: presets.map(\.name)))
    }
    return found
  }

  private enum Vision {
    case vit(patch: Int, width: Int, layers: Int, imageSize: Int = 224, headWidth: Int = 64)
    case rn50
  }

  private enum Text {
    case rbt3OrBase(layers: Int)
    case large
  }

  private static func clip(
    _ name: String,
    _ vision: Vision,
    embedding: Int,
    context: Int = 52,
    text: Text = .rbt3OrBase(layers: 12)
  ) -> Architecture {
    let width: Int
    let layers: Int
    switch text {
    case .rbt3OrBase(let count): (width, layers) = (768, count)
    case .large: (width, layers) = (1024, 24)
    }
    return Architecture(
      name: name,
      vision: Self.vision(vision, embedding),
      text: TextArchitecture(
        vocabularySize: 21128,
        width: width,
        layers: layers,
        heads: width / 64,
        hiddenWidth: 4 * width,
        positions: 512,
        segmentKinds: 2,
        projectionWidth: embedding,
        contextLength: context
      )
    )
  }

  private static func vision(_ vision: Vision, _ embedding: Int) -> VisionArchitecture {
    switch vision {
    case .vit(let patch, let width, let layers, let imageSize, let headWidth):
      .transformer(
        VisionTransformerArchitecture(
          layout: .clip,
          imageSize: imageSize,
          patchSize: patch,
          positionGrid: imageSize / patch,
          width: width,
          layers: layers,
          heads: width / headWidth,
          hiddenWidth: 4 * width,
          projectionWidth: embedding
        )
      )
    case .rn50:
      .modifiedResNet(
        ModifiedResNetArchitecture(
          imageSize: 224,
          positionGrid: 7,
          width: 64,
          layers: [3, 4, 6, 3],
          heads: 32,
          projectionWidth: embedding
        )
      )
    }
  }

  private static func dinov2(_ name: String, width: Int, layers: Int) -> Architecture {
    Architecture(
      name: name,
      vision: .transformer(
        VisionTransformerArchitecture(
          layout: .dinov2,
          imageSize: 224,
          patchSize: 14,
          positionGrid: 37,
          width: width,
          layers: layers,
          heads: width / 64,
          hiddenWidth: 4 * width
        )
      )
    )
  }
}
