import CCodecs

/// Turns a C codec's answer into an `ImagingError`.
///
/// - Parameters:
///   - status: the codec's answer.
///   - messages: what the library said.
///   - format: the file's format.
///   - path: the file.
///   - header: what is known of the size, for `tooManyPixels`.
///   - pixelLimit: how many pixels were allowed.
/// - Throws: `ImagingError` unless the status is `VBC_OK`.
func check(
  _ status: VBCStatus,
  _ messages: VBCMessages,
  format: ImageFormat,
  path: String,
  header: VBCHeader = VBCHeader(),
  pixelLimit: Int = 0
) throws {
  let detail = text(of: messages)
  let name = format.rawValue
  let reason: ImagingError.Reason
  switch status {
  case VBC_OK: return
  case VBC_TRUNCATED: reason = .truncated(format: name, detail: detail)
  case VBC_UNSUPPORTED: reason = .unsupported(format: name, detail: detail)
  case VBC_NO_MEMORY: reason = .outOfMemory(detail: detail)
  case VBC_WRITE_FAILED: reason = .notWritable(detail: detail)
  case VBC_TOO_LARGE:
    reason = .tooManyPixels(
      width: Int(header.width),
      height: Int(header.height),
      limit: pixelLimit
    )
  default: reason = .malformed(format: name, detail: detail)
  }
  throw ImagingError(reason, path: path)
}

/// A library's message as one line of valid UTF-8.
private func text(of messages: VBCMessages) -> String {
  let bytes = unsafe withUnsafeBytes(of: messages.error) { error in
    unsafe Array(error.prefix { $0 != 0 })
  }
  let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
  return line.isEmpty ? "no detail" : line.joined(separator: " ")
}
