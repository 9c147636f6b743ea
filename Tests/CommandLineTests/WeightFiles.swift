import Foundation
import Layers
import Models

/// Files of weights that tests write.
enum WeightFiles {
  /// A CLIP pair whose sizes are all different, as names and shapes tell it.
  static let architecture = Architecture(
    name: "clip-vit-64x1-p16",
    vision: .transformer(
      VisionTransformerArchitecture(
        layout: .clip,
        imageSize: 48,
        patchSize: 16,
        positionGrid: 3,
        width: 64,
        layers: 1,
        heads: 2,
        hiddenWidth: 128,
        projectionWidth: 24
      )
    ),
    text: TextArchitecture(
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
  )

  /// The vocabulary of `architecture`, a token per line.
  static let vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n眼\n底\na\n"

  /// The names and shapes of `architecture`'s tensors.
  static func tensors() throws -> [(name: String, shape: [Int])] {
    try Model(architecture).parameters.parameters.map { ($0.name, $0.shape) }
  }

  /// A safetensors file of float32 tensors whose elements count up.
  static func safetensors(_ tensors: [(name: String, shape: [Int])]) throws -> Data {
    var header: [String: Any] = [:]
    var values = Data()
    for (name, shape) in tensors {
      let start = values.count
      for index in 0..<shape.reduce(1, *) {
        let bits = (Float(index % 101) / 128).bitPattern.littleEndian
        for shift in stride(from: 0, to: 32, by: 8) {
          values.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
        }
      }
      header[name] = ["dtype": "F32", "shape": shape, "data_offsets": [start, values.count]]
    }
    let json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys])
    let length = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> ($0 * 8)) }
    return Data(length) + json + values
  }

  /// A legacy PyTorch file whose pickle calls `posix.system`.
  static var hostilePickle: Data {
    let magic: [UInt8] = [
      0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]
    let version: [UInt8] = [0x80, 2, 0x4D, 0xE9, 0x03, 0x2E]
    let system: [UInt8] =
      [0x80, 2, 0x7D, 0x28, 0x58, 13, 0, 0, 0] + Array("little_endian".utf8) + [0x88, 0x75, 0x2E]
    let call: [UInt8] =
      [0x80, 2] + Array("cposix\nsystem\n".utf8)
      + [0x58, 11, 0, 0, 0] + Array("touch owned".utf8) + [0x85, 0x52, 0x2E]
    return Data(magic + version + system + call)
  }
}
