import Foundation

extension Vocabulary {
  /// The largest file that is read as a vocabulary: the largest published ones have 10 MB.
  package static let largestFile = 64 << 20

  /// Reads a vocabulary from a file with one token per line (BERT's `vocab.txt`).
  ///
  /// UTF-8, with or without a byte order mark; lines end with LF or CRLF, the last one also with
  /// nothing. Spaces and tabs around a token are no part of it, as in the released code. Only LF
  /// separates lines: the BERT-base-Chinese vocabulary holds U+2028 as a token. Empty lines at the
  /// end are ignored.
  ///
  /// - Parameter path: the file.
  /// - Throws: ``TokenizationError`` with file and line, when the file is absent, unreadable, too
  ///   large or not UTF-8, and for every fault that ``init(tokens:source:)`` finds.
  package init(contentsOfFile path: String) throws {
    try self.init(tokens: Self.lines(ofFile: path), source: path)
  }

  private static func lines(ofFile path: String) throws -> [String] {
    let bytes = try contents(ofFile: path)
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let body = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    var lines: [String] = []
    for line in body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      guard let text = String(validating: trimmed(line), as: UTF8.self) else {
        throw TokenizationError(reason: .invalidUTF8(line: lines.count + 1), source: path)
      }
      lines.append(text)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func contents(ofFile path: String) throws -> [UInt8] {
    guard FileManager.default.fileExists(atPath: path) else {
      throw TokenizationError(reason: .notFound, source: path)
    }
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      guard attributes[.type] as? FileAttributeType != .typeDirectory else {
        throw TokenizationError(reason: .unreadable(detail: "it is a folder"), source: path)
      }
      let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
      guard size <= largestFile else {
        throw TokenizationError(reason: .tooLarge(bytes: size, limit: largestFile), source: path)
      }
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch let error as TokenizationError {
      throw error
    } catch {
      throw TokenizationError(
        reason: .unreadable(detail: error.localizedDescription),
        source: path
      )
    }
  }

  /// The line without the spaces, tabs and carriage returns around it.
  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
    guard let first = line.firstIndex(where: { !isBlank($0) }),
      let last = line.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return line[first...last]
  }
}
