/// A tensor of a file, without its values.
package struct TensorDescription: Equatable, Sendable {
  /// Its name, without the wrapping that the archive took off.
  package var name: String
  /// Its dimensions; none for a scalar.
  package var shape: [Int]
  /// The type of its stored elements.
  package var elementType: ElementType

  /// Describes a tensor.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - shape: its dimensions.
  ///   - elementType: the type of its stored elements.
  package init(name: String, shape: [Int], elementType: ElementType) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
  }

  /// The number of elements.
  package var count: Int { shape.reduce(1, *) }
}

/// The formats of files of tensors.
package enum ArchiveFormat: String, Sendable, CaseIterable {
  /// This project's own format, in HDF5.
  case checkpoint = "vbench checkpoint (HDF5)"
  /// Any other HDF5 file.
  case hdf5 = "HDF5"
  /// `torch.save` since PyTorch 1.6.
  case pyTorch = "PyTorch (zip)"
  /// `torch.save` before PyTorch 1.6.
  case pyTorchLegacy = "PyTorch (legacy)"
  /// Hugging Face's safetensors.
  case safetensors = "safetensors"
}

/// What surrounded the tensors of a file.
package struct ArchiveWrapping: Equatable, Sendable {
  /// The dictionaries that hold them, outermost first, joined by `/`; empty when none does.
  package var container: String
  /// What every name began with and was taken off, such as `module.`; empty when nothing was.
  package var prefix: String
  /// Other dictionaries of tensors in the file, which were not taken.
  package var alternatives: [String]

  /// Describes what surrounded tensors.
  ///
  /// - Parameters:
  ///   - container: the dictionaries that hold them, joined by `/`.
  ///   - prefix: what every name began with.
  ///   - alternatives: other dictionaries of tensors in the file.
  package init(container: String, prefix: String, alternatives: [String]) {
    self.container = container
    self.prefix = prefix
    self.alternatives = alternatives
  }

  /// Nothing around the tensors.
  package static let none = ArchiveWrapping(container: "", prefix: "", alternatives: [])
}

/// A file of named tensors, open for reading; values stay in the file until they are asked for.
///
/// An archive belongs to one thread.
package protocol TensorArchive: AnyObject {
  /// The file.
  var path: String { get }
  /// Its format.
  var format: ArchiveFormat { get }
  /// Its tensors, in the file's order.
  var tensors: [TensorDescription] { get }
  /// What else it says, as text.
  var metadata: [String: String] { get }
  /// What surrounded the tensors.
  var wrapping: ArchiveWrapping { get }

  /// Reads one tensor.
  ///
  /// float16 and bfloat16 become `Float` exactly; float64 and integers beyond 2²⁴ are rounded to
  /// nearest; truth values become 0 and 1.
  ///
  /// - Parameter name: one of `tensors`' names.
  /// - Returns: its elements in row-major order.
  /// - Throws: `CheckpointError`: `missingObject`, or what is wrong with the file.
  func read(_ name: String) throws -> [Float]
}

extension TensorArchive {
  /// The number of elements of all tensors together.
  package var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }

  /// Describes one tensor.
  ///
  /// - Parameter name: its name.
  /// - Returns: nil when there is none of that name.
  /// - Complexity: O(number of tensors).
  package func description(of name: String) -> TensorDescription? {
    tensors.first { $0.name == name }
  }

  /// Reads one tensor after checking its shape.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - shape: the dimensions that it must have.
  /// - Returns: its elements in row-major order.
  /// - Throws: `CheckpointError`: `missingObject`, `unexpectedShape`, or what is wrong with the file.
  package func read(_ name: String, shape: [Int]) throws -> [Float] {
    guard let found = description(of: name) else {
      throw CheckpointError(.missingObject(name: name), path: path)
    }
    guard found.shape == shape else {
      throw CheckpointError(
        .unexpectedShape(name: name, expected: shape, found: found.shape),
        path: path
      )
    }
    return try read(name)
  }
}
