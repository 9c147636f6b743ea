import Checkpoints
import Layers
import Models
import Tensors
import TestSupport
import Testing

/// Architectures found by names and shapes of tensors.
struct RecognitionTests {
  /// Every preset's own tensors lead back to it.
  ///
  /// ViLReF's and Chinese-CLIP's ViT-B/16 have the same tensors, and the context is not in them;
  /// nor is the side of the images of a ResNet whose pooling is a mean.
  @Test(arguments: Architecture.presets.map(\.name))
  func presets(name: String) throws {
    let preset = try Architecture.named(name)
    let model = try Model(preset)
    let recognition = try Architecture.recognize(model.descriptions)
    var wanted = preset
    if wanted.text != nil { wanted.text?.contextLength = 100 }
    if preset.name == "chinese-clip-vit-b16" { wanted.name = "vilref-vit-b16" }
    if preset.name == "resnet-small" {
      wanted.name = "resnet-32-1.1.1.1"
      wanted.vision = .resNet(.init(imageSize: 224, width: 32, layers: [1, 1, 1, 1]))
    }
    #expect(recognition.architecture == wanted)
    #expect(try Model(recognition.architecture).descriptions == model.descriptions)
    // A file may hold more, in any order.
    let more = [tensor("optimizer.step", []), tensor("visual.teacher", [3])]
    let again = try Architecture.recognize(more + model.descriptions.reversed())
    #expect(again == recognition)
    let tells = recognition.assumptions.joined(separator: "; ")
    #expect(tells.contains("tokens") == (preset.text != nil))
    if name == "dinov2-vits14" { #expect(tells.contains("6 heads of 64 features")) }
  }

  @Test func presetsHaveNames() throws {
    #expect(Set(Architecture.presets.map(\.name)).count == Architecture.presets.count)
    for preset in Architecture.presets {
      #expect(try Architecture.named(preset.name) == preset)
    }
    #expect { try Architecture.named("vilref") } throws: {
      guard case .unknownArchitecture("vilref", let known)? = ($0 as? ModelsError)?.reason else {
        return false
      }
      return known == Architecture.presets.map(\.name) && "\($0)".contains("vilref-rn50")
    }
  }

  /// The released sizes, which no test of names alone would notice.
  @Test(
    arguments: [
      ("vilref-vit-b16", 188_262_913), ("vilref-rn50", 140_833_633), ("dinov2-vits14", 22_056_192),
      ("resnet50", 23_508_032 + 53_120),
    ]
  )
  func parameterCounts(name: String, count: Int) throws {
    #expect(try Model(Architecture.named(name)).parameters.count == count)
  }

  @Test(arguments: [[], ["weight"], ["visual.proj", "bert.embeddings"], ["layer4.0.conv3.weight"]])
  func otherModels(names: [String]) {
    #expect { try Architecture.recognize(names.map { tensor($0, [3, 5]) }) } throws: {
      guard case .unrecognized(let detail)? = ($0 as? ModelsError)?.reason else { return false }
      return names.allSatisfy(detail.contains) && "\($0)".contains("--architecture")
    }
  }

  /// One tensor of a CLIP pair of another shape, or absent (nil): no model, and no trap.
  private static let damages: [(String, [Int]?)] = [
    ("visual.class_embedding", []), ("visual.class_embedding", [0]),
    ("visual.class_embedding", [40, 1]), ("visual.class_embedding", [Int.max]),
    ("visual.class_embedding", [-40]),
    ("visual.conv1.weight", nil), ("visual.conv1.weight", [40, 3, 5]),
    ("visual.conv1.weight", [40, 3, 5, 0]), ("visual.conv1.weight", [40, 3, 5, Int.max]),
    ("visual.positional_embedding", nil), ("visual.positional_embedding", [10]),
    ("visual.positional_embedding", [1, 40]), ("visual.positional_embedding", [0, 40]),
    ("visual.positional_embedding", [12, 40]), ("visual.positional_embedding", [Int.max, 40]),
    ("visual.positional_embedding", [Int.min, 40]),
    ("visual.positional_embedding", [1 + (1 << 40), 40]),
    ("visual.transformer.resblocks.0.ln_1.weight", nil),
    ("visual.transformer.resblocks.0.mlp.c_fc.weight", nil),
    ("visual.transformer.resblocks.0.mlp.c_fc.weight", [1 << 50, 40]),
    ("visual.proj", nil), ("visual.proj", [40]), ("visual.proj", [40, 8]),
    ("bert.embeddings.word_embeddings.weight", [23]),
    ("bert.embeddings.word_embeddings.weight", [1 << 40, 24]),
    ("bert.embeddings.word_embeddings.weight", [23, Int.max]),
    ("bert.embeddings.position_embeddings.weight", [0, 24]),
    ("bert.embeddings.position_embeddings.weight", [1, 24]),
    ("bert.embeddings.token_type_embeddings.weight", nil),
    ("bert.encoder.layer.0.intermediate.dense.weight", nil),
    ("bert.encoder.layer.0.output.dense.weight", nil),
    ("text_projection", nil), ("text_projection", [24]), ("text_projection", [24, 8]),
  ]

  @Test(arguments: damages)
  func damagedPairs(name: String, shape: [Int]?) throws {
    let model = try Model(try #require(TinyModel.clipViT.architecture))
    #expect(model.parameters[name] != nil)
    _ = try Architecture.recognize(model.descriptions)
    #expect(throws: ModelsError.self, "\(name) of shape \(shape.map { "\($0)" } ?? "none")") {
      try Architecture.recognize(model.descriptions.changing(name, to: shape))
    }
  }

  @Test(
    arguments: [
      ("visual.attnpool.positional_embedding", [6, 128]),
      ("visual.attnpool.positional_embedding", [1 + (1 << 42), 128]),
      ("visual.attnpool.c_proj.weight", [9]), ("visual.conv3.weight", [1 << 60, 2, 3, 3]),
      ("visual.conv3.weight", [0, 2, 3, 3]), ("visual.conv3.weight", [3, 2, 3, 3]),
    ]
  )
  func damagedResNets(name: String, shape: [Int]) throws {
    let model = try Model(try #require(TinyModel.clipResNet.architecture))
    #expect(model.parameters[name] != nil)
    _ = try Architecture.recognize(model.descriptions)
    #expect(throws: ModelsError.self, "\(name) of shape \(shape)") {
      try Architecture.recognize(model.descriptions.changing(name, to: shape))
    }
  }

  /// A stage without a block.
  @Test func emptyStages() throws {
    let model = try Model(Architecture.named("resnet50"))
    let tensors = model.descriptions.filter { !$0.name.hasPrefix("layer2.") }
    #expect(throws: ModelsError.self) { try Architecture.recognize(tensors) }
  }

  /// Common prefixes of Hugging Face's and torchvision's models are taken off.
  @Test(arguments: [("dinov2-vits14", "dinov2."), ("resnet50", "backbone.")])
  func prefixes(name: String, prefix: String) throws {
    let descriptions = try Model(Architecture.named(name)).descriptions
    let prefixed = descriptions.map { tensor(prefix + $0.name, $0.shape) }
    let archive = RenamedArchive(ArchiveInMemory(prefixed + [tensor("classifier.weight", [2, 3])]))
    #expect(try Architecture.recognize(archive.tensors).architecture.name == name)
    #expect(archive.renaming?.contains(prefix) == true)
    #expect(archive.tensors.last?.name == "classifier.weight")
    #expect(try archive.read(descriptions[1].name).first == 0.5)
  }
}
