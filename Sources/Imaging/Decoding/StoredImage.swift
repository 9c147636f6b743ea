import CCodecs

/// An image as its file stores it: not turned, not converted.
struct StoredImage {
  /// What the samples mean.
  enum Layout {
    case grey
    /// Two bytes per sample in the machine's byte order.
    case grey16
    case indexed
    case rgb
  }

  var width: Int
  var height: Int
  var layout: Layout
  var orientation: Orientation
  /// `height × width` pixels of 1, 2, 1 or 3 bytes.
  var samples: [UInt8]
  /// 256 colours of an indexed image: red, green, blue.
  var palette: [UInt8]

  /// Decodes a file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - path: its name, for errors.
  ///   - pixelLimit: how many pixels are decoded at most; checked before any is allocated.
  /// - Returns: the image as stored.
  /// - Throws: `ImagingError`.
  static func decode(_ bytes: [UInt8], path: String, pixelLimit: Int) throws -> StoredImage {
    switch try format(of: bytes, path: path) {
    case .jpeg:
      return try decodeJPEG(bytes, path: path, pixelLimit: pixelLimit)
    case .png:
      var image = try unsafe decodeWhole(
        bytes,
        .png,
        vbc_png_header,
        vbc_png_decode,
        path: path,
        pixelLimit: pixelLimit
      )
      image.orientation = pngOrientation(bytes)
      return image
    case .tiff:
      return try unsafe decodeWhole(
        bytes,
        .tiff,
        vbc_tiff_header,
        vbc_tiff_decode,
        path: path,
        pixelLimit: pixelLimit
      )
    case .gif:
      return try unsafe decodeWhole(
        bytes,
        .gif,
        vbc_gif_header,
        vbc_gif_decode,
        path: path,
        pixelLimit: pixelLimit
      )
    }
  }

  /// The format of a file.
  ///
  /// - Throws: `ImagingError`: `empty`, `unknownFormat`.
  static func format(of bytes: [UInt8], path: String) throws -> ImageFormat {
    guard !bytes.isEmpty else { throw ImagingError(.empty, path: path) }
    guard let format = ImageFormat(signatureOf: bytes) else {
      throw ImagingError(.unknownFormat(found: ImageFormat.nameOfUnread(bytes)), path: path)
    }
    return format
  }

  private static func decodeJPEG(
    _ bytes: [UInt8],
    path: String,
    pixelLimit: Int
  ) throws -> StoredImage {
    try unsafe bytes.withUnsafeBufferPointer { bytes in
      var reader = try unsafe JPEGReader(bytes, pixelLimit: pixelLimit, path: path)
      let (width, height) = (reader.width, reader.height)
      let count = width * height * reader.channels
      let samples = try unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
        try unsafe reader.read(rows: height, into: target)
        filled = count
      }
      return StoredImage(
        width: width,
        height: height,
        layout: reader.channels == 1 ? .grey : .rgb,
        orientation: reader.orientation,
        samples: samples,
        palette: []
      )
    }
  }

  private typealias Header = (
    UnsafePointer<UInt8>?, Int, UInt64, UnsafeMutablePointer<VBCHeader>?,
    UnsafeMutablePointer<VBCMessages>?
  ) -> VBCStatus

  private typealias Decode = (
    UnsafePointer<UInt8>?, Int, UInt64, UnsafeMutablePointer<UInt8>?,
    UnsafeMutablePointer<VBCPalette>?, UnsafeMutablePointer<VBCMessages>?
  ) -> VBCStatus

  /// Decodes by one of the codecs that give the whole image at once.
  private static func decodeWhole(
    _ bytes: [UInt8],
    _ format: ImageFormat,
    _ readHeader: Header,
    _ decode: Decode,
    path: String,
    pixelLimit: Int
  ) throws -> StoredImage {
    var messages = VBCMessages()
    var header = VBCHeader()
    let limit = UInt64(pixelLimit)
    try unsafe bytes.withUnsafeBufferPointer { bytes in
      let status = unsafe readHeader(bytes.baseAddress, bytes.count, limit, &header, &messages)
      try check(
        status,
        messages,
        format: format,
        path: path,
        header: header,
        pixelLimit: pixelLimit
      )
    }
    let count = Int(header.width) * Int(header.height) * vbc_bytes_per_pixel(header.layout)
    var palette = VBCPalette()
    let samples = try unsafe bytes.withUnsafeBufferPointer { bytes in
      try unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
        let status = unsafe decode(
          bytes.baseAddress,
          bytes.count,
          limit,
          target.baseAddress,
          &palette,
          &messages
        )
        try check(status, messages, format: format, path: path)
        filled = count
      }
    }
    return StoredImage(
      width: Int(header.width),
      height: Int(header.height),
      layout: Layout(header.layout),
      orientation: Orientation(rawValue: Int(header.orientation)) ?? .upright,
      samples: samples,
      palette: unsafe withUnsafeBytes(of: palette) { unsafe Array($0) }
    )
  }

  /// The orientation of a PNG that decodes.
  private static func pngOrientation(_ bytes: [UInt8]) -> Orientation {
    var messages = VBCMessages()
    var exif = [UInt8](repeating: 0, count: 1 << 16)
    var written = 0
    let status = unsafe vbc_png_exif(bytes, bytes.count, &exif, exif.count, &written, &messages)
    guard status == VBC_OK, written > 0 else { return .upright }
    return .read(exif: Array(exif.prefix(written)))
  }
}

extension StoredImage.Layout {
  fileprivate init(_ layout: VBCLayout) {
    switch layout {
    case VBC_GREY16: self = .grey16
    case VBC_INDEXED: self = .indexed
    case VBC_RGB: self = .rgb
    default: self = .grey
    }
  }
}
