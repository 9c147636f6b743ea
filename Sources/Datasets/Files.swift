import Foundation

extension URL {
  /// The path as a person would write it, for errors: relative if the URL was made so.
  var shortPath: String {
    let path = relativePath
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}

extension StringProtocol {
  /// The text without white space at its ends.
  var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// Reads a file as UTF-8 text, without a byte order mark.
///
/// - Parameter url: the file.
/// - Returns: the text.
/// - Throws: `DatasetsError` where the file is missing, can't be read or is not UTF-8; the last
///   with the line of the first wrong byte.
func readText(_ url: URL) throws -> String {
  let data = try readData(url)
  guard let text = String(data: data, encoding: .utf8) else {
    throw DatasetsError(
      .unreadable(detail: "it is not UTF-8; save it as UTF-8"),
      path: url.shortPath,
      line: firstWrongLine(data)
    )
  }
  return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
}

/// Reads a file.
///
/// - Throws: `DatasetsError` where the file is missing or can't be read.
func readData(_ url: URL) throws -> Data {
  let path = url.path(percentEncoded: false)
  guard FileManager.default.fileExists(atPath: path) else {
    throw DatasetsError(.notFound, path: url.shortPath)
  }
  guard !isFolder(url) else {
    throw DatasetsError(.unreadable(detail: "it is a folder, expected a file"), path: url.shortPath)
  }
  do {
    return try Data(contentsOf: url)
  } catch {
    throw DatasetsError(.unreadable(detail: error.localizedDescription), path: url.shortPath)
  }
}

/// The line that holds the first byte which breaks UTF-8, counted from 1.
private func firstWrongLine(_ data: Data) -> Int? {
  var line = 1
  for bytes in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
    if String(data: bytes, encoding: .utf8) == nil { return line }
    line += 1
  }
  return nil
}

/// Whether `url` is a folder, or a link to one.
func isFolder(_ url: URL) -> Bool { fileType(url) == .typeDirectory }

/// Whether `url` is a file that can be read from start to end, or a link to one.
func isFile(_ url: URL) -> Bool { fileType(url) == .typeRegular }

private func fileType(_ url: URL) -> FileAttributeType? {
  let path = url.resolvingSymlinksInPath().path(percentEncoded: false)
  return (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
}

/// The names in a folder, sorted; empty where it can't be read.
func namesInFolder(_ url: URL) -> [String] {
  let path = url.path(percentEncoded: false)
  return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
}
