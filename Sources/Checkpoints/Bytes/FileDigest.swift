import Crypto
import Foundation

/// SHA-256 sums of files.
package enum FileDigest {
  /// The SHA-256 sum of a file's bytes, read 4 MiB at a time.
  ///
  /// - Parameter path: the file.
  /// - Returns: 64 hexadecimal digits in lower case.
  /// - Throws: `CheckpointError`: `notFound`, `unreadable`.
  package static func sha256(of path: String) throws -> String {
    let file = try InputFile(path)
    var hash = SHA256()
    var position = 0
    while position < file.byteCount {
      let slice = try file.bytes(at: position, atMost: 4 << 20)
      hash.update(data: slice)
      position += slice.count
    }
    return hexadecimal(hash.finalize())
  }

  /// A digest as 64 hexadecimal digits in lower case.
  static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
