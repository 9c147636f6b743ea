import CCodecs
import Foundation

/// Writes PNG files under a temporary name and renames them when they are complete.
package enum PNGWriter {
  /// Writes an 8-bit RGB image.
  ///
  /// - Parameters:
  ///   - image: what to write.
  ///   - path: the file; one that is there is replaced in one step.
  ///   - compressionLevel: zlib's, `0...9`.
  /// - Throws: `ImagingError`: `notWritable`, `outOfMemory`.
  package static func write(
    _ image: ImageBuffer,
    to path: String,
    compressionLevel: Int = 6
  ) throws {
    try unsafe image.pixels.withUnsafeBytes { samples in
      try unsafe write(
        samples,
        width: image.width,
        height: image.height,
        channels: 3,
        bitDepth: 8,
        to: path,
        compressionLevel: compressionLevel
      )
    }
  }

  /// Writes a grey image with its 8 or 16 bits per sample.
  ///
  /// - Parameters:
  ///   - image: what to write.
  ///   - path: the file; one that is there is replaced in one step.
  ///   - compressionLevel: zlib's, `0...9`.
  /// - Throws: `ImagingError`: `notWritable`, `outOfMemory`.
  package static func write(
    _ image: GrayImage,
    to path: String,
    compressionLevel: Int = 6
  ) throws {
    func write(_ samples: UnsafeRawBufferPointer) throws {
      try unsafe self.write(
        samples,
        width: image.width,
        height: image.height,
        channels: 1,
        bitDepth: image.bitDepth,
        to: path,
        compressionLevel: compressionLevel
      )
    }
    if image.bitDepth == 16 {
      try unsafe image.samples.withUnsafeBytes(write)
    } else {
      try unsafe image.samples.map { UInt8(clamping: $0) }.withUnsafeBytes(write)
    }
  }

  private static func write(
    _ samples: UnsafeRawBufferPointer,
    width: Int,
    height: Int,
    channels: Int,
    bitDepth: Int,
    to path: String,
    compressionLevel: Int
  ) throws {
    precondition((0...9).contains(compressionLevel), "compression level \(compressionLevel)")
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    let temporary = folder + "/.\(URL(filePath: path).lastPathComponent).\(UUID().uuidString)"
    guard var file = unsafe fopen(temporary, "wbx") else {
      throw ImagingError(.notWritable(detail: lastSystemError()), path: path)
    }
    var isPublished = false
    defer { if !isPublished { _ = unsafe unlink(temporary) } }
    var messages = VBCMessages()
    let status = unsafe vbc_png_write(
      samples.baseAddress,
      UInt32(width),
      UInt32(height),
      UInt32(channels),
      UInt32(bitDepth),
      Int32(compressionLevel),
      appendToFile,
      &file,
      &messages
    )
    let isFlushed = unsafe fflush(file) == 0 && fsync(fileno(file)) == 0
    let flushError = lastSystemError()
    let isClosed = unsafe fclose(file) == 0
    try check(status, messages, format: .png, path: path)
    guard isFlushed, isClosed, unsafe rename(temporary, path) == 0 else {
      let detail = isFlushed ? lastSystemError() : flushError
      throw ImagingError(.notWritable(detail: detail), path: path)
    }
    isPublished = true
  }
}

/// Appends bytes to the stream that `context` points to.
private func appendToFile(
  _ context: UnsafeMutableRawPointer?,
  _ bytes: UnsafePointer<UInt8>?,
  _ count: Int
) -> Int32 {
  guard let context = unsafe context, let bytes = unsafe bytes else { return 0 }
  let file = unsafe context.assumingMemoryBound(to: UnsafeMutablePointer<FILE>.self).pointee
  return unsafe fwrite(bytes, 1, count, file) == count ? 1 : 0
}
