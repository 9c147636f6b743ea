import Checkpoints
import Layers
import Models

/// Tensors of given shapes whose elements are all 0.5.
final class ArchiveInMemory: TensorArchive {
  let path = "in-memory.pt"
  let format = ArchiveFormat.pyTorch
  let metadata: [String: String] = [:]
  let wrapping = ArchiveWrapping.none
  let tensors: [TensorDescription]
  /// How often a tensor was read.
  private(set) var reads = 0

  init(_ tensors: [TensorDescription]) { self.tensors = tensors }

  func read(_ name: String) throws -> [Float] {
    reads += 1
    guard let tensor = description(of: name) else {
      throw CheckpointError(.missingObject(name: name), path: path)
    }
    return [Float](repeating: 0.5, count: tensor.count)
  }
}

/// A tensor's description.
func tensor(_ name: String, _ shape: [Int]) -> TensorDescription {
  TensorDescription(name: name, shape: shape, elementType: .float32)
}

extension Model {
  /// The parameters' names and shapes, as a file would list them.
  var descriptions: [TensorDescription] {
    parameters.parameters.map { tensor($0.name, $0.shape) }
  }
}

extension [TensorDescription] {
  /// The same tensors, one of another shape, or without it where there is none.
  func changing(_ name: String, to shape: [Int]?) -> [TensorDescription] {
    compactMap { $0.name == name ? shape.map { tensor(name, $0) } : $0 }
  }
}
