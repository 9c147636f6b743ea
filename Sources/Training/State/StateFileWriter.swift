import Checkpoints
import Foundation

/// What a file of a training holds.
enum StateFileKind: String {
  /// All that the next step depends on.
  case state = "vbench-training-state"
  /// The weights of the best validation.
  case weights = "vbench-training-weights"

  /// The newest version of the format that this program reads and writes.
  static let version = 1
  /// Where the checksums lie.
  static let checksumsPath = "/checksums"
}

/// Writes a file of a training, one array at a time.
///
/// An HDF5 file with the root attributes `format`, `version` and `checksum`, arrays and texts under
/// `/training/…`, and `/checksums` as in a checkpoint (see ``CheckpointChecksums``). It appears under
/// its name only with `finish()`: what lay there before stays until the new one is complete.
final class StateFileWriter {
  private let file: HDF5File
  private var checksums = CheckpointChecksums()

  /// Starts a file.
  ///
  /// - Parameters:
  ///   - path: the file; one that exists is replaced on `finish()`.
  ///   - kind: what it holds.
  /// - Throws: `CheckpointError`: `notWritable`.
  init(creating path: String, _ kind: StateFileKind) throws {
    file = try HDF5File(creating: path)
    try file.setAttribute(kind.rawValue, named: "format")
    try file.setAttribute(StateFileKind.version, named: "version")
  }

  /// Writes an array as `/training/NAME`.
  ///
  /// - Parameters:
  ///   - name: its name; slashes make groups.
  ///   - shape: its dimensions.
  ///   - values: its elements, row by row.
  /// - Throws: `CheckpointError`: `alreadyExists`, `invalidName`, `notWritable`.
  func write(_ name: String, shape: [Int], values: [Float]) throws {
    let path = "/training/" + name
    try file.write(values, shape: shape, to: path)
    checksums.add(CheckpointChecksums.sum(of: path, shape: shape, values: values), for: path)
  }

  /// Writes a value as the JSON text `/training/NAME`, bytes of UTF-8.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - value: what to write.
  /// - Throws: `CheckpointError`: `alreadyExists`, `invalidName`, `notWritable`.
  func write(_ name: String, json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    let path = "/training/" + name
    try file.write(Array(text.utf8), shape: [text.utf8.count], to: path)
    checksums.add(CheckpointChecksums.sum(of: text), for: path)
  }

  /// Writes the checksums, flushes the file to disk and gives it its name.
  ///
  /// - Throws: `CheckpointError`: `notWritable`; then nothing appears under the name.
  func finish() throws {
    try file.writeStrings(checksums.lines, to: StateFileKind.checksumsPath)
    try file.setAttribute(checksums.total, named: "checksum")
    try file.commit()
  }
}
