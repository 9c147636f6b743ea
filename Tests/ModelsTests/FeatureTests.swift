import Checkpoints
import Foundation
import Layers
import Models
import Tensors
import TestSupport
import Testing

/// Small models, converted from PyTorch's own files, give the features that PyTorch gave.
struct FeatureTests {
  private let device = Device(threadCount: 2)

  /// At the learnt resolution and at others, where positions are interpolated; every kind.
  @Test(arguments: TinyModel.all)
  func imagesAsInPyTorch(model: TinyModel) throws {
    let bundle = try model.converted(on: device).bundle
    let recordedCases = try model.recorded("images")
    for recorded in recordedCases {
      let side = try recorded.integer("side")
      let count = try recorded.shape("pooled")[0]
      let pixels = images(count, side: side)
      // What the reference doesn't give is not recorded.
      for kind in bundle.model.image.availableFeatures where recorded.has(kind.rawValue) {
        let encoded = bundle.encode(
          images: pixels,
          count: count,
          height: side,
          width: side,
          kind: kind
        )
        let wanted = try recorded.floats(kind.rawValue)
        #expect(wanted.count == count * bundle.featureWidth(kind))
        expect(encoded, equal: wanted, "\(recorded), \(kind.rawValue)")
      }
    }
    let kinds = bundle.model.image.availableFeatures.map(\.rawValue)
    let covered = recordedCases.contains { recorded in kinds.allSatisfy(recorded.has) }
    #expect(covered || model.name == "ret-clip" || model.name == "chinese-clip")
  }

  /// Texts of 9, 2 and 5 tokens padded to 11; each alone gives the same.
  @Test(arguments: TinyModel.withTexts)
  func textsAsInPyTorch(model: TinyModel) throws {
    let recorded = try model.recorded("texts")[0]
    let ids = try recorded.floats("ids").map { Int32($0) }
    let lengths = try recorded.floats("lengths").map { Int($0) }
    let context = try recorded.integer("context")
    #expect(lengths == [9, 2, 5] && ids.count == 3 * context)
    let loaded = try model.loaded(on: device)
    let text = try #require(loaded.text)
    let executor = InferenceExecutor(on: device)
    let wanted = try recorded.floats("features")
    let encoded = text.features(ids: ids, lengths: lengths, on: executor)
    #expect(encoded.shape == (try recorded.shape("features")))
    expect(encoded.elements, equal: wanted, "\(recorded)")
    let width = encoded.columns
    for row in 0..<3 {
      let alone = text.features(
        ids: Array(ids[row * context..<(row + 1) * context]),
        lengths: [lengths[row]],
        on: executor
      )
      let part = Array(wanted[row * width..<(row + 1) * width])
      expect(alone.elements, equal: part, "\(recorded), row \(row) alone")
    }
  }

  /// `logit_scale` (RET-CLIP: of the left eye) becomes the factor of cosines.
  @Test(arguments: TinyModel.withTexts)
  func similarityScale(model: TinyModel) throws {
    let scale = try #require(try model.converted(on: device).bundle.similarityScale)
    let wanted = try model.recorded("texts")[0].number("scale")
    #expect(abs(Double(scale) / wanted - 1) < 1e-6)
  }

  /// The report tells what was left, what was renamed and what was assumed.
  @Test(arguments: TinyModel.all)
  func reports(model: TinyModel) throws {
    let (report, bundle) = try model.converted(on: device)
    #expect(report.ignored.sorted() == model.ignored.sorted())
    #expect(report.isRecognized == (model.architecture == nil))
    #expect(report.assumptions.isEmpty == (model.architecture != nil))
    #expect(report.parameterCount == bundle.model.parameters.count)
    #expect(report.tensorCount == bundle.model.parameters.parameters.count)
    let remarks = report.remarks.joined(separator: "; ")
    if model.format == "pt" {
      #expect(remarks.contains("state_dict") && remarks.contains("module."))
    }
    #expect(remarks.contains("Chinese-CLIP") == (model.name == "chinese-clip"))
    #expect(bundle.header.provenance.source == "\(model.name).\(model.format)")
    #expect(bundle.header.provenance.sha256.count == 64)
  }

  /// Models without a text encoder or a vocabulary say so.
  @Test func textsThatCannotBeEncoded() throws {
    let images = try TinyModel.dinov2.converted(on: device).bundle
    #expect(images.similarityScale == nil)
    #expect { try images.encode(texts: ["眼"]) } throws: {
      ($0 as? ModelsError)?.reason == .noTextEncoder
    }
    let pair = try TinyModel.clipViT.converted(on: device).bundle
    #expect { try pair.encode(texts: ["眼"]) } throws: {
      ($0 as? ModelsError)?.reason == .noVocabulary
    }
  }

  /// A vocabulary of the model's size goes into the checkpoint; another one is refused.
  @Test func vocabulary() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "vocab.txt")
    var tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + (0..<18).map { "词\($0)" }
    try tokens.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    var options = Conversion.Options()
    options.architecture = TinyModel.clipViT.architecture
    options.vocabulary = file.path(percentEncoded: false)
    let bundle = try convert(TinyModel.clipViT.path, options, on: device).bundle
    #expect(bundle.header.vocabulary == tokens)
    #expect(try bundle.encode(texts: ["a", "", "b"]).count == 3 * 7)
    #expect(try bundle.encode(texts: []).isEmpty)
    tokens.append("多")
    try tokens.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    #expect { try convert(TinyModel.clipViT.path, options, on: device) } throws: {
      ($0 as? ModelsError)?.reason == .vocabularySize(found: 24, expected: 23)
    }
    options.architecture = TinyModel.dinov2.architecture
    #expect { try convert(TinyModel.dinov2.path, options, on: device) } throws: {
      ($0 as? ModelsError)?.reason == .noTextEncoder
    }
  }
}
