import CZip

/// A ZIP archive open for reading: the only type that talks to libzip.
///
/// Not `Sendable`: the library allows one thread per archive.
@safe package final class ZipArchive {
  /// An entry of the archive.
  package struct Entry: Sendable {
    /// Its number.
    let index: UInt64
    /// Its name.
    package let name: String
    /// Its size in bytes when unpacked, as the archive says.
    package let byteCount: Int
    /// Whether it is stored as it is, not packed.
    let isStored: Bool
  }

  /// The file.
  let path: String
  /// The entries in the archive's order.
  package let entries: [Entry]
  private let handle: OpaquePointer

  /// Opens an archive.
  ///
  /// - Parameter path: the file.
  /// - Throws: `CheckpointError`: `notFound`, `unreadable` for a damaged archive, `malformed` for one
  ///   whose entries can't be what it says.
  package init(_ path: String) throws {
    self.path = path
    let fileBytes = try FileSystem.size(of: path)
    var code: Int32 = 0
    guard let handle = unsafe zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code) else {
      var error = unsafe zip_error_t()
      unsafe zip_error_init_with_code(&error, code)
      defer { unsafe zip_error_fini(&error) }
      let text = unsafe String(cString: zip_error_strerror(&error))
      throw CheckpointError(.unreadable(detail: "no intact ZIP archive: \(text)"), path: path)
    }
    unsafe self.handle = handle
    do {
      entries = unsafe try Self.entries(of: handle, fileBytes: fileBytes, path: path)
    } catch {
      unsafe zip_discard(handle)
      throw error
    }
  }

  deinit {
    unsafe zip_discard(handle)
  }

  private static func entries(
    of handle: OpaquePointer,
    fileBytes: Int,
    path: String
  ) throws -> [Entry] {
    let count = unsafe zip_get_num_entries(handle, 0)
    return try (0..<UInt64(max(0, count))).map { index in
      var status = unsafe zip_stat_t()
      guard unsafe zip_stat_index(handle, index, 0, &status) == 0, let name = unsafe status.name,
        let size = unsafe Int(exactly: status.size),
        let packed = unsafe Int(exactly: status.comp_size)
      else {
        throw CheckpointError(
          .malformed(place: "ZIP entry \(index)", detail: "it has no name or size"),
          path: path
        )
      }
      let isStored = unsafe status.comp_method == ZIP_CM_STORE
      // Deflate shrinks at most 1032-fold; more is a bomb.
      let largest = isStored ? packed : packed.saturatingMultiply(by: 1032)
      let text = unsafe String(cString: name)
      guard packed <= fileBytes, size <= largest else {
        throw CheckpointError(.tooLarge(name: text, bytes: size, limit: largest), path: path)
      }
      return Entry(index: index, name: text, byteCount: size, isStored: isStored)
    }
  }

  /// Opens an entry's bytes.
  ///
  /// - Parameters:
  ///   - entry: one of `entries`.
  ///   - offset: the first byte wanted, at most the entry's size.
  /// - Returns: the bytes from there on; when they are read from the first to the last, the archive's
  ///   own checksum of the entry is checked too.
  /// - Throws: `CheckpointError`: `malformed` when the entry can't be opened.
  func stream(_ entry: Entry, from offset: Int) throws -> ZipEntryStream {
    guard let file = unsafe zip_fopen_index(handle, entry.index, 0) else {
      let text = unsafe String(cString: zip_strerror(handle))
      throw CheckpointError(
        .malformed(place: "ZIP entry \"\(entry.name)\"", detail: text),
        path: path
      )
    }
    let stream = unsafe ZipEntryStream(archive: self, entry: entry, handle: file)
    try stream.skip(offset)
    return stream
  }

  /// The whole of a small entry.
  ///
  /// - Parameters:
  ///   - entry: one of `entries`.
  ///   - limit: the most bytes that are accepted.
  /// - Returns: its bytes, unpacked.
  /// - Throws: `CheckpointError`: `tooLarge`, `malformed`.
  package func contents(of entry: Entry, atMost limit: Int) throws -> [UInt8] {
    guard entry.byteCount <= limit else {
      throw CheckpointError(
        .tooLarge(name: entry.name, bytes: entry.byteCount, limit: limit),
        path: path
      )
    }
    let stream = try stream(entry, from: 0)
    return try unsafe [UInt8](unsafeUninitializedCapacity: entry.byteCount) { buffer, initialized in
      try unsafe stream.read(
        into: UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[..<entry.byteCount]
        )
      )
      initialized = entry.byteCount
    }
  }
}

/// The unpacked bytes of an entry.
@safe final class ZipEntryStream: ByteStream {
  /// Keeps the archive open as long as the stream.
  private let archive: ZipArchive
  private let entry: ZipArchive.Entry
  private let handle: OpaquePointer
  private var position = 0

  fileprivate init(archive: ZipArchive, entry: ZipArchive.Entry, handle: OpaquePointer) {
    self.archive = archive
    self.entry = entry
    unsafe self.handle = handle
  }

  deinit {
    unsafe zip_fclose(handle)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws {
    guard let base = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      let wanted = UInt64(min(buffer.count - done, 1 << 30))
      let got = unsafe Int(zip_fread(handle, base + done, wanted))
      guard got > 0 else { throw failure(at: position + done, got) }
      done += got
    }
    position += done
    try checkEnd()
  }

  /// Passes over bytes: at once in a stored entry, by unpacking them in another.
  fileprivate func skip(_ count: Int) throws {
    guard count > 0 else { return }
    if entry.isStored {
      guard unsafe zip_fseek(handle, Int64(count), SEEK_SET) == 0 else {
        throw failure(at: count, -1)
      }
      position = count
      return
    }
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(count, 1 << 20),
      alignment: 1
    )
    defer { unsafe scratch.deallocate() }
    var left = count
    while left > 0 {
      let next = min(left, scratch.count)
      try unsafe read(into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<next]))
      left -= next
    }
  }

  /// Asks for a byte more at the end: only then does the library compare checksums.
  private func checkEnd() throws {
    guard position == entry.byteCount else { return }
    var byte: UInt8 = 0
    let got = unsafe Int(zip_fread(handle, &byte, 1))
    if got != 0 { throw failure(at: position, got) }
  }

  private func failure(at place: Int, _ result: Int) -> CheckpointError {
    let detail =
      result < 0
      ? unsafe String(cString: zip_file_strerror(handle))
      : result == 0
        ? "it ends at byte \(place) of \(entry.byteCount)" : "it is longer than announced"
    return CheckpointError(
      .malformed(place: "ZIP entry \"\(entry.name)\"", detail: detail),
      path: archive.path
    )
  }
}
