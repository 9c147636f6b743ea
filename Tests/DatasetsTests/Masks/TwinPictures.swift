import Foundation

/// Pictures of a few pixels in the formats that sets with masks come in, written by hand.
enum TwinPictures {
  /// A GIF of 256 greys: index and grey are the same.
  ///
  /// Its codes have 9 bits throughout: the table is cleared before it would grow to 10.
  static func gif(_ mask: TwinMask) -> Data {
    var bytes = Array("GIF89a".utf8) + words([mask.width, mask.height]) + [0xF7, 0, 0]
    for level in 0...255 { bytes += Array(repeating: UInt8(level), count: 3) }
    bytes += [0x2C] + words([0, 0, mask.width, mask.height]) + [0, 8]
    var codes: [Int] = []
    for (index, value) in mask.values.enumerated() {
      if index % 200 == 0 { codes.append(256) }
      codes.append(Int(value))
    }
    codes.append(257)
    var packed = [UInt8](repeating: 0, count: (codes.count * 9 + 7) / 8)
    for (index, code) in codes.enumerated() {
      for bit in 0..<9 where code >> bit & 1 == 1 {
        packed[(index * 9 + bit) / 8] |= 1 << UInt8((index * 9 + bit) % 8)
      }
    }
    var rest = packed[...]
    while !rest.isEmpty {
      let block = rest.prefix(255)
      bytes += [UInt8(block.count)] + block
      rest = rest.dropFirst(255)
    }
    return Data(bytes + [0, 0x3B])
  }

  /// A TIFF without compression: RGB with the mask in the red channel, the others 0.
  static func redTIFF(_ mask: TwinMask) -> Data {
    tiff(mask, samples: mask.values.flatMap { [$0, 0, 0] }, channels: 3)
  }

  /// A TIFF without compression, of 8-bit grey.
  static func tiff(_ mask: TwinMask) -> Data {
    tiff(mask, samples: mask.values, channels: 1)
  }

  private static func tiff(_ mask: TwinMask, samples: [UInt8], channels: Int) -> Data {
    // Tag, type (3: 16 bits, 4: 32 bits), value.
    let bits = channels == 1 ? 8 : 8 + samples.count
    let tags: [(Int, Int, Int, Int)] = [
      (256, 4, 1, mask.width), (257, 4, 1, mask.height), (258, 3, channels, bits),
      (259, 3, 1, 1), (262, 3, 1, channels == 1 ? 1 : 2), (273, 4, 1, 8), (277, 3, 1, channels),
      (278, 4, 1, mask.height), (279, 4, 1, samples.count),
    ]
    let padding = channels == 3 ? [UInt8](words([8, 8, 8])) : []
    var bytes: [UInt8] = [0x49, 0x49, 0x2A, 0] + long(8 + samples.count + padding.count)
    bytes += samples + padding + words([tags.count])
    for (tag, type, count, value) in tags {
      bytes += words([tag, type]) + long(count) + long(value)
    }
    return Data(bytes + long(0))
  }

  /// A bitmap of 256 greys, rows from the bottom and padded to 4 bytes.
  static func bitmap(_ mask: TwinMask) -> Data {
    let stride = (mask.width + 3) / 4 * 4
    let start = 14 + 40 + 1024
    var bytes = Array("BM".utf8) + long(start + stride * mask.height) + long(0) + long(start)
    bytes += long(40) + long(mask.width) + long(mask.height) + words([1, 8])
    bytes += [0, stride * mask.height, 0, 0, 0, 0].flatMap(long)
    for level in 0...255 { bytes += [UInt8(level), UInt8(level), UInt8(level), 0] }
    for row in (0..<mask.height).reversed() {
      let values = mask.values[row * mask.width..<(row + 1) * mask.width]
      bytes += values + Array(repeating: 7, count: stride - mask.width)
    }
    return Data(bytes)
  }

  /// A portable greymap with a comment.
  static func greymap(_ mask: TwinMask) -> Data {
    Data("P5\n# drawn\n\(mask.width) \(mask.height)\n255\n".utf8) + Data(mask.values)
  }

  /// A portable pixmap: the mask's values as greys.
  static func pixmap(_ mask: TwinMask) -> Data {
    Data("P6 \(mask.width) \(mask.height) 255\n".utf8) + Data(mask.values.flatMap { [$0, $0, $0] })
  }

  private static func words(_ numbers: [Int]) -> [UInt8] {
    numbers.flatMap { [UInt8($0 & 255), UInt8($0 >> 8 & 255)] }
  }

  private static func long(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(number >> (8 * $0) & 255) }
  }
}

/// A picture of one value per pixel.
struct TwinMask {
  let width: Int
  let height: Int
  /// `height × width` values.
  var values: [UInt8]

  /// A mask of `background` with `value` where `isInside` says so.
  init(
    _ width: Int,
    _ height: Int,
    background: UInt8 = 0,
    value: UInt8 = 255,
    where isInside: (_ x: Int, _ y: Int) -> Bool
  ) {
    self.width = width
    self.height = height
    values = (0..<width * height).map { isInside($0 % width, $0 / width) ? value : background }
  }

  /// A photograph whose values say which one it is.
  static func photograph(_ number: Int, _ width: Int, _ height: Int) -> TwinMask {
    var picture = TwinMask(width, height) { _, _ in false }
    picture.values = picture.values.indices.map { UInt8(($0 * 7 + number * 31) % 251) }
    return picture
  }

  /// 1 where the value is `value`, else 0.
  func plane(_ value: UInt8 = 255) -> [UInt8] { values.map { $0 == value ? 1 : 0 } }
}
