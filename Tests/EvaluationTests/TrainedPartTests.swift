import Evaluation
import Layers
import Models
import Testing

/// Which of an encoder's weights a name stands for.
@Suite struct TrainedPartTests {
  private static let text = TextArchitecture(
    vocabularySize: 8,
    width: 32,
    layers: 2,
    heads: 2,
    hiddenWidth: 40,
    positions: 20,
    segmentKinds: 2,
    projectionWidth: 24,
    contextLength: 20
  )

  private static func transformer(
    _ layout: VisionTransformerArchitecture.Layout
  ) -> VisionArchitecture {
    .transformer(
      VisionTransformerArchitecture(
        layout: layout,
        imageSize: 48,
        patchSize: 16,
        positionGrid: 3,
        width: 64,
        layers: 3,
        heads: 2,
        hiddenWidth: 96,
        projectionWidth: layout == .clip ? 24 : nil
      )
    )
  }

  private static func clip() throws -> Model {
    try Model(Architecture(name: "clip", vision: transformer(.clip), text: text))
  }

  private static func dinov2() throws -> Model {
    try Model(Architecture(name: "dinov2", vision: transformer(.dinov2)))
  }

  private static func resNet() throws -> Model {
    let vision = ResNetArchitecture(imageSize: 64, width: 8, layers: [1, 2, 1, 2])
    return try Model(Architecture(name: "resnet", vision: .resNet(vision)))
  }

  private static func modifiedResNet() throws -> Model {
    let vision = ModifiedResNetArchitecture(
      imageSize: 64,
      positionGrid: 2,
      width: 8,
      layers: [1, 1, 2, 1],
      heads: 4,
      projectionWidth: 24
    )
    return try Model(
      Architecture(name: "rn", vision: .modifiedResNet(vision), text: text)
    )
  }

  private static func names(_ part: String, of model: Model) throws -> Set<String> {
    Set(try TrainedPart(part).parameters(of: model).map(\.name))
  }

  @Test(
    "A name is read and written alike",
    arguments: [
      ("all", TrainedPart.everything), ("head", .classifierOnly), ("bitfit", .biases),
      ("last:1", .lastBlocks(1)), ("last:12", .lastBlocks(12)),
      ("lora", .lowRank(rank: 8, alpha: 8)), ("lora:4", .lowRank(rank: 4, alpha: 4)),
      ("lora:4:16.5", .lowRank(rank: 4, alpha: 16.5)),
    ]
  )
  func names(_ name: String, _ part: TrainedPart) throws {
    #expect(try TrainedPart(name) == part)
    #expect(try TrainedPart(part.name) == part)
  }

  @Test(
    "Other names are refused",
    arguments: [
      "", "ALL", "all:1", "last", "last:", "last:0", "last:-1", "last:x", "last:1:2", "lora:0",
      "lora:1025", "lora:x", "lora:4:0", "lora:4:-1", "lora:4:inf", "lora:4:nan", "lora:4:4:4",
      "head:1", "bitfit ", "blocks",
    ]
  )
  func wrongNames(_ name: String) {
    let error = #expect(throws: EvaluationError.self) { try TrainedPart(name) }
    guard case .invalidOption("--train", name, _) = error?.reason else {
      Issue.record("\(name): \(String(describing: error))")
      return
    }
  }

  @Test("Everything is the image encoder without statistics; the head alone is nothing of it")
  func everything() throws {
    for model in try [Self.clip(), Self.dinov2(), Self.modifiedResNet(), Self.resNet()] {
      let name = model.architecture.name
      let all = try Self.names("all", of: model)
      let image = model.parameters.parameters.map(\.name).filter {
        model.text == nil || $0.hasPrefix("visual.")
      }
      #expect(all == Set(image.filter { !$0.contains("running_") }), "\(name)")
      #expect(try Self.names("head", of: model).isEmpty, "\(name)")
      let biases = try Self.names("bitfit", of: model)
      #expect(!biases.isEmpty && biases == all.filter { $0.hasSuffix("bias") }, "\(name)")
    }
  }

