import Imaging

/// A file that gzip packed, as STARE's photographs and masks are published.
///
/// Source: RFC 1952, GZIP file format specification, 1996.
enum GzipFile {
  /// The bytes that such a file begins with.
  static let signature: [UInt8] = [0x1F, 0x8B]

  /// Unpacks a file of one member or several.
  ///
  /// - Parameters:
  ///   - bytes: the whole file, which begins with `signature`.
  ///   - name: what errors call it.
  ///   - limit: how many bytes it may unpack to.
  /// - Returns: what was packed; its checksum and size were compared.
  /// - Throws: `ImagingError`: `truncated`, `malformed`, `unsupported`, `tooManyBytes`.
  static func unpack(_ bytes: [UInt8], name: String, limit: Int) throws -> [UInt8] {
    var output: [UInt8] = []
    var position = 0
    repeat {
      let start = try dataStart(bytes, position, name)
      let inflation: Inflation
      do {
        inflation = try Inflation(bytes, from: start, limit: limit - output.count)
      } catch {
        throw ImagingError(reason(error, limit), path: name)
      }
      position = inflation.position + 8
      guard position <= bytes.count else { throw ImagingError(cut, path: name) }
      let trailer = bytes[inflation.position..<position]
      let (checksum, count) = (number(trailer.prefix(4)), number(trailer.suffix(4)))
      guard checksum == crc32(inflation.output),
        count == UInt32(truncatingIfNeeded: inflation.output.count)
      else {
        let detail = "its checksum differs from what was unpacked"
        throw ImagingError(.malformed(format: "gzip", detail: detail), path: name)
      }
      output += inflation.output
    } while position < bytes.count
    return output
  }

  private static let cut = ImagingError.Reason.truncated(format: "gzip", detail: "no whole stream")

  private static func reason(_ fault: Inflation.Fault, _ limit: Int) -> ImagingError.Reason {
    switch fault {
    case .truncated: cut
    case .malformed(let detail): .malformed(format: "gzip", detail: detail)
    case .tooLong: .tooManyBytes(found: limit + 1, limit: limit)
    }
  }

  /// Where the packed data of the member at `start` begin: behind ten bytes, and behind an extra field,
  /// a name, a comment and a checksum of the header where its flags say that they are there.
  private static func dataStart(_ bytes: [UInt8], _ start: Int, _ name: String) throws -> Int {
    guard bytes.count >= start + 10 else { throw ImagingError(cut, path: name) }
    guard Array(bytes[start..<start + 2]) == signature else {
      let detail = "more bytes behind its end"
      throw ImagingError(.malformed(format: "gzip", detail: detail), path: name)
    }
    let flags = bytes[start + 3]
    guard bytes[start + 2] == 8, flags & 0xE0 == 0 else {
      throw ImagingError(.unsupported(format: "gzip", detail: "another compression"), path: name)
    }
    var position = start + 10
    if flags & 4 != 0, position + 2 <= bytes.count {
      position += 2 + Int(number(bytes[position..<position + 2]))
    }
    for flag in [8, 16] as [UInt8] where flags & flag != 0 {
      while position < bytes.count, bytes[position] != 0 { position += 1 }
      position += 1
    }
    return position + (flags & 2 != 0 ? 2 : 0)
  }

  /// Bytes as a number, the lowest first.
  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var number: UInt32 = 0
    for byte in bytes.reversed() { number = number << 8 | UInt32(byte) }
    return number
  }

  /// The CRC-32 of ISO 3309, as RFC 1952 (8) defines it.
  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      checksum = remainders[Int((checksum ^ UInt32(byte)) & 0xFF)] ^ (checksum >> 8)
    }
    return ~checksum
  }

  private static let remainders: [UInt32] = (0..<256).map { byte -> UInt32 in
    var value = UInt32(byte)
    for _ in 0..<8 {
      let half = value >> 1
      value = value & 1 == 0 ? half : half ^ 0xEDB8_8320
    }
    return value
  }
}
