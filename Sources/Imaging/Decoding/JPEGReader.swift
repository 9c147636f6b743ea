import CCodecs

/// An open JPEG that hands out its rows from top to bottom.
///
/// It points into the bytes that it was opened on and lives inside `withRows` only.
@safe struct JPEGReader: ~Copyable {
  private let handle: OpaquePointer
  private let path: String
  /// Pixels per row, as stored.
  let width: Int
  /// Rows, as stored.
  let height: Int
  /// 1 for greyscale, 3 for RGB.
  let channels: Int

  /// How the image is to be turned once it is decoded.
  var orientation: Orientation {
    var count = 0
    guard let exif = unsafe vbc_jpeg_exif(handle, &count) else { return .upright }
    return unsafe .read(exif: Array(UnsafeBufferPointer(start: exif, count: count)))
  }

  /// Opens a JPEG in memory.
  ///
  /// - Parameters:
  ///   - bytes: the file; must outlive the reader.
  ///   - pixelLimit: how many pixels are decoded at most.
  ///   - path: the file's name, for errors.
  /// - Throws: `ImagingError`.
  init(_ bytes: UnsafeBufferPointer<UInt8>, pixelLimit: Int, path: String) throws {
    var messages = VBCMessages()
    var header = VBCHeader()
    var opened: OpaquePointer?
    let status = unsafe vbc_jpeg_open(
      bytes.baseAddress,
      bytes.count,
      UInt64(pixelLimit),
      &opened,
      &header,
      &messages
    )
    try check(
      status,
      messages,
      format: .jpeg,
      path: path,
      header: header,
      pixelLimit: pixelLimit
    )
    guard let opened = unsafe opened else {
      throw ImagingError(.outOfMemory(detail: "opening the JPEG"), path: path)
    }
    unsafe handle = unsafe opened
    self.path = path
    width = Int(header.width)
    height = Int(header.height)
    channels = header.layout == VBC_GREY ? 1 : 3
  }

  deinit {
    unsafe vbc_jpeg_close(handle)
  }

  /// Decodes the next rows.
  ///
  /// - Parameters:
  ///   - rows: how many, at most as many as are left.
  ///   - target: room for `rows × width × channels` samples.
  /// - Throws: `ImagingError`: `truncated`, `malformed`, `outOfMemory`.
  mutating func read(rows: Int, into target: UnsafeMutableBufferPointer<UInt8>) throws {
    precondition(
      target.count >= rows * width * channels,
      "\(target.count) bytes for \(rows) rows of \(width * channels)"
    )
    var messages = VBCMessages()
    let status = unsafe vbc_jpeg_read_rows(
      handle,
      target.baseAddress,
      width * channels,
      UInt32(rows),
      &messages
    )
    try check(status, messages, format: .jpeg, path: path)
  }
}
