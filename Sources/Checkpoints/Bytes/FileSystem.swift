import Foundation

/// What this module asks of the file system.
enum FileSystem {
  /// The size of a file in bytes.
  ///
  /// - Parameter path: the file.
  /// - Returns: its size, at least 0.
  /// - Throws: `CheckpointError`: `notFound`, `unreadable` for a folder or a file without permission.
  static func size(of path: String) throws -> Int {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CheckpointError(.notFound, path: path)
    }
    guard !isFolder.boolValue else {
      throw CheckpointError(.unreadable(detail: "it is a folder"), path: path)
    }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw CheckpointError(.unreadable(detail: "no permission to read it"), path: path)
    }
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return (attributes[.size] as? Int) ?? 0
    } catch {
      throw CheckpointError(.unreadable(detail: error.localizedDescription), path: path)
    }
  }

  /// What the system says of the call that failed last.
  static var lastFailure: String { unsafe String(cString: strerror(errno)) }

  /// A name beside `path` that no other file has.
  static func temporaryName(for path: String) -> String {
    let url = URL(filePath: path)
    return url.deletingLastPathComponent()
      .appending(path: ".\(url.lastPathComponent).\(UUID().uuidString).partial")
      .path(percentEncoded: false)
  }

  /// Writes a finished file through to disk and gives it its name in one step.
  ///
  /// - Parameters:
  ///   - temporary: where the file lies.
  ///   - path: its name; a file that has it is replaced.
  /// - Throws: `CheckpointError`: `notWritable`.
  static func publish(_ temporary: String, as path: String) throws {
    func fail(_ what: String) -> CheckpointError {
      CheckpointError(.notWritable(detail: "\(what): \(lastFailure)"), path: path)
    }
    let descriptor = unsafe open(temporary, O_RDONLY)
    guard descriptor >= 0 else { throw fail("opening \(temporary)") }
    defer { _ = Glibc.close(descriptor) }
    guard fsync(descriptor) == 0 else { throw fail("flushing") }
    guard unsafe rename(temporary, path) == 0 else { throw fail("renaming") }
    // The folder's entry too; a file system that can't flush folders is no reason to fail.
    let folder = unsafe open(
      URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false),
      O_RDONLY
    )
    if folder >= 0 {
      _ = fsync(folder)
      _ = Glibc.close(folder)
    }
  }

  /// Deletes a file if it is there.
  static func remove(_ path: String) {
    _ = unsafe unlink(path)
  }
}
