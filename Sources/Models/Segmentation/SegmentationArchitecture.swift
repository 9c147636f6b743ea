import Foundation

/// What a segmentation network is made of: all that is needed to build it and that its tensors don't
/// say.
///
/// Stored as JSON in the checkpoint where encoders have their `Architecture`; the key `kind` tells
/// them apart, which an encoder's JSON doesn't have.
package struct SegmentationArchitecture: Codable, Equatable, Sendable {
  /// A name for people and tables, such as `wnet-8.16.32`.
  package var name: String
  /// The side in pixels that images are resized to unless something else is said.
  package var imageSize: Int
  /// The network.
  package var network: Network
  private let kind: Kind

  /// What tells a segmentation network's JSON from an encoder's.
  private enum Kind: String, Codable { case segmentation }

  /// A network that turns images into logits of the same height and width.
  package enum Network: Codable, Equatable, Sendable {
    /// One U-Net.
    case uNet(UNetArchitecture)
    /// Two U-Nets of the same sizes; the second sees the images and the first one's logits.
    case wNet(UNetArchitecture)
    /// An image encoder with a decoder of masks.
    case encoderDecoder(EncoderDecoderArchitecture)
  }

  /// Puts an architecture together.
  ///
  /// - Parameters:
  ///   - name: a name for people and tables.
  ///   - imageSize: the side in pixels that images are resized to unless something else is said.
  ///   - network: the network.
  package init(name: String, imageSize: Int, network: Network) {
    self.name = name
    self.imageSize = imageSize
    self.network = network
    kind = .segmentation
  }

  /// The architecture as JSON with sorted keys: equal architectures give equal bytes.
  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(self) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }

  /// Reads an architecture.
  ///
  /// - Parameter json: what a checkpoint holds.
  /// - Throws: `ModelsError`: `noSegmentationNetwork` for an encoder's architecture; others where the
  ///   JSON describes no network that can be built.
  package init(json: String) throws {
    guard Self.isDescribed(by: json) || (try? Architecture(json: json)) == nil else {
      throw ModelsError(.noSegmentationNetwork)
    }
    do {
      self = try JSONDecoder().decode(SegmentationArchitecture.self, from: Data(json.utf8))
    } catch {
      throw ModelsError(.unreadableArchitecture(detail: describe(error)))
    }
    try validate()
  }

  /// Whether a checkpoint's architecture says that it is a segmentation network's, readable or not.
  ///
  /// - Parameter json: what a checkpoint holds.
  /// - Returns: false for an encoder's.
  package static func isDescribed(by json: String) -> Bool {
    struct Named: Decodable { let kind: String }
    let named = try? JSONDecoder().decode(Named.self, from: Data(json.utf8))
    return named?.kind == Kind.segmentation.rawValue
  }
}

/// A U-Net's sizes.
package struct UNetArchitecture: Codable, Equatable, Sendable {
  /// The channels of the images.
  package var inputChannels: Int
  /// How many logits each pixel gets.
  package var classes: Int
  /// The channels of each stage's maps, the full resolution's first; each stage halves both sides.
  package var widths: [Int]
  /// Whether a 1×1 convolution passes each block by.
  package var hasShortcuts: Bool
  /// Whether maps of the way down cross a convolution before they join the way up.
  package var hasBridges: Bool

  /// Puts sizes together.
  ///
  /// - Parameters:
  ///   - inputChannels: the channels of the images.
  ///   - classes: how many logits each pixel gets.
  ///   - widths: the channels of each stage's maps, the full resolution's first.
  ///   - hasShortcuts: whether a 1×1 convolution passes each block by.
  ///   - hasBridges: whether maps of the way down cross a convolution before they join the way up.
  package init(
    inputChannels: Int = 3,
    classes: Int,
    widths: [Int],
    hasShortcuts: Bool = true,
    hasBridges: Bool = true
  ) {
    self.inputChannels = inputChannels
    self.classes = classes
    self.widths = widths
    self.hasShortcuts = hasShortcuts
    self.hasBridges = hasBridges
  }

  /// What both sides of an image must be divisible by: 2 for each stage but the first.
  package var divisor: Int { 1 << max(widths.count - 1, 0) }
}
