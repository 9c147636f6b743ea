import Foundation

/// Keeps a training's folder for one training at a time.
///
/// The system gives the folder back with the process, however that ends: nothing is left behind.
/// Where a file system knows no such locks, the folder is used without.
package enum FolderLock {
  /// Works in a folder while no other training does, in this process or another.
  ///
  /// - Parameters:
  ///   - folder: the folder; it is there.
  ///   - body: the work.
  /// - Returns: what `body` returns.
  /// - Throws: ``TrainingError``: `busy` where another training holds the folder, `notWritable` where
  ///   it can't be opened; what `body` throws.
  package static func holding<Result>(
    _ folder: String,
    _ body: () throws -> Result
  ) throws -> Result {
    guard let handle = FileHandle(forReadingAtPath: folder) else {
      throw TrainingError(.notWritable(detail: "the folder can't be opened"), path: folder)
    }
    defer { try? handle.close() }
    if flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      throw TrainingError(.busy, path: folder)
    }
    return try body()
  }
}
