import Foundation

extension URL {
  /// Makes a folder, and those that it lies in, where there are none.
  ///
  /// - Throws: ``PretrainingError``: `notWritable`.
  func makeFolder() throws {
    do {
      try FileManager.default.createDirectory(at: self, withIntermediateDirectories: true)
    } catch {
      throw PretrainingError(
        .notWritable(detail: error.localizedDescription),
        path: path(percentEncoded: false)
      )
    }
  }
}

extension Data {
  /// Writes a file that appears whole or not at all.
  ///
  /// - Parameter file: the file; one that exists is replaced.
  /// - Throws: ``PretrainingError``: `notWritable`.
  func writeWhole(to file: URL) throws {
    do {
      try write(to: file, options: .atomic)
    } catch {
      throw PretrainingError(
        .notWritable(detail: error.localizedDescription),
        path: file.path(percentEncoded: false)
      )
    }
  }
}
