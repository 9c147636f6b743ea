import Glibc

/// Bytes that are read from the front to the back.
protocol ByteStream {
  /// Fills `buffer` with the next bytes.
  ///
  /// - Parameter buffer: where to put them.
  /// - Throws: `CheckpointError`: `unreadable` when there are fewer bytes or reading fails.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws
}

/// A file that is open for reading at any place; nothing of it is kept in memory.
final class InputFile {
  /// The file's name as given.
  let path: String
  /// Its size in bytes when it was opened.
  let byteCount: Int
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Parameter path: the file.
  /// - Throws: `CheckpointError`: `notFound`, `unreadable`.
  init(_ path: String) throws {
    self.path = path
    byteCount = try FileSystem.size(of: path)
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CheckpointError(.unreadable(detail: FileSystem.lastFailure), path: path)
    }
  }

  deinit {
    _ = Glibc.close(descriptor)
  }

  /// Fills `buffer` with the bytes from `offset` on.
  ///
  /// - Parameters:
  ///   - offset: where in the file, at least 0.
  ///   - buffer: where to put them.
  /// - Throws: `CheckpointError`: `unreadable` when the file ends before or reading fails.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard let base = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      // One call moves at most 2 GiB.
      let wanted = min(buffer.count - done, 1 << 30)
      let got = unsafe pread(descriptor, base + done, wanted, off_t(offset + done))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        let detail =
          got == 0
          ? "it ends at byte \(offset + done), \(buffer.count - done) bytes too early"
          : FileSystem.lastFailure
        throw CheckpointError(.unreadable(detail: detail), path: path)
      }
      done += got
    }
  }

  /// The bytes of a part of the file, of which there may be fewer at its end.
  ///
  /// - Parameters:
  ///   - offset: the first byte, at least 0.
  ///   - count: how many at most.
  /// - Returns: the bytes, fewer than `count` only at the file's end.
  /// - Throws: `CheckpointError`: `unreadable` when reading fails.
  func bytes(at offset: Int, atMost count: Int) throws -> [UInt8] {
    let available = max(0, min(count, byteCount - offset))
    // An empty array's length is written to memory that all empty arrays share.
    guard available > 0 else { return [] }
    return try unsafe [UInt8](unsafeUninitializedCapacity: available) { buffer, initialized in
      try unsafe read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      initialized = available
    }
  }

  /// A stream of the file's bytes.
  ///
  /// - Parameter offset: where it starts.
  /// - Returns: a stream that reads from the open file.
  func stream(from offset: Int) -> InputFileStream {
    InputFileStream(file: self, position: offset)
  }
}

/// The bytes of a file from some place on.
struct InputFileStream: ByteStream {
  fileprivate let file: InputFile
  fileprivate var position: Int

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws {
    try unsafe file.read(at: position, into: buffer)
    position += buffer.count
  }
}
