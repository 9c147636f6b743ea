import Checkpoints
import Foundation
import Imaging
import Layers

/// What conversions of encoders and of segmentation networks share.
extension Conversion {
  /// Writes a checkpoint of a file's tensors.
  ///
  /// - Parameters:
  ///   - parameters: what is written; each has its tensor in the file.
  ///   - archive: the file's tensors.
  ///   - input: the file, for errors.
  ///   - output: the checkpoint.
  ///   - header: what it says besides the weights.
  /// - Throws: `CheckpointError`; `ModelsError.impossibleWeight` for an infinite weight, one that is no
  ///   number, and a variance below 0.
  static func write(
    _ parameters: ParameterSet,
    of archive: RenamedArchive,
    from input: String,
    to output: String,
    _ header: CheckpointHeader
  ) throws {
    let tensors = parameters.parameters.map {
      TensorDescription(name: $0.name, shape: $0.shape, elementType: .float32)
    }
    let statistics = Set(parameters.parameters.filter(\.isStatistic).map(\.name))
    try CheckpointFile.write(to: output, header: header, tensors: tensors) { tensor in
      let values = try archive.read(tensor.name, shape: tensor.shape)
      let isVariance = statistics.contains(tensor.name) && tensor.name.hasSuffix("running_var")
      // A rectifier may turn what is no number into 0, so that features wouldn't tell.
      if let index = values.firstIndex(where: { !$0.isFinite || isVariance && $0 < 0 }) {
        throw ModelsError(
          .impossibleWeight(tensor: tensor.name, index: index, found: values[index]),
          path: input
        )
      }
      return values
    }
  }

  /// What surrounded a file's tensors, and what was renamed.
  static func remarks(_ archive: RenamedArchive) -> [String] {
    let wrapping = archive.wrapping
    return [
      wrapping.container.isEmpty ? nil : "weights taken from \(wrapping.container)",
      wrapping.prefix.isEmpty ? nil : "the prefix \(wrapping.prefix) of names was taken off",
      wrapping.alternatives.isEmpty
        ? nil
        : "other weights in the file: \(wrapping.alternatives.joined(separator: ", "))",
      archive.renaming,
    ].compactMap(\.self)
  }

  /// Names the file in errors that don't know it.
  static func named<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as ModelsError where error.path == nil {
      error.path = path
      throw error
    }
  }
}

extension Preprocessing {
  /// The preprocessing as JSON with sorted keys.
  package var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
