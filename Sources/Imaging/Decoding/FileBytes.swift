import Foundation

/// Reading whole files.
enum FileBytes {
  /// The largest file that is read, 1 GiB: far above any photograph, below what would hurt.
  static let limit = 1 << 30

  /// Reads a file into memory.
  ///
  /// - Parameter path: the file.
  /// - Returns: its bytes, at least one.
  /// - Throws: `ImagingError`: `notFound`, `unreadable`, `empty`, `tooManyBytes`.
  static func read(_ path: String) throws -> [UInt8] {
    // A named pipe would block its reader until somebody writes.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw ImagingError(
        errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable(detail: lastSystemError()),
        path: path
      )
    }
    defer { _ = close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw ImagingError(.unreadable(detail: lastSystemError()), path: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ImagingError(.unreadable(detail: "it is no file"), path: path)
    }
    let size = Int(status.st_size)
    guard size > 0 else { throw ImagingError(.empty, path: path) }
    guard size <= limit else {
      throw ImagingError(.tooManyBytes(found: size, limit: limit), path: path)
    }
    var failure: String?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let done = unsafe Glibc.read(
          descriptor,
          buffer.baseAddress?.advanced(by: count),
          size - count
        )
        if done < 0 { failure = lastSystemError() }
        guard done > 0 else { break }
        count += done
      }
    }
    if let failure { throw ImagingError(.unreadable(detail: failure), path: path) }
    return bytes
  }
}

/// What the last failed call of the C library says.
func lastSystemError() -> String { unsafe String(cString: strerror(errno)) }
