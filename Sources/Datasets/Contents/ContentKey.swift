import Crypto
package import Foundation
package import Parallelism

/// The SHA-256 of bytes.
///
/// - Parameter data: the bytes.
/// - Returns: 64 hexadecimal digits in lower case.
package func hexadecimalSHA256(_ data: Data) -> String {
  hexadecimal(SHA256.hash(data: data))
}

/// The SHA-256 of a file's bytes in lower-case hexadecimal digits.
///
/// - Parameter url: the file; it is read in pieces of 1 MiB.
/// - Returns: 64 digits.
/// - Throws: `DatasetsError` where the file is missing or can't be read.
package func fileSHA256(_ url: URL) throws -> String {
  guard isFile(url) else { throw DatasetsError(.notFound, path: url.shortPath) }
  do {
    let handle = try FileHandle(forReadingFrom: url)
    defer { try? handle.close() }
    var hasher = SHA256()
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
      hasher.update(data: piece)
    }
    return hexadecimal(hasher.finalize())
  } catch {
    throw DatasetsError(.unreadable(detail: error.localizedDescription), path: url.shortPath)
  }
}

private func hexadecimal(_ digest: SHA256.Digest) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(64)
  for byte in digest {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

extension DatasetContents {
  /// What identifies a sample's picture: 64 hexadecimal digits that change when its pixels may.
  ///
  /// A file's is the SHA-256 of its bytes. A drawn picture's is the SHA-256 of the generator's
  /// parameters, the drawing's version and the picture's number: nothing is drawn for it.
  ///
  /// - Parameter source: a source of one of the set's samples.
  /// - Returns: the key.
  /// - Throws: `DatasetsError` where the file is missing or can't be read.
  package func contentKey(of source: ImageSource) throws -> String {
    switch source {
    case .file(let url): try fileSHA256(url)
    case .synthetic(let index): hexadecimalSHA256(Data("\(drawingIdentity) \(index)".utf8))
    }
  }

  /// The content keys of many pictures.
  ///
  /// - Parameters:
  ///   - sources: sources of the set's samples.
  ///   - pool: the threads that read the files.
  /// - Returns: for each source its key, or why there is none; in the order of `sources`.
  package func contentKeys(
    of sources: [ImageSource],
    pool: WorkerPool
  ) -> [Result<String, DatasetsError>] {
    pool.mapChunks(of: sources.count, grain: 1) { range in
      range.map { index in
        Result { try contentKey(of: sources[index]) }.mapError { error in
          error as? DatasetsError ?? DatasetsError(.unreadable(detail: "\(error)"))
        }
      }
    }.flatMap(\.self)
  }

  /// The collection that the program draws, in one line; empty for sets on disk.
  private var drawingIdentity: String { dataset.collection?.drawingIdentity ?? "" }
}
