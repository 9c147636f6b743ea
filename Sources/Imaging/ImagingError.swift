/// Why an image could not be read, prepared or written.
package struct ImagingError: Error, Sendable, Equatable {
  /// What was wrong.
  package enum Reason: Equatable, Sendable {
    case notFound
    case unreadable(detail: String)
    case empty
    case tooManyBytes(found: Int, limit: Int)
    case unknownFormat(found: String)
    case truncated(format: String, detail: String)
    case malformed(format: String, detail: String)
    case unsupported(format: String, detail: String)
    case tooManyPixels(width: Int, height: Int, limit: Int)
    case outOfMemory(detail: String)
    case notWritable(detail: String)
  }

  /// What was wrong.
  package var reason: Reason
  /// The file, or the name of what was decoded from memory.
  package var path: String

  /// States an error.
  ///
  /// - Parameters:
  ///   - reason: what was wrong.
  ///   - path: the file, or the name of what was decoded from memory.
  package init(_ reason: Reason, path: String) {
    self.reason = reason
    self.path = path
  }

  /// Whether something that should be there is missing (exit code 66), rather than wrong (65).
  package var isMissingInput: Bool { reason == .notFound }
}

extension ImagingError: CustomStringConvertible {
  /// `file: what was found, what was expected, what to do`, in one line.
  package var description: String {
    path.isEmpty ? reason.explanation : "\(path): \(reason.explanation)"
  }
}

extension ImagingError.Reason {
  /// What was found, what was expected and what to do, in one line.
  var explanation: String {
    switch self {
    case .notFound:
      "there is no such file; correct the path, or the table that names it"
    case .unreadable(let detail):
      "can't be read: \(detail)"
    case .empty:
      "the file holds 0 bytes, expected an image; copy it anew"
    case .tooManyBytes(let found, let limit):
      "the file holds \(found) bytes, at most \(limit) are read; is it an image?"
    case .unknownFormat(let found):
      "is \(found), expected JPEG, PNG, TIFF or GIF (told by content, not by name); "
        + "convert the file"
    case .truncated(let format, let detail):
      "the \(format) ends before its image does (\(detail)); copy the file anew"
    case .malformed(let format, let detail):
      "the \(format) is damaged (\(detail)); copy the file anew"
    case .unsupported(let format, let detail):
      "the \(format) has \(detail), which is not read; convert it to 8-bit RGB or grey"
    case .tooManyPixels(let width, let height, let limit):
      "the header announces \(width) × \(height) pixels, at most \(limit) "
        + "and 1048576 per side are decoded; make the image smaller or raise the limit"
    case .outOfMemory(let detail):
      "there is not enough memory (\(detail)); use fewer threads or make the image smaller"
    case .notWritable(let detail):
      "can't be written: \(detail)"
    }
  }
}
