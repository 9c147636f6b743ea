import Checkpoints
import Foundation
import Imaging
import Layers
import Models
import TestSupport
import Testing

/// Architectures of encoders with decoders: what fits together, and what checkpoints hold.
struct DecoderArchitectureTests {
  private func expectation(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      guard case .impossibleArchitecture(let expected)? = (error as? ModelsError)?.reason else {
        return "another error: \(error)"
      }
      return expected
    }
  }

  @Test(arguments: DecoderCase.allCases) func json(name: DecoderCase) throws {
    let made = name.architecture
    #expect(try SegmentationArchitecture(json: made.json) == made)
    #expect(SegmentationArchitecture.isDescribed(by: made.json))
    #expect { _ = try Architecture(json: made.json) } throws: {
      ($0 as? ModelsError)?.reason == .segmentationNetwork
    }
    // Names of an encoder under another scope are neither a U-Net's nor an encoder's.
    let tensors = try SegmentationModel(made).parameters.parameters.map {
      tensor($0.name, $0.shape)
    }
    #expect(try SegmentationArchitecture.recognize(tensors) == nil)
    #expect(throws: ModelsError.self) { try Architecture.recognize(tensors) }
  }

  /// Every encoder takes the decoder that fits it and the linear one, for images of its own size.
  @Test(arguments: Architecture.presets) func presets(encoder: Architecture) throws {
    let usual = try SegmentationArchitecture.decoder(of: encoder, classes: 2)
    guard case .encoderDecoder(let both) = usual.network else {
      Issue.record("\(usual.network)")
      return
    }
    let isTransformer = if case .transformer = encoder.vision { true } else { false }
    #expect(both.decoder.kind == (isTransformer ? .progressive : .unet))
    // Patches of 32 pixels are doubled once more than those of 14 and 16.
    let count = encoder.name.hasSuffix("b32") ? 6 : 5
    #expect(both.decoder.widths == Array([256, 128, 64, 32, 16, 16].prefix(count)))
    #expect(usual.name == "\(encoder.name)+\(both.decoder.kind.rawValue)")
    #expect(usual.imageSize == encoder.vision.imageSize && usual.classes == 2)
    #expect(usual.inputChannels == 3)
    let linear = try SegmentationArchitecture.decoder(
      of: encoder,
      kind: .linear,
      classes: 1,
      imageSize: usual.imageSize + usual.divisor
    )
    #expect(linear.name == "\(encoder.name)+linear")
    #expect(linear.imageSize == usual.imageSize + usual.divisor)
  }

  /// What doesn't fit is named before anything is built.
  @Test func impossible() throws {
    let changes: [(DecoderCase, String, (inout EncoderDecoderArchitecture) -> Void)] = [
      (.clipViT, "progressive or linear, not unet", { $0.decoder.kind = .unet }),
      (.resNet, "unet or linear, not progressive", { $0.decoder.kind = .progressive }),
      (.clipResNet, "unet or linear, not progressive", { $0.decoder.kind = .progressive }),
      (.clipViT, "has 5 widths, not 4", { $0.decoder.widths.removeLast() }),
      (.dinov2, "has 5 widths, not 6", { $0.decoder.widths.append(2) }),
      (.resNet, "has 5 widths, not 4", { $0.decoder.widths.removeLast() }),
      (.resNetLinear, "has 0 widths, not 1", { $0.decoder.widths = [3] }),
      (.dinov2Linear, "has 0 widths, not 1", { $0.decoder.widths = [3] }),
      (.clipResNet, "widths lies in 1…65536, not 0", { $0.decoder.widths[2] = 0 }),
      (.clipResNet, "widths lies in 1…65536, not -1", { $0.decoder.widths[4] = -1 }),
      (.clipViT, "widths lies in 1…65536, not 65537", { $0.decoder.widths[0] = 65537 }),
      (.dinov2, "classes lies in 1…65536, not 0", { $0.classes = 0 }),
      (
        .resNet, "4 stages, not 3",
        { $0.encoder = .resNet(.init(imageSize: 64, width: 2, layers: [1, 1, 2])) }
      ),
    ]
    for (name, expected, change) in changes {
      var made = name.architecture
      guard case .encoderDecoder(var both) = made.network else { continue }
      change(&both)
      made.network = .encoderDecoder(both)
      let found = expectation { _ = try SegmentationModel(made) }
      #expect(found?.contains(expected) == true, "\(name): \(found ?? "nothing is wrong")")
      #expect(throws: ModelsError.self) { try SegmentationArchitecture(json: made.json) }
    }
    let encoder = Architecture(name: "tiny", vision: DecoderCase.clipViT.vision)
    #expect(throws: ModelsError.self) {
      try SegmentationArchitecture.decoder(of: encoder, kind: .unet, classes: 1)
    }
    #expect(throws: ModelsError.self) {
      try SegmentationArchitecture.decoder(of: encoder, classes: 1, imageSize: 72)
    }
  }

  @Test func sizesOfImages() throws {
    let transformer = DecoderCase.dinov2.architecture
    let network = DecoderCase.clipResNet.architecture
    try transformer.requireImages(width: 70, height: 70)
    for (width, height) in [(64, 96), (32, 32), (8192, 32)] {
      try network.requireImages(width: width, height: height)
    }
    let wrong = [
      (transformer, 28, 42, "are square and have sides in 1…8192 that 14 divides, as its patches"),
      (transformer, 30, 30, "that 14 divides"), (transformer, 0, 0, "that 14 divides"),
      (network, 64, 80, "have sides in 1…8192 that 32 divides, as its five halvings need"),
      (network, 48, 64, "that 32 divides"), (network, 8224, 32, "in 1…8192"),
    ]
    for (made, width, height, expected) in wrong {
      let found = expectation { try made.requireImages(width: width, height: height) }
      let isTold =
        found?.contains(expected) == true && found?.contains("\(width) × \(height)") == true
      #expect(isTold, "\(found ?? "nothing is wrong")")
    }
    var odd = network
    odd.imageSize = 80
    #expect(throws: ModelsError.self) { try odd.validate() }
  }

  @Test func names() throws {
    let wnet = try #require(try SegmentationArchitecture.named("wnet-8.16.32", classes: 1))
    #expect(wnet.network == .wNet(UNetArchitecture(classes: 1, widths: [8, 16, 32])))
    #expect(wnet.name == "wnet-8.16.32" && wnet.imageSize == 512)
    let unet = try #require(
      try SegmentationArchitecture.named("unet-5", classes: 4, imageSize: 33)
    )
    #expect(unet.network == .uNet(UNetArchitecture(classes: 4, widths: [5])))
    #expect(unet.name == "unet-5" && unet.imageSize == 33)
    let odd = [
      "", "unet", "unet-", "-8", "unet-8.", "unet-.8", "unet-8..16", "unet-a", "unet-8,16",
      "vnet-8.16", "UNet-8.16", "unet-8-16", "unet--8", "unet-+8", "unet-08", "unet-8.016",
      "unet- 8", "unet-8 ", "unet-8.16.99999999999999999999", "vilref-vit-b16",
    ]
    for name in odd {
      #expect(try SegmentationArchitecture.named(name, classes: 1) == nil, "\(name)")
    }
    let stages = Array(repeating: "2", count: 11).joined(separator: ".")
    for (name, classes, size) in [
      ("unet-0", 1, 512), ("wnet-8.0", 1, 512), ("unet-8.16", 0, 512), ("unet-8.16", 1, 9),
      ("unet-8", 1, 0), ("unet-\(stages)", 1, 1024), ("unet-65537", 1, 512),
    ] {
      #expect(throws: ModelsError.self, "\(name), \(classes), \(size)") {
        try SegmentationArchitecture.named(name, classes: classes, imageSize: size)
      }
    }
  }
}
