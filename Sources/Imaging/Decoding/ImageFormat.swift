/// The formats that are read, told by a file's first bytes.
package enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg = "JPEG"
  case png = "PNG"
  case tiff = "TIFF"
  case gif = "GIF"

  /// Recognises a format.
  ///
  /// - Parameter bytes: the file, or its first 12 bytes.
  init?(signatureOf bytes: [UInt8]) {
    func starts(_ signature: [UInt8]) -> Bool { bytes.starts(with: signature) }
    if starts([0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if Self.tiffSignatures.contains(where: starts) {
      self = .tiff
    } else if starts(Array("GIF87a".utf8)) || starts(Array("GIF89a".utf8)) {
      self = .gif
    } else {
      return nil
    }
  }

  /// Both byte orders, classic and big.
  private static let tiffSignatures: [[UInt8]] = [
    [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A],
    [0x49, 0x49, 0x2B, 0x00], [0x4D, 0x4D, 0x00, 0x2B],
  ]

  /// What a file seems to be whose format is not read.
  ///
  /// - Parameter bytes: the file, not empty.
  /// - Returns: a name with its article.
  static func nameOfUnread(_ bytes: [UInt8]) -> String {
    func has(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: Array(text.utf8))
    }
    if has("BM") { return "a BMP" }
    if has("RIFF"), has("WEBP", at: 8) { return "a WebP" }
    if has("ftyp", at: 4) { return "a HEIF, AVIF or video file" }
    if has("DICM", at: 128) { return "a DICOM file" }
    if has("%PDF") { return "a PDF" }
    if has("PK") { return "a ZIP archive" }
    if has("<") { return "a text file that begins with ‘<’" }
    let digits = Array("0123456789abcdef")
    let first = bytes.prefix(4).map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }
    return "of no known format (it begins with the bytes \(first.joined(separator: " ")))"
  }
}
