import Optimizers
import Testing

/// Which parameters decay, and how deep each lies, by names as our models have them.
struct ParameterRuleTests {
  @Test(arguments: [
    ("visual.transformer.resblocks.0.attn.in_proj_weight", [192, 64], true),
    ("visual.transformer.resblocks.0.attn.in_proj_bias", [192], false),
    ("visual.transformer.resblocks.0.ln_1.weight", [64], false),
    ("visual.conv1.weight", [64, 3, 16, 16], true),
    ("visual.class_embedding", [64], false),
    ("visual.positional_embedding", [5, 64], false),
    ("visual.attnpool.positional_embedding", [50, 64], false),
    ("visual.proj", [64, 32], true),
    ("visual.layer1.0.bn1.weight", [16], false),
    ("embeddings.cls_token", [1, 1, 64], false),
    ("embeddings.mask_token", [1, 64], false),
    ("embeddings.register_tokens", [1, 4, 64], false),
    ("embeddings.position_embeddings", [1, 5, 64], false),
    ("encoder.layer.0.layer_scale1.lambda1", [64], false),
    ("bert.embeddings.word_embeddings.weight", [100, 64], true),
    ("bert.embeddings.position_embeddings.weight", [52, 64], false),
    ("bert.embeddings.LayerNorm.weight", [64], false),
    ("bert.encoder.layer.1.output.dense.weight", [64, 256], true),
    ("text_projection", [64, 32], true),
    ("logit_scale", [], false),
    ("logit_scale_left", [1, 1], false),
    ("head.bias", [3, 1], false),
  ])
  func decay(_ name: String, _ shape: [Int], _ wanted: Bool) {
    #expect(WeightDecayRule.decays(name, shape: shape) == wanted)
  }

  private static let twoTowers =
    [
      "visual.class_embedding", "visual.positional_embedding", "visual.conv1.weight",
      "visual.ln_pre.weight", "visual.ln_post.weight", "visual.proj", "text_projection",
      "logit_scale", "bert.embeddings.word_embeddings.weight", "bert.embeddings.LayerNorm.bias",
      "head.weight",
    ] + (0..<12).map { "visual.transformer.resblocks.\($0).mlp.c_fc.weight" }
    + (0..<3).map { "bert.encoder.layer.\($0).attention.self.query.weight" }

  @Test(arguments: [
    ("visual.class_embedding", 0, 12), ("visual.positional_embedding", 0, 12),
    ("visual.conv1.weight", 0, 12), ("visual.ln_pre.weight", 0, 12),
    ("visual.transformer.resblocks.0.mlp.c_fc.weight", 1, 12),
    ("visual.transformer.resblocks.11.mlp.c_fc.weight", 12, 12),
    ("visual.ln_post.weight", 1, 0), ("visual.proj", 1, 0), ("head.weight", 1, 0),
    ("bert.embeddings.word_embeddings.weight", 0, 3), ("bert.embeddings.LayerNorm.bias", 0, 3),
    ("bert.encoder.layer.0.attention.self.query.weight", 1, 3),
    ("bert.encoder.layer.2.attention.self.query.weight", 3, 3),
    ("text_projection", 1, 0), ("logit_scale", 1, 0),
  ])
  func layersOfTwoTransformers(_ name: String, _ index: Int, _ blocks: Int) {
    let layer = LayerDepths(names: Self.twoTowers).layer(of: name)
    #expect(layer.index == index && layer.blocks == blocks)
  }

  @Test func layersOfDINOv2AndDecoder() {
    let names =
      ["embeddings.cls_token", "layernorm.weight", "decoder.blocks.0.conv1.weight"]
      + (0..<4).map { "encoder.layer.\($0).norm1.weight" }
    let depths = LayerDepths(names: names)
    #expect(depths.layer(of: "embeddings.cls_token") == (0, 4))
    #expect(depths.layer(of: "encoder.layer.3.norm1.weight") == (4, 4))
    #expect(depths.learningRateFactor(of: "layernorm.weight", decay: 0.5) == 1)
    #expect(depths.learningRateFactor(of: "decoder.blocks.0.conv1.weight", decay: 0.5) == 1)
    #expect(depths.learningRateFactor(of: "embeddings.cls_token", decay: 0.5) == 1.0 / 32)
    #expect(depths.learningRateFactor(of: "encoder.layer.3.norm1.weight", decay: 0.5) == 0.5)
  }

  /// Blocks of a ResNet are counted through its stages: 3 + 4 + 6 + 3.
  @Test func layersOfResNet() {
    let names =
      ["visual.conv1.weight", "visual.bn3.bias", "visual.attnpool.positional_embedding"]
      + zip(1...4, [3, 4, 6, 3]).flatMap { stage, count in
        (0..<count).map { "visual.layer\(stage).\($0).conv1.weight" }
      }
    let depths = LayerDepths(names: names.reversed())
    #expect(depths.layer(of: "visual.conv1.weight") == (0, 16))
    #expect(depths.layer(of: "visual.bn3.bias") == (0, 16))
    #expect(depths.layer(of: "visual.layer1.0.conv1.weight") == (1, 16))
    #expect(depths.layer(of: "visual.layer1.2.downsample.0.weight") == (3, 16))
    #expect(depths.layer(of: "visual.layer2.0.bn2.weight") == (4, 16))
    #expect(depths.layer(of: "visual.layer4.2.conv1.weight") == (16, 16))
    let pooling = depths.layer(of: "visual.attnpool.positional_embedding")
    #expect(pooling == (1, 0), "the pooling is the head's neighbour")
  }

  @Test func groupsOfAModel() throws {
    let shapes: [(name: String, shape: [Int])] = [
      ("visual.class_embedding", [8]), ("visual.conv1.weight", [8, 3, 2, 2]),
      ("visual.transformer.resblocks.0.mlp.c_fc.weight", [32, 8]),
      ("visual.transformer.resblocks.1.mlp.c_fc.bias", [32]), ("head.weight", [5, 8]),
    ]
    let groups = try ParameterGroupRules(weightDecay: 0.05, layerDecay: 0.5).groups(of: shapes)
    #expect(groups.map(\.learningRateFactor) == [0.125, 0.125, 0.25, 0.5, 1])
    #expect(groups.map(\.weightDecay) == [0, 0.05, 0.05, 0, 0.05])
    #expect(throws: OptimizersError.self) { try ParameterGroupRules(weightDecay: -1) }
    #expect(throws: OptimizersError.self) {
      try ParameterGroupRules(weightDecay: 0, layerDecay: 0)
    }
  }
}
