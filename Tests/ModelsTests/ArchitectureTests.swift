import Foundation
import Imaging
import Layers
import Models
import Testing

/// Architectures as JSON, and what makes one impossible.
struct ArchitectureTests {
  private static let pair = """
    {"name": "p", "text": {"contextLength": 11, "head": {"matrix": {}}, "heads": 3, \
    "hiddenWidth": 36, "layers": 2, "positions": 13, "projectionWidth": 7, "segmentKinds": 3, \
    "vocabularySize": 23, "width": 24}, "vision": {"transformer": {"_0": {"heads": 5, \
    "hiddenWidth": 52, "imageSize": 15, "layers": 3, "layout": "clip", "patchSize": 5, \
    "positionGrid": 3, "projectionWidth": 7, "width": 40}}}}
    """
  private static let resNet = """
    {"name": "r", "vision": {"modifiedResNet": {"_0": {"heads": 8, "imageSize": 64, \
    "layers": [1, 2, 1, 1], "positionGrid": 2, "projectionWidth": 9, "width": 4}}}}
    """

  @Test func roundTrip() throws {
    for architecture in Architecture.presets + TinyModel.all.compactMap(\.architecture) {
      let json = architecture.json
      let again = try Architecture(json: json)
      #expect(again == architecture && again.json == json)
      #expect(json.contains(architecture.name))
    }
  }

  /// What checkpoints hold must stay readable.
  @Test func knownForms() throws {
    let pair = try Architecture(json: Self.pair)
    var tiny = try #require(TinyModel.clipViT.architecture)
    tiny.name = "p"
    #expect(pair == tiny)
    let perceptron = Self.pair.replacing(
      #"{"matrix": {}}"#,
      with: #"{"leftEyePerceptron": {"outputIndex": 2}}"#
    )
    let head = try Architecture(json: perceptron).text?.head
    #expect(head == .leftEyePerceptron(outputIndex: 2))
    #expect(try Architecture(json: Self.resNet).vision.imageSize == 64)
  }

  @Test(
    arguments: [
      "", " ", "[]", "{}", "null", "7", "\u{0}", #"{"name": "x"}"#, #"{"name": "x", "vision": {}}"#,
      #"{"name": "x", "vision": {"transformer": {}}}"#, #"{"name": "x", "vision": {"unet": {}}}"#,
      String(repeating: "[", count: 2000),
    ]
  )
  func noArchitecture(json: String) {
    #expect { try Architecture(json: json) } throws: {
      guard case .unreadableArchitecture? = ($0 as? ModelsError)?.reason else { return false }
      return true
    }
  }

  /// One value of a pair that fits no other: old, new.
  @Test(
    arguments: [
      (#""heads": 5"#, #""heads": 3"#), (#""heads": 5"#, #""heads": 0"#),
      (#""heads": 5"#, #""heads": -5"#), (#""heads": 5"#, #""heads": "five""#),
      (#""heads": 5"#, #""heads": null"#), (#""heads": 5"#, #""heads": 1e30"#),
      (#""heads": 5"#, #""heads": 0.5"#), (#""heads": 5, "#, ""),
      (#""width": 40"#, #""width": 41"#), (#""width": 40"#, #""width": 9223372036854775807"#),
      (#""width": 40"#, #""width": 40000000"#), (#""layers": 3"#, #""layers": 0"#),
      (#""layers": 3"#, #""layers": 100000"#), (#""patchSize": 5"#, #""patchSize": 0"#),
      (#""patchSize": 5"#, #""patchSize": 16"#), (#""imageSize": 15"#, #""imageSize": 8193"#),
      (#""positionGrid": 3"#, #""positionGrid": -3"#), (#""layout": "clip""#, #""layout": "mae""#),
      (#""layout": "clip""#, #""layout": "dinov2""#), (#""layers": 2"#, #""layers": 0"#),
      (#""contextLength": 11"#, #""contextLength": 14"#),
      (#""contextLength": 11"#, #""contextLength": 1"#),
      (#""vocabularySize": 23"#, #""vocabularySize": 0"#), (#""heads": 3"#, #""heads": 5"#),
      (#""segmentKinds": 3"#, #""segmentKinds": 0"#),
      (#""projectionWidth": 7, "segmentKinds""#, #""projectionWidth": 8, "segmentKinds""#),
      (#"{"matrix": {}}"#, #"{"leftEyePerceptron": {"outputIndex": 0}}"#),
      (#"{"matrix": {}}"#, #"{"leftEyePerceptron": {"outputIndex": -1}}"#),
      (#"{"matrix": {}}"#, #"{"leftEyePerceptron": {}}"#), (#"{"matrix": {}}"#, #"{"mean": {}}"#),
    ]
  )
  func impossiblePairs(old: String, new: String) throws {
    #expect(Self.pair.ranges(of: old).count == 1)
    let json = Self.pair.replacing(old, with: new)
    #expect(throws: ModelsError.self) { try Architecture(json: json) }
  }

  @Test(
    arguments: [
      ("[1, 2, 1, 1]", "[]"), ("[1, 2, 1, 1]", "[1, 2, 1]"), ("[1, 2, 1, 1]", "[1, 2, 1, 1, 1]"),
      ("[1, 2, 1, 1]", "[1, 0, 1, 1]"), ("[1, 2, 1, 1]", "[1, -2, 1, 1]"),
      (#""width": 4"#, #""width": 3"#), (#""width": 4"#, #""width": 0"#),
      (#""heads": 8"#, #""heads": 7"#), (#""imageSize": 64"#, #""imageSize": 65"#),
      (#""imageSize": 64"#, #""imageSize": 0"#), (#""positionGrid": 2"#, #""positionGrid": 0"#),
      ("modifiedResNet", "resNet2"),
    ]
  )
  func impossibleResNets(old: String, new: String) throws {
    #expect(Self.resNet.ranges(of: old).count == 1)
    let json = Self.resNet.replacing(old, with: new)
    #expect(throws: ModelsError.self) { try Architecture(json: json) }
  }

  /// The largest sizes that are allowed are declared without memory and without overflow.
  @Test func largestSizes() throws {
    let side = 1 << 20
    let json = Self.resNet.replacing(#""width": 4"#, with: #""width": \#(side)"#)
      .replacing(#""positionGrid": 2"#, with: #""positionGrid": \#(side)"#)
    // Whether it is built or refused, the process lives.
    let outcome = Result { try Model(Architecture(json: json)).parameters.parameters.count }
    switch outcome {
    case .success(let count): #expect(count > 0)
    case .failure(let error): #expect(error is ModelsError)
    }
  }

  /// Images' preprocessing follows the family and the size.
  @Test func usualPreprocessing() throws {
    let pair = try Architecture.named("chinese-clip-vit-l14-336").usualPreprocessing
    #expect(pair.width == 336 && pair.height == 336 && pair.mean[0] == 0.48145466)
    let image = try Architecture.named("dinov2-vits14").usualPreprocessing
    #expect(image.width == 224 && image.mean[0] == 0.485)
  }
}
