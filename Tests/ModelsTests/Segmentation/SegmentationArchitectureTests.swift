import Checkpoints
import Foundation
import Imaging
import Layers
import Models
import Tensors
import TestSupport
import Testing

/// Architectures of segmentation networks: what checkpoints hold, and what names and shapes tell.
struct SegmentationArchitectureTests {
  private static let unet = UNetArchitecture(
    inputChannels: 4,
    classes: 3,
    widths: [5, 7, 6],
    hasShortcuts: false
  )

  private static let all: [SegmentationArchitecture.Network] = [
    .uNet(unet), .wNet(unet), .uNet(UNetArchitecture(classes: 1, widths: [9], hasBridges: false)),
    .wNet(UNetArchitecture(classes: 2, widths: [3, 4], hasBridges: false)),
  ]

  private func architecture(_ network: SegmentationArchitecture.Network) -> SegmentationArchitecture
  {
    SegmentationArchitecture(name: "net", imageSize: 64, network: network)
  }

  private func reason(_ body: () throws -> Void) -> ModelsError.Reason? {
    do {
      try body()
      return nil
    } catch { return (error as? ModelsError)?.reason }
  }

  @Test(arguments: all) func json(network: SegmentationArchitecture.Network) throws {
    let made = architecture(network)
    #expect(try SegmentationArchitecture(json: made.json) == made)
    #expect(SegmentationArchitecture.isDescribed(by: made.json))
    #expect(reason { _ = try Architecture(json: made.json) } == .segmentationNetwork)
  }

  /// An encoder's JSON is what it was, and is told from a segmentation network's.
  @Test(arguments: Architecture.presets) func encoders(encoder: Architecture) throws {
    #expect(!SegmentationArchitecture.isDescribed(by: encoder.json))
    #expect(!encoder.json.contains("\"kind\""))
    #expect(try Architecture(json: encoder.json) == encoder)
    let found = reason { _ = try SegmentationArchitecture(json: encoder.json) }
    #expect(found == .noSegmentationNetwork)
  }

  @Test(arguments: ["", "{}", "[]", #"{"kind":"segmentation"}"#, #"{"kind":"detection"}"#])
  func unreadable(json: String) {
    guard case .unreadableArchitecture = reason({ _ = try SegmentationArchitecture(json: json) })
    else {
      Issue.record("\(json) is no architecture")
      return
    }
  }

  @Test func impossibleSizes() throws {
    let changes: [(inout UNetArchitecture) -> Void] = [
      { $0.widths = [] }, { $0.widths = [4, 0] }, { $0.widths = [4, -3] }, { $0.classes = 0 },
      { $0.inputChannels = 0 }, { $0.widths = Array(repeating: 2, count: 11) },
      { $0.widths[1] = Int.max }, { $0.widths = Array(repeating: 2, count: 8) },
    ]
    for (index, change) in changes.enumerated() {
      var sizes = Self.unet
      change(&sizes)
      let made = architecture(.wNet(sizes))
      guard case .impossibleArchitecture = reason({ _ = try SegmentationModel(made) }) else {
        Issue.record("change \(index) makes no network")
        continue
      }
      #expect(throws: ModelsError.self) { try SegmentationArchitecture(json: made.json) }
    }
  }

  @Test func sizesOfImages() throws {
    let made = architecture(.uNet(Self.unet))
    for (width, height) in [(4, 8), (8192, 12), (64, 36)] {
      try made.requireImages(width: width, height: height)
    }
    for (width, height) in [(0, 8), (8, 0), (-4, 4), (6, 8), (8, 6), (8196, 4)] {
      #expect { try made.requireImages(width: width, height: height) } throws: { error in
        "\(error)".contains("\(width) × \(height)") && "\(error)".contains("that 4 divides")
      }
    }
  }

  /// Every network's own tensors lead back to it, in any order, counters beside them.
  @Test(arguments: all) func recognition(network: SegmentationArchitecture.Network) throws {
    let model = try SegmentationModel(architecture(network))
    let tensors = model.parameters.parameters.map { tensor($0.name, $0.shape) }
    let more = [tensor("unet1.first.block.2.num_batches_tracked", [])]
    let found = try #require(try SegmentationArchitecture.recognize(more + tensors.reversed()))
    #expect(found.architecture.network == model.architecture.network)
    #expect(found.architecture.network == network && found.assumptions.count == 1)
    let again = try SegmentationModel(found.architecture)
    #expect(again.parameters.compare(with: tensors).isComplete)
    #expect(throws: ModelsError.self) { try Architecture.recognize(tensors) }
  }

  @Test(arguments: Architecture.presets.map(\.name))
  func encodersAreNone(name: String) throws {
    let model = try Model(Architecture.named(name))
    #expect(try SegmentationArchitecture.recognize(model.descriptions) == nil)
  }

  /// Shapes that no network has are named, not built.
  @Test func damagedTensors() throws {
    let model = try SegmentationModel(architecture(.wNet(Self.unet)))
    let tensors = model.parameters.parameters.map { tensor($0.name, $0.shape) }
    let shapes: [[Int]?] = [nil, [], [3], [0, 5, 1, 1], [1 << 40, 5, 1, 1]]
    for shape in shapes {
      let damaged = tensors.changing("unet1.final.weight", to: shape)
      #expect(throws: ModelsError.self) { try SegmentationArchitecture.recognize(damaged) }
    }
    let damaged = tensors.changing("unet2.down_path.1.block.3.bias", to: [5])
    let found = try #require(try SegmentationArchitecture.recognize(damaged)).architecture
    let comparison = try SegmentationModel(found).parameters.compare(with: damaged)
    #expect(comparison.misshaped.map(\.name) == ["unet2.down_path.1.block.3.bias"])
  }
}

/// Checkpoints of segmentation networks, written and opened.
struct SegmentationCheckpointTests {
  private let device = Device(threadCount: 2)

