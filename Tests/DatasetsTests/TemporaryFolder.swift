import Foundation
import TestSupport

/// A folder for one test, removed with the value.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws { url = try Fixtures.temporaryDirectory() }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file, with the folders above it.
  @discardableResult
  func write(_ text: String, _ path: String) throws -> URL {
    try write(Data(text.utf8), path)
  }

  /// Writes a file, with the folders above it.
  @discardableResult
  func write(_ data: Data, _ path: String) throws -> URL {
    let file = url.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try data.write(to: file)
    return file
  }
}

/// The smallest PNG, one grey pixel, with `comment` behind its end to tell files apart.
func tinyPNG(_ comment: String = "") -> Data {
  let bytes: [UInt8] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 0x0A, 0x49, 0x44, 0x41, 0x54,
    0x78, 0x9C, 0x63, 0x68, 0, 0, 0, 0x82, 0, 0x81, 0xDD, 0x43, 0x6A, 0xF4, 0, 0, 0, 0, 0x49, 0x45,
    0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
  ]
  return Data(bytes) + Data(comment.utf8)
}
