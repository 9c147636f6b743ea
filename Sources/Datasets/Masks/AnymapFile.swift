import Imaging

/// A portable greymap (P5) or pixmap (P6) of 8 bits, as STARE's pictures are.
///
/// Source: the Netpbm project's descriptions of PGM and PPM, the binary ("raw") forms.
struct AnymapFile {
  private let bytes: [UInt8]
  private let name: String
  private let channels: Int
  private let width: Int
  private let height: Int
  private let largest: Int
  private let start: Int

  /// Reads the header: `P5` or `P6`, width, height and largest value, white space and comments
  /// between them, one white space after them.
  ///
  /// - Parameters:
  ///   - bytes: the whole file, which begins with `P5` or `P6`.
  ///   - name: what errors call it.
  /// - Throws: `ImagingError` where it is no header, or one of 16 bits.
  init(_ bytes: [UInt8], name: String) throws {
    self.bytes = bytes
    self.name = name
    channels = bytes[1] == UInt8(ascii: "6") ? 3 : 1
    var position = 2
    var numbers: [Int] = []
    while numbers.count < 3 {
      guard let number = Self.number(bytes, &position) else {
        throw ImagingError(.malformed(format: "PNM", detail: "no whole header"), path: name)
      }
      numbers.append(number)
    }
    (width, height, largest) = (numbers[0], numbers[1], numbers[2])
    start = position + 1
    guard width > 0, height > 0, largest > 0 else {
      throw ImagingError(.malformed(format: "PNM", detail: "an empty image"), path: name)
    }
    guard largest < 256 else {
      throw ImagingError(.unsupported(format: "PNM", detail: "samples of 16 bits"), path: name)
    }
  }

  /// Decodes the pixels; a largest value below 255 is stretched to it.
  ///
  /// - Parameter pixelLimit: how many pixels are decoded at most.
  /// - Returns: the picture as RGB.
  /// - Throws: `ImagingError`: `tooManyPixels`, `truncated`, `malformed`.
  func image(pixelLimit: Int) throws -> ImageBuffer {
    guard width <= pixelLimit / height else {
      throw ImagingError(
        .tooManyPixels(width: width, height: height, limit: pixelLimit),
        path: name
      )
    }
    let count = width * height * channels
    guard bytes.count >= start + count else {
      let detail = "\(max(0, bytes.count - start)) of \(count) samples"
      throw ImagingError(.truncated(format: "PNM", detail: detail), path: name)
    }
    let samples = bytes[start..<start + count]
    guard samples.allSatisfy({ Int($0) <= largest }) else {
      let detail = "a sample above the largest value \(largest)"
      throw ImagingError(.malformed(format: "PNM", detail: detail), path: name)
    }
    let stretched = samples.map { UInt8((Int($0) * 255 + largest / 2) / largest) }
    let pixels = channels == 3 ? stretched : stretched.flatMap { [$0, $0, $0] }
    return ImageBuffer(width: width, height: height, pixels: pixels)
  }

  /// The next number of the header, behind white space and comments.
  private static func number(_ bytes: [UInt8], _ position: inout Int) -> Int? {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != 10 { position += 1 }
      } else if ![9, 10, 11, 12, 13, 32].contains(byte) {
        break
      }
      position += 1
    }
    let digits = bytes[min(position, bytes.count)...].prefix(8, while: { (48...57).contains($0) })
    position += digits.count
    return Int(String(decoding: digits, as: UTF8.self))
  }
}

extension ArraySlice<UInt8> {
  /// At most `count` leading bytes that satisfy a condition.
  fileprivate func prefix(_ count: Int, while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    prefix(count).prefix(while: condition)
  }
}