  /// A checkpoint's weights are converted again bit for bit, and run as before.
  @Test func roundTrip() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["a.h5", "b.h5"].map { folder.appending(path: $0).path(percentEncoded: false) }
    let network = try RecordedNetwork("unet-whole")
    let parameters = network.model.parameters
    let header = CheckpointHeader(
      architecture: network.model.architecture.json,
      preprocessing: #"{"height":16,"interpolation":"bilinear","mean":[0,0,0],"rescale":1,"#
        + #""resize":{"mode":"stretch"},"standardDeviation":[1,1,1],"width":24}"#,
      provenance: CheckpointProvenance(source: "none", sha256: "", tool: "tests")
    )
    try CheckpointFile.write(
      to: paths[0],
      header: header,
      tensors: parameters.parameters.map { tensor($0.name, $0.shape) },
      values: { parameters[$0.name]?.value.elements ?? [] }
    )
    var options = SegmentationConversion.Options()
    options.imageSize = 40
    let report = try SegmentationConversion.run(
      from: paths[0],
      to: paths[1],
      options: options,
      tool: "tests"
    )
    #expect(report.architecture.network == network.model.architecture.network)
    #expect(report.ignored.isEmpty && report.parameterCount == parameters.count)
    let bundles = try paths.map { try SegmentationBundle(checkpoint: $0, on: device) }
    #expect(bundles.map(\.preprocessing.width) == [24, 40])
    #expect(bundles[1].preprocessing.interpolation == .bilinear)
    let pixels = network.images(2, 12, 20).elements
    let logits = try bundles.map { try $0.logits(images: pixels, count: 2, height: 12, width: 20) }
    #expect(logits[0] == logits[1])
    let wanted = try network.recorded.floats("logits0/2x12x20")
    expect(logits[0][0], equal: wanted, "a checkpoint's logits")
  }

  /// Photographs have three channels; networks that want others can be built, but not fed with them.
  @Test func otherChannels() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "x.safetensors.h5").path(percentEncoded: false)
    let model = try RecordedNetwork("unet-plain").model
    try CheckpointFile.write(
      to: path,
      header: CheckpointHeader(
        architecture: model.architecture.json,
        preprocessing: String(
          decoding: try JSONEncoder().encode(Preprocessing.imagenet(64)),
          as: UTF8.self
        ),
        provenance: CheckpointProvenance(source: "none", sha256: "", tool: "tests")
      ),
      tensors: model.parameters.parameters.map { tensor($0.name, $0.shape) },
      values: { [Float](repeating: 0.5, count: $0.count) }
    )
    let expected = "inputChannels is 3, as photographs have, not 2"
    #expect { try SegmentationBundle(checkpoint: path, on: device) } throws: {
      "\($0)".contains(expected)
    }
    let options = SegmentationConversion.Options()
    #expect {
      try SegmentationConversion.run(from: path, to: path + "2", options: options, tool: "")
    } throws: {
      "\($0)".contains(expected)
    }
  }

  /// An encoder's file is no segmentation network's, and the other way round.
  @Test func otherKinds() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "x.h5").path(percentEncoded: false)
    let encoder = TinyModel.resNet.path
    #expect(try !SegmentationConversion.recognizes(encoder, container: nil))
    let none = SegmentationConversion.Options()
    #expect {
      try SegmentationConversion.run(from: encoder, to: path, options: none, tool: "")
    } throws: {
      guard case .unrecognized? = ($0 as? ModelsError)?.reason else { return false }
      return "\($0)".contains("resnet.safetensors")
    }
    _ = try Conversion.run(from: encoder, to: path, options: Conversion.Options(), tool: "tests")
    #expect { try SegmentationBundle(checkpoint: path, on: device) } throws: {
      $0 as? ModelsError == ModelsError(.noSegmentationNetwork, path: path)
    }
    var options = SegmentationConversion.Options()
    options.architecture = SegmentationArchitecture(
      name: "another",
      imageSize: 32,
      network: .uNet(UNetArchitecture(classes: 1, widths: [2, 3]))
    )
    #expect {
      try SegmentationConversion.run(from: encoder, to: path, options: options, tool: "")
    } throws: {
      guard case .mismatch(let found)? = ($0 as? ModelsError)?.reason else { return false }
      return found.missing.contains("down_path.0.block.0.weight")
    }
  }
}
