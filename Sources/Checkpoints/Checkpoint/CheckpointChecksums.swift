import Crypto

/// The checksums of a checkpoint's or a training state's parts.
///
/// The data set `/checksums` holds one line per part, `<SHA-256 sum>  <name>`, sorted by the bytes of
/// the names, and the root attribute `checksum` is the SHA-256 sum of these lines, each ended by a
/// line feed. So names and header are verified when a file is opened, and a tensor when it is read.
/// What is summed:
///
/// * a tensor `/model/NAME`: its path, NUL, its dimensions in decimal joined by commas, NUL, its
///   elements as little-endian float32;
/// * `/tokenizer/vocabulary`: the tokens, each ended by NUL;
/// * `@architecture`, `@preprocessing`, `@provenance`, `@classifier`: the bytes of these root attributes.
package struct CheckpointChecksums {
  /// The sums by name.
  package private(set) var sums: [String: String] = [:]

  /// No checksums yet.
  package init() {}

  /// Reads the lines of `/checksums`; nil when one has another form or a name occurs twice.
  ///
  /// - Parameter lines: what `lines` gave.
  package init?(lines: [String]) {
    for line in lines {
      let parts = line.split(separator: "  ", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0].utf8.count == 64, sums[String(parts[1])] == nil else {
        return nil
      }
      sums[String(parts[1])] = String(parts[0])
    }
  }

  /// Notes the sum of a part.
  package mutating func add(_ sum: String, for name: String) {
    sums[name] = sum
  }

  /// The lines in the order of the names' bytes.
  package var lines: [String] {
    sums.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { "\($0.value)  \($0.key)" }
  }

  /// The sum of the lines.
  package var total: String { Self.sum(of: lines.map { $0 + "\n" }.joined()) }

  /// The sum of a tensor.
  ///
  /// - Parameters:
  ///   - path: its path in the file.
  ///   - shape: its dimensions.
  ///   - values: its elements in row-major order.
  /// - Returns: 64 hexadecimal digits.
  package static func sum(of path: String, shape: [Int], values: [Float]) -> String {
    var hash = SHA256()
    hash.update(data: Array(path.utf8) + [0])
    hash.update(data: Array(shape.map(String.init).joined(separator: ",").utf8) + [0])
    // Little-endian machines hold float32 in memory as it is stored.
    #if _endian(little)
    unsafe values.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    #else
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { hash.update(bufferPointer: $0) }
    }
    #endif
    return FileDigest.hexadecimal(hash.finalize())
  }

  /// The sum of a list of tokens.
  package static func sum(of tokens: [String]) -> String {
    var hash = SHA256()
    for token in tokens { hash.update(data: Array(token.utf8) + [0]) }
    return FileDigest.hexadecimal(hash.finalize())
  }

  /// The sum of a text.
  package static func sum(of text: String) -> String {
    FileDigest.hexadecimal(SHA256.hash(data: Array(text.utf8)))
  }
}