  @Test("The last block of CLIP's transformer, and what follows the blocks")
  func clipBlocks() throws {
    let model = try Self.clip()
    let all = try Self.names("all", of: model)
    let last = all.filter {
      $0.hasPrefix("visual.transformer.resblocks.2.") || $0.hasPrefix("visual.ln_post.")
        || $0 == "visual.proj"
    }
    #expect(last.count == 12 + 2 + 1)
    #expect(try Self.names("last:1", of: model) == last)
    let middle = all.filter { $0.hasPrefix("visual.transformer.resblocks.1.") }
    #expect(try Self.names("last:2", of: model) == last.union(middle))
    let first = all.filter { $0.hasPrefix("visual.transformer.resblocks.0.") }
    #expect(try Self.names("last:3", of: model) == last.union(middle).union(first))
  }

  @Test("The last block of DINOv2, with its scales, and the last norm")
  func dinov2Blocks() throws {
    let model = try Self.dinov2()
    let all = try Self.names("all", of: model)
    let last = all.filter { $0.hasPrefix("encoder.layer.2.") || $0.hasPrefix("layernorm.") }
    #expect(last.contains("encoder.layer.2.layer_scale1.lambda1"))
    #expect(try Self.names("last:1", of: model) == last)
  }

  @Test("The last bottlenecks of both ResNets, and the pooling")
  func resNetBlocks() throws {
    let plain = try Self.resNet()
    let all = try Self.names("all", of: plain)
    let last = all.filter { $0.hasPrefix("layer4.1.") }
    #expect(try !last.isEmpty && Self.names("last:1", of: plain) == last)
    let three = all.filter { $0.hasPrefix("layer4.") || $0.hasPrefix("layer3.0.") }
    #expect(try Self.names("last:3", of: plain) == three)
    let modified = try Self.modifiedResNet()
    let pooled = try Self.names("all", of: modified).filter {
      $0.hasPrefix("visual.layer4.0.") || $0.hasPrefix("visual.attnpool.")
    }
    #expect(try Self.names("last:1", of: modified) == pooled)
  }

  @Test("More blocks than there are is refused with how many there are")
  func tooMany() throws {
    for (model, count) in try [
      (Self.clip(), 3), (Self.dinov2(), 3), (Self.modifiedResNet(), 5), (Self.resNet(), 6),
    ] {
      #expect(try !Self.names("last:\(count)", of: model).isEmpty)
      let error = #expect(throws: EvaluationError.self) {
        try Self.names("last:\(count + 1)", of: model)
      }
      guard case .invalidOption("--train", "last:\(count + 1)", let expected) = error?.reason else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(expected.contains("at most last:\(count)"))
    }
  }

  @Test("Low-rank changes are of the attentions' matrices alone")
  func adapted() throws {
    let part = TrainedPart.lowRank(rank: 2, alpha: 2)
    let clip = Set(try part.adaptedWeights(of: Self.clip()).map(\.name))
    let blocks = (0..<3).map { "visual.transformer.resblocks.\($0).attn" }
    #expect(clip == Set(blocks.flatMap { ["\($0).in_proj_weight", "\($0).out_proj.weight"] }))
    let dinov2 = Set(try part.adaptedWeights(of: Self.dinov2()).map(\.name))
    let parts = ["attention.query", "attention.key", "attention.value", "output.dense"]
    let expected = (0..<3).flatMap { block in
      parts.map { "encoder.layer.\(block).attention.\($0).weight" }
    }
    #expect(dinov2 == Set(expected))
    let modified = Set(try part.adaptedWeights(of: Self.modifiedResNet()).map(\.name))
    #expect(
      modified == Set(["q", "k", "v", "c"].map { "visual.attnpool.\($0)_proj.weight" })
    )
    for model in try [Self.clip(), Self.dinov2(), Self.modifiedResNet()] {
      #expect(try part.parameters(of: model).isEmpty)
    }
    let error = #expect(throws: EvaluationError.self) {
      try part.parameters(of: Self.resNet())
    }
    #expect(error?.description.contains("no attention") == true)
    #expect(try TrainedPart.everything.adaptedWeights(of: Self.clip()).isEmpty)
  }
}
