package import Checkpoints
package import Layers
package import Tensors

extension ParameterSet {
  /// Loads every parameter from a file of tensors.
  ///
  /// - Parameters:
  ///   - archive: the file; tensors that no parameter needs are left.
  ///   - device: where the memory comes from.
  /// - Returns: the names of tensors that no parameter needed.
  /// - Throws: `ModelsError.mismatch` that names missing and mis-shaped tensors, before any is read;
  ///   `CheckpointError`.
  package func load(from archive: any TensorArchive, on device: Device) throws -> [String] {
    let comparison = compare(with: archive.tensors)
    guard comparison.isComplete else {
      throw ModelsError(.mismatch(comparison), path: archive.path)
    }
    for parameter in parameters {
      let values = try archive.read(parameter.name, shape: parameter.shape)
      parameter.load(Tensor(values, shape: parameter.shape, on: device))
    }
    return comparison.unexpected
  }

  /// Compares a file's tensors with the parameters, by name and shape.
  ///
  /// - Parameter tensors: the file's tensors.
  /// - Returns: how they differ.
  package func compare(with tensors: [TensorDescription]) -> CheckpointComparison {
    let shapes = Dictionary(
      tensors.map { ($0.name, $0.shape) },
      uniquingKeysWith: { first, _ in first }
    )
    var comparison = CheckpointComparison()
    for parameter in parameters {
      guard let found = shapes[parameter.name] else {
        comparison.missing.append(parameter.name)
        continue
      }
      if found != parameter.shape {
        comparison.misshaped.append(
          .init(name: parameter.name, expected: parameter.shape, found: found)
        )
      }
    }
    comparison.unexpected = tensors.map(\.name).filter { self[$0] == nil }
    return comparison
  }
}
