import Foundation
import Imaging
import Models
import Tensors
import TestSupport
import Testing

/// The networks of VBENCH_DATA against the outputs that PyTorch recorded for them.
@Suite(.enabled(if: Fixtures.realData != nil, "the reference networks need VBENCH_DATA"))
struct ReferenceTests {
  private let device = Device(threadCount: 2)

  private func file(_ name: String) throws -> String {
    try #require(Fixtures.realData).appending(path: name).path(percentEncoded: false)
  }

  private func recorded(_ name: String) throws -> RecordedCase {
    try RecordedCase.cases("Models/reference.json", name)[0]
  }

  /// The architecture is not named; images and texts as the released code encodes them.
  @Test(arguments: ["vilref_vit_tiny", "vilref_rn_tiny"])
  func smallPairs(name: String) throws {
    var options = Conversion.Options()
    options.vocabulary = try file("weights/bert-base-chinese-vocab.txt")
    let (report, bundle) = try convert(file("reference/\(name).pt"), options, on: device)
    #expect(report.isRecognized && report.architecture.text?.contextLength == 100)
    let recorded = try recorded(name)
    let photograph = try bundle.prepared(file("retina.jpg"))
    let pairs = [
      ("photograph_features", photograph), ("noise_features", try recorded.floats("noise")),
    ]
    for (features, pixels) in pairs {
      let encoded = bundle.encode(images: pixels, count: 1, kind: .projected)
      expect(encoded, equal: try recorded.floats(features), "\(name), \(features)")
    }
    let lines = try String(contentsOfFile: file("reference/texts.txt"), encoding: .utf8)
    let texts = lines.split(separator: "\n").map(String.init)
    let encoded = try bundle.encode(texts: texts)
    expect(encoded, equal: try recorded.floats("text_features"), "\(name), texts")
    let scale = try #require(bundle.similarityScale)
    let wanted = try recorded.number("scale")
    #expect(abs(Double(scale) / wanted - 1) < 1e-6)
  }

  /// Positions of a 37 × 37 grid interpolated to 16 × 16, twelve layers with layer scales.
  @Test func dinov2OnAPhotograph() throws {
    let weights = try file("weights/dinov2_vits14.pth")
    let (report, bundle) = try convert(weights, Conversion.Options(), on: device)
    #expect(report.architecture.name == "dinov2-vits14")
    let pixels = try bundle.prepared(file("retina.jpg"))
    let encoded = bundle.encode(images: pixels, count: 1, kind: .pooledAndMeanPatch)
    let tolerance = Tolerance(absolute: 1e-4, reason: "twelve layers of float32 in both programs")
    let wanted = try recorded("dinov2_retina").floats("features")
    expect(encoded, equal: wanted, within: tolerance, "class token and mean patch")
  }
}

extension ModelBundle {
  /// A photograph as the model takes it.
  fileprivate func prepared(_ path: String) throws -> [Float] {
    let preprocessor = Preprocessor(preprocessing)
    return preprocessor.normalized(try preprocessor.pixels(ofFile: path))
  }
}
