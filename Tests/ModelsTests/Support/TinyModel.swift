import Checkpoints
import Foundation
import Layers
import Models
import Tensors
import TestSupport

/// A small model that PyTorch ran and saved: a file of `Tests/Fixtures/Models`.
struct TinyModel: Sendable, CustomStringConvertible {
  /// What the recorded cases' names begin with.
  let name: String
  /// The file's extension.
  let format: String
  /// The architecture where the file's names and shapes don't tell it; nil to recognise it.
  var architecture: Architecture?
  /// Tensors of the file that the model has no use for.
  var ignored: [String] = []

  var description: String { name }

  /// The file.
  var path: String {
    Fixtures.directory.appending(path: "Models/\(name).\(format)").path(percentEncoded: false)
  }

  /// The cases that PyTorch recorded.
  ///
  /// - Parameter kind: `images` or `texts`.
  /// - Returns: at least one case.
  /// - Throws: what reading the recorded file throws.
  func recorded(_ kind: String) throws -> [RecordedCase] {
    try RecordedCase.cases("Models/pytorch.json", "\(name)/\(kind)")
  }

  /// Converts the file and opens the checkpoint.
  ///
  /// - Parameter device: where the model lies.
  /// - Returns: the conversion's report and the opened checkpoint.
  /// - Throws: what converting and opening throw.
  func converted(on device: Device) throws -> (report: Conversion.Report, bundle: ModelBundle) {
    var options = Conversion.Options()
    options.architecture = architecture
    return try convert(path, options, on: device)
  }

  /// The model with its weights, every parameter in its plain form.
  func loaded(on device: Device) throws -> Model {
    let archive = RenamedArchive(try openArchive(at: path))
    let model = try Model(
      architecture ?? Architecture.recognize(archive.tensors).architecture
    )
    _ = try model.load(from: archive, on: device)
    return model
  }
}

/// Converts a file in a folder that is removed, and opens the checkpoint.
func convert(
  _ path: String,
  _ options: Conversion.Options,
  on device: Device
) throws -> (report: Conversion.Report, bundle: ModelBundle) {
  let folder = try Fixtures.temporaryDirectory()
  defer { try? FileManager.default.removeItem(at: folder) }
  let output = folder.appending(path: "model.h5").path(percentEncoded: false)
  let report = try Conversion.run(from: path, to: output, options: options, tool: "tests")
  return (report, try ModelBundle(checkpoint: output, on: device))
}

/// The generator's images [count, side, side, 3].
func images(_ count: Int, side: Int) -> [Float] {
  (0..<count * side * side * 3).map { Float($0 * 7919 % 10007) / 5003.5 - 1 }
}

extension TinyModel {
  /// All of them.
  static let all = [clipViT, clipResNet, retCLIP, dinov2, resNet, chineseCLIP]
  /// Those with a text encoder.
  static let withTexts = [clipViT, clipResNet, retCLIP, chineseCLIP]

  private static let pooler = ["bert.pooler.dense.weight", "bert.pooler.dense.bias"]

  static let clipViT = TinyModel(
    name: "clip-vit",
    format: "pt",
    architecture: Architecture(
      name: "tiny",
      vision: .transformer(
        VisionTransformerArchitecture(
          layout: .clip,
          imageSize: 15,
          patchSize: 5,
          positionGrid: 3,
          width: 40,
          layers: 3,
          heads: 5,
          hiddenWidth: 52,
          projectionWidth: 7
        )
      ),
      text: TextArchitecture(
        vocabularySize: 23,
        width: 24,
        layers: 2,
        heads: 3,
        hiddenWidth: 36,
        positions: 13,
        segmentKinds: 3,
        projectionWidth: 7,
        contextLength: 11
      )
    ),
    ignored: pooler
  )

  static let clipResNet = TinyModel(
    name: "clip-rn",
    format: "pt",
    architecture: Architecture(
      name: "tiny",
      vision: .modifiedResNet(
        ModifiedResNetArchitecture(
          imageSize: 64,
          positionGrid: 2,
          width: 4,
          layers: [1, 2, 1, 1],
          heads: 8,
          projectionWidth: 9
        )
      ),
      text: TextArchitecture(
        vocabularySize: 23,
        width: 16,
        layers: 1,
        heads: 2,
        hiddenWidth: 36,
        positions: 13,
        segmentKinds: 3,
        projectionWidth: 9,
        contextLength: 11
      )
    ),
    ignored: pooler
      + counters(
        "visual.",
        [("", 3), ("layer1.0", 3), ("layer1.0.downsample.1", 0)]
          + [("layer2.0", 3), ("layer2.0.downsample.1", 0), ("layer2.1", 3)]
          + [("layer3.0", 3), ("layer3.0.downsample.1", 0)]
          + [("layer4.0", 3), ("layer4.0.downsample.1", 0)]
      )
  )

  static let retCLIP = TinyModel(
    name: "ret-clip",
    format: "pt",
    ignored: pooler + [
      "logit_scale", "logit_scale_right", "right_feature_mapping.weight",
      "text_projection_right.0.weight", "text_projection_right.0.bias",
      "text_projection_right.2.weight", "text_projection_right.2.bias",
    ]
  )

  static let dinov2 = TinyModel(
    name: "dinov2",
    format: "safetensors",
    architecture: Architecture(
      name: "tiny",
      vision: .transformer(
        VisionTransformerArchitecture(
          layout: .dinov2,
          imageSize: 21,
          patchSize: 7,
          positionGrid: 3,
          width: 40,
          layers: 3,
          heads: 5,
          hiddenWidth: 80
        )
      )
    ),
    ignored: ["embeddings.mask_token"]
  )

  static let resNet = TinyModel(
    name: "resnet",
    format: "safetensors",
    ignored: ["fc.weight", "fc.bias"]
      + counters(
        "",
        [("", 1), ("layer1.0", 3), ("layer1.0.downsample.1", 0), ("layer1.1", 3)]
          + [("layer2.0", 3), ("layer2.0.downsample.1", 0)]
          + [("layer3.0", 3), ("layer3.0.downsample.1", 0)]
          + [("layer4.0", 3), ("layer4.0.downsample.1", 0), ("layer4.1", 3)]
      )
  )

  static let chineseCLIP = TinyModel(name: "chinese-clip", format: "safetensors")

  /// The names of batch norms' counters: of `bn1` to `bnN` under each place, or of the place itself.
  private static func counters(_ prefix: String, _ places: [(String, Int)]) -> [String] {
    places.flatMap { place, count in
      let scope = place.isEmpty ? prefix : "\(prefix)\(place)."
      return count == 0
        ? ["\(scope)num_batches_tracked"]
        : (1...count).map { "\(scope)bn\($0).num_batches_tracked" }
    }
  }
}
