import Checkpoints
import Foundation
import Imaging
import Layers
import Models
import Tensors
import TestSupport
import Testing
import Tokenization

/// What a file of tensors lacks is named before a tensor is read.
struct LoadingTests {
  private let device = Device(threadCount: 1)

  private func model() throws -> Model {
    try Model(try #require(TinyModel.clipViT.architecture))
  }

  @Test func completeFiles() throws {
    let model = try model()
    let extra = ["bert.pooler.dense.weight", "epoch"].map { tensor($0, [2]) }
    let archive = ArchiveInMemory(model.descriptions + extra)
    #expect(try model.load(from: archive, on: device) == extra.map(\.name))
    #expect(archive.reads == model.parameters.parameters.count)
    #expect(model.parameters.parameters.allSatisfy { $0.isLoaded })
    #expect(model.logitScale?.value.elements == [0.5])
  }

  @Test func differencesAreNamed() throws {
    let model = try model()
    let (missing, misshaped) = ("visual.ln_pre.bias", "visual.proj")
    var tensors = model.descriptions.changing(missing, to: nil).changing(misshaped, to: [7, 40])
    tensors.append(tensor("visual.ln_pre.biases", [40]))
    let archive = ArchiveInMemory(tensors)
    let found = model.compare(with: tensors)
    #expect(found.missing == [missing] && found.unexpected == ["visual.ln_pre.biases"])
    #expect(found.misshaped.map(\.name) == [misshaped])
    #expect(found.misshaped.map(\.expected) == [[40, 7]])
    #expect(found.misshaped.map(\.found) == [[7, 40]] && !found.isComplete)
    #expect { try model.load(from: archive, on: device) } throws: { error in
      let text = "\(error)"
      return (error as? ModelsError) == ModelsError(.mismatch(found), path: "in-memory.pt")
        && ["in-memory.pt: ", missing, misshaped, "biases", "[7, 40]", "[40, 7]"]
          .allSatisfy(text.contains)
    }
    #expect(archive.reads == 0 && !model.parameters.parameters.contains { $0.isLoaded })
  }

  /// Long lists are cut and counted.
  @Test func manyDifferences() throws {
    let model = try model()
    let nothing = model.compare(with: [])
    #expect(nothing.missing == model.parameters.parameters.map(\.name) && !nothing.isComplete)
    #expect(nothing.description.contains("\(nothing.missing.count) missing"))
    #expect(nothing.description.contains("and \(nothing.missing.count - 5) more"))
    #expect(nothing.description.utf8.count < 500)
    let whole = model.compare(with: model.descriptions)
    #expect(whole.isComplete && whole.unexpected.isEmpty)
  }

  /// A file of another architecture than the one that was named.
  @Test func conversionOfAnotherModel() throws {
    var options = Conversion.Options()
    options.architecture = TinyModel.dinov2.architecture
    #expect { try convert(TinyModel.clipViT.path, options, on: device) } throws: { error in
      guard case .mismatch(let comparison)? = (error as? ModelsError)?.reason else { return false }
      return comparison.missing.contains("embeddings.cls_token")
        && comparison.unexpected.contains("visual.class_embedding")
        && "\(error)".contains("clip-vit.pt")
    }
  }

  /// Query, key and value that can't be joined, or are not all there, are no model's.
  @Test(arguments: [[32, 64], [64, 65], [64], [], [Int.max, 64], nil])
  func partsThatDoNotFit(shape: [Int]?) throws {
    let original = try openArchive(at: TinyModel.chineseCLIP.path)
    let name = "vision_model.encoder.layers.1.self_attn.k_proj.weight"
    #expect(original.description(of: name)?.shape == [64, 64])
    let damaged = original.tensors.changing(name, to: shape)
    let archive = RenamedArchive(ArchiveInMemory(damaged))
    let model = try Model(Architecture.recognize(archive.tensors).architecture)
    let comparison = model.compare(with: archive.tensors)
    #expect(comparison.missing.isEmpty)
    let joined = "visual.transformer.resblocks.1.attn.in_proj_weight"
    #expect(comparison.misshaped.map(\.name) == [joined])
    #expect(throws: ModelsError.self) { try model.load(from: archive, on: device) }
  }

  /// Sizes that the user asks for and that no image can have.
  @Test(arguments: [0, -1, 3, 8193, 10_000, Int.max])
  func impossibleImageSizes(size: Int) throws {
    for tiny in [TinyModel.dinov2, .clipViT, .clipResNet] {
      var options = Conversion.Options()
      options.architecture = tiny.architecture
      options.imageSize = size
      #expect(throws: ModelsError.self, "\(tiny) at \(size) pixels") {
        try convert(tiny.path, options, on: device)
      }
    }
  }

  /// Sizes that it may ask for; positions are interpolated.
  @Test func otherImageSizes() throws {
    var options = Conversion.Options()
    options.architecture = TinyModel.dinov2.architecture
    options.imageSize = 28
    let bundle = try convert(TinyModel.dinov2.path, options, on: device).bundle
    #expect(bundle.preprocessing.width == 28 && bundle.preprocessing.height == 28)
    let recorded = try RecordedCase.cases("Models/pytorch.json", "dinov2/images-28")[0]
    let encoded = bundle.encode(images: images(3, side: 28), count: 3, kind: .pooled)
    expect(encoded, equal: try recorded.floats("pooled"), "28 pixels")
  }

  /// A checkpoint whose preprocessing or vocabulary is not the model's.
  @Test func contradictoryCheckpoints() throws {
    let model = try model()
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "model.h5").path(percentEncoded: false)
    func open(_ preprocessing: String, vocabulary: [String] = []) throws -> ModelBundle {
      let header = CheckpointHeader(
        architecture: model.architecture.json,
        preprocessing: preprocessing,
        provenance: CheckpointProvenance(source: "none", sha256: "", tool: "tests"),
        vocabulary: vocabulary
      )
      try CheckpointFile.write(to: path, header: header, tensors: model.descriptions) {
        [Float](repeating: 0.5, count: $0.count)
      }
      return try ModelBundle(checkpoint: path, on: device)
    }
    func json(width: Int, height: Int) throws -> String {
      var usual = model.architecture.usualPreprocessing
      (usual.width, usual.height) = (width, height)
      return String(decoding: try JSONEncoder().encode(usual), as: UTF8.self)
    }
    let usual = try json(width: 15, height: 15)
    #expect(try open(usual, vocabulary: []).preprocessing.width == 15)
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    let tokens = special + (0..<19).map { "词\($0)" }
    #expect(try open(usual, vocabulary: tokens).tokenizer?.contextLength == 11)
    for (width, height) in [(15, 20), (20, 15), (4, 4), (0, 0), (8193, 8193)] {
      #expect(throws: ModelsError.self, "\(width) × \(height) pixels") {
        try open(json(width: width, height: height))
      }
    }
    for text in ["", "{}", "[1]", "null"] {
      #expect(throws: ModelsError.self, "preprocessing \(text)") { try open(text) }
    }
    #expect { try open(usual, vocabulary: tokens + ["多"]) } throws: {
      ($0 as? ModelsError)?.reason == .vocabularySize(found: 24, expected: 23)
    }
  }
}
