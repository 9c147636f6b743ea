package import Foundation
package import Imaging

/// Decodes the pictures of sets with masks: what `Imaging` reads, and the plain formats that only such
/// sets come in: Windows bitmaps, portable maps, and files that gzip packed.
package enum MaskPicture {
  /// Decodes a file that lies in memory.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - name: what errors call it.
  ///   - pixelLimit: how many pixels are decoded at most.
  /// - Returns: the picture as RGB; palettes are applied.
  /// - Throws: `ImagingError`.
  package static func decode(_ data: Data, name: String, pixelLimit: Int) throws -> ImageBuffer {
    let bytes = [UInt8](data)
    if bytes.starts(with: GzipFile.signature) {
      // Three samples a pixel, and a header that is no larger than a few palettes.
      let limit = min(pixelLimit, Int(Int32.max)) * 3 + 1 << 16
      let unpacked = try GzipFile.unpack(bytes, name: name, limit: limit)
      return try decode(unpacked, name: name, pixelLimit: pixelLimit)
    }
    return try decode(bytes, name: name, pixelLimit: pixelLimit)
  }

  private static func decode(
    _ bytes: [UInt8],
    name: String,
    pixelLimit: Int
  ) throws -> ImageBuffer {
    let start = bytes.prefix(2)
    if start.elementsEqual("BM".utf8) {
      return try BitmapFile(bytes, name: name).image(pixelLimit: pixelLimit)
    }
    if start.elementsEqual("P5".utf8) || start.elementsEqual("P6".utf8) {
      return try AnymapFile(bytes, name: name).image(pixelLimit: pixelLimit)
    }
    return try ImageBuffer(decoding: bytes, name: name, pixelLimit: pixelLimit)
  }
}
