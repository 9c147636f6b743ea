import Checkpoints
import TestSupport

/// The float32 arrays that NumPy's `savez` or `savez_compressed` wrote.
struct NumPyArchive {
  /// Why an array can't be read.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let archive: ZipArchive

  /// Opens an archive.
  ///
  /// - Parameter path: the file.
  /// - Throws: `CheckpointError`.
  init(_ path: String) throws { archive = try ZipArchive(path) }

  /// An array's elements, row by row.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - shape: the shape that it must have.
  /// - Returns: as many numbers as the shape has.
  /// - Throws: `Failure` where it is missing, of another shape or type, or not row by row.
  func floats(_ name: String, shape: [Int]) throws -> [Float] {
    guard let entry = archive.entries.first(where: { $0.name == "\(name).npy" }) else {
      throw Failure(description: "\(name) is missing")
    }
    let bytes = try archive.contents(of: entry, atMost: 1 << 28)
    // NumPy's format 1.0: magic, version, the header's length, a Python dictionary, the elements.
    let start = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
    let header = String(decoding: bytes[10..<start], as: UTF8.self)
    let sizes = shape.map { "\($0), " }.joined().dropLast(shape.count > 1 ? 2 : 1)
    let count = shape.reduce(1, *)
    guard bytes[6] == 1, header.contains("'<f4'"), header.contains("'fortran_order': False"),
      header.contains("(\(sizes))"), bytes.count == start + 4 * count
    else { throw Failure(description: "\(name) is \(header), \(bytes.count) bytes") }
    return (0..<count).map { index in
      let word = (0..<4).reduce(UInt32(0)) { word, byte in
        word | UInt32(bytes[start + 4 * index + byte]) << UInt32(8 * byte)
      }
      return Float(bitPattern: word)
    }
  }
}
