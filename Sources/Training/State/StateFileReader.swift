import Checkpoints
import Foundation

/// Reads a file of a training; everything is compared with its checksum.
final class StateFileReader {
  private let file: HDF5File
  private let checksums: CheckpointChecksums

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - kind: what it must hold.
  /// - Throws: ``TrainingError``: `damagedState`, `newerState`.
  init(_ path: String, _ kind: StateFileKind) throws {
    (file, checksums) = try Self.reportingDamage(of: path) {
      let file = try HDF5File(reading: path)
      let format = try file.stringAttribute("format")
      guard format == kind.rawValue else {
        throw TrainingError(
          .damagedState(detail: "its format is \(format ?? "missing"), not \(kind.rawValue)"),
          path: path
        )
      }
      let version = try file.integerAttribute("version") ?? 0
      guard version <= StateFileKind.version else {
        throw TrainingError(
          .newerState(found: version, supported: StateFileKind.version),
          path: path
        )
      }
      let lines = try file.readStrings(StateFileKind.checksumsPath)
      guard let checksums = CheckpointChecksums(lines: lines),
        checksums.total == (try file.stringAttribute("checksum"))
      else {
        throw TrainingError(.damagedState(detail: "its checksums were changed"), path: path)
      }
      return (file, checksums)
    }
  }

  /// The file's name.
  var path: String { file.path }

  /// The names of all arrays and texts under a group, without it, sorted.
  func names(under group: String) -> [String] {
    let prefix = "/training/\(group)/"
    return checksums.sums.keys.filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
      .sorted()
  }

  /// An array.
  ///
  /// - Parameter name: the name that it was written under.
  /// - Returns: its elements, row by row, and its shape.
  /// - Throws: ``TrainingError``: `damagedState`.
  func values(_ name: String) throws -> (values: [Float], shape: [Int]) {
    let path = "/training/" + name
    return try Self.reportingDamage(of: file.path) {
      let array = try file.read(path, as: Float.self)
      let sum = CheckpointChecksums.sum(of: path, shape: array.shape, values: array.values)
      try verify(sum, path)
      return (array.values, array.shape)
    }
  }

  /// A value that was written as JSON.
  ///
  /// - Parameters:
  ///   - name: the name that it was written under.
  ///   - type: what it is.
  /// - Returns: the value.
  /// - Throws: ``TrainingError``: `damagedState`.
  func json<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    let path = "/training/" + name
    return try Self.reportingDamage(of: file.path) {
      let bytes = try file.read(path, as: UInt8.self).values
      try verify(CheckpointChecksums.sum(of: String(decoding: bytes, as: UTF8.self)), path)
      return try JSONDecoder().decode(type, from: Data(bytes))
    }
  }

  private func verify(_ sum: String, _ path: String) throws {
    guard checksums.sums[path] == sum else {
      throw CheckpointError(.checksumMismatch(names: [path]), path: file.path)
    }
  }

  private static func reportingDamage<Result>(
    of path: String,
    _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as CheckpointError {
      // The error's text begins with the file, which this one's text begins with, too.
      let text = error.description
      let prefix = "\(error.path): "
      let detail = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
      throw TrainingError(.damagedState(detail: detail), path: path)
    } catch is DecodingError {
      throw TrainingError(.damagedState(detail: "its texts have another form"), path: path)
    }
  }
}
