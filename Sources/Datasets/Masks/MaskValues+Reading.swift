import Imaging

extension MaskValues {
  /// Marks grey levels without a meaning; labels end far below.
  private static let unknown: UInt8 = 254

  /// Turns a decoded mask into labels.
  ///
  /// Palettes have been applied, so that a value is the grey that a person sees; grey of 16 bits is
  /// cut off at 255.
  ///
  /// - Parameter picture: the mask, H × W.
  /// - Returns: `H × W` labels, 255 where ignored.
  /// - Throws: `MaskFault.unknownValues`.
  func labels(of picture: ImageBuffer) throws -> [UInt8] {
    let pixels = picture.pixels
    let table = (0...255).map { level -> UInt8 in
      let level = UInt8(level)
      if level == ignored { return MaskTarget.ignored }
      guard let labels else { return level == 0 ? 0 : 1 }
      return labels[level] ?? Self.unknown
    }
    let coloured: UInt8 = labels == nil ? 1 : Self.unknown
    var isKnown = true
    var result = [UInt8](repeating: 0, count: pixels.count / 3)
    for pixel in result.indices {
      let (red, green, blue) = (pixels[3 * pixel], pixels[3 * pixel + 1], pixels[3 * pixel + 2])
      let label = red == green && green == blue ? table[Int(red)] : coloured
      result[pixel] = label
      if label == Self.unknown { isKnown = false }
    }
    guard isKnown else {
      let known = (labels?.keys.map(Int.init) ?? []) + (ignored.map { [Int($0)] } ?? [])
      throw MaskFault.unknownValues(unknowns(pixels, result), known: known.sorted())
    }
    return result
  }

  /// What the pixels without a meaning hold, the most frequent first.
  private func unknowns(_ pixels: [UInt8], _ labels: [UInt8]) -> [MaskFault.Value] {
    var counts: [[UInt8]: Int] = [:]
    for pixel in labels.indices where labels[pixel] == Self.unknown {
      let channels = Array(pixels[3 * pixel..<3 * pixel + 3])
      let isGrey = channels[0] == channels[1] && channels[1] == channels[2]
      counts[isGrey ? [channels[0]] : channels, default: 0] += 1
    }
    return counts.map { MaskFault.Value(channels: $0, count: $1) }.sorted {
      $0.count != $1.count
        ? $0.count > $1.count : $0.channels.lexicographicallyPrecedes($1.channels)
    }
  }
}
