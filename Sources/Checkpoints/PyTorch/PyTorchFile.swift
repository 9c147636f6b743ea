/// A file that `torch.save` wrote: `.pt` or `.pth`, in the ZIP format of PyTorch 1.6 or the one before.
///
/// The pickle inside is read by ``PickleReader``, which runs nothing. Of whatever was saved, the
/// dictionary of weights is presented; optimiser states and the rest are parsed and left alone.
package final class PyTorchFile: TensorArchive {
  package let path: String
  package let format: ArchiveFormat
  package let tensors: [TensorDescription]
  package let metadata: [String: String]
  package let wrapping: ArchiveWrapping
  private let stored: [String: StoredTensor]
  private let storages: any StorageContainer
  /// Elements that a tensor may have beyond those that are stored, by strides of 0.
  private static let expansionLimit = 1 << 24

  /// Opens a file; of the tensors' values nothing is read yet.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - container: the dictionary that holds the weights, e.g. `teacher`; nil to look for it under
  ///     the usual names.
  /// - Throws: `CheckpointError`: `notFound`; `unreadable` and `malformed` for a damaged file;
  ///   `forbiddenGlobal` for a pickle that wants more than tensors and plain values; `ambiguous`,
  ///   `missingObject` and `unsupported` as to what holds the weights.
  package init(_ path: String, container: String? = nil) throws {
    self.path = path
    let file = try InputFile(path)
    let isZip = try file.bytes(at: 0, atMost: 4) == Array("PK\u{3}\u{4}".utf8)
    format = isZip ? .pyTorch : .pyTorchLegacy
    let document: PickleDocument
    if isZip {
      let archive = try PyTorchZip(path)
      (storages, document) = (archive, try archive.document())
    } else {
      let legacy = try PyTorchLegacyContainer(file)
      (storages, document) = (legacy, legacy.document)
    }
    let state = try StateDictionary(in: document, container: container, path: path)
    tensors = state.tensors.map {
      TensorDescription(name: $0.name, shape: $0.tensor.shape, elementType: $0.tensor.elementType)
    }
    metadata = state.metadata
    wrapping = state.wrapping
    stored = Dictionary(state.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 })
  }

  package func read(_ name: String) throws -> [Float] {
    guard let tensor = stored[name] else {
      throw CheckpointError(.missingObject(name: name), path: path)
    }
    guard tensor.count > 0 else { return [] }
    let span = try storages.read(tensor, name: name)
    return tensor.isContiguous ? span : try gather(tensor, from: span, name: name)
  }

  /// Puts the elements of a view into row-major order.
  ///
  /// - Parameters:
  ///   - tensor: the view, with at least one element.
  ///   - span: the storage from the view's first element to its last.
  ///   - name: its name, for errors.
  /// - Returns: `tensor.count` elements.
  /// - Throws: `CheckpointError`: `tooLarge` for a few elements expanded to very many.
  private func gather(_ tensor: StoredTensor, from span: [Float], name: String) throws -> [Float] {
    let limit = max(Self.expansionLimit, tensor.storage.count)
    guard tensor.count <= limit else {
      throw CheckpointError(
        .tooLarge(name: name, bytes: tensor.count.saturatingMultiply(by: 4), limit: 4 * limit),
        path: path
      )
    }
    var output: [Float] = []
    output.reserveCapacity(tensor.count)
    var index = [Int](repeating: 0, count: tensor.shape.count)
    var place = 0
    while true {
      output.append(span[place])
      // Counts up like an odometer, the last dimension fastest.
      var dimension = tensor.shape.count - 1
      while dimension >= 0 {
        index[dimension] += 1
        place += tensor.strides[dimension]
        if index[dimension] < tensor.shape[dimension] { break }
        place -= tensor.strides[dimension] * tensor.shape[dimension]
        index[dimension] = 0
        dimension -= 1
      }
      if dimension < 0 { return output }
    }
  }
}

/// Where a PyTorch file keeps the memory of its tensors.
protocol StorageContainer {
  /// Reads the part of a storage that a tensor spans.
  ///
  /// - Parameters:
  ///   - tensor: a view with at least one element.
  ///   - name: its name, for errors.
  /// - Returns: `tensor.span` elements.
  /// - Throws: `CheckpointError`: `malformed` when the storage is missing or too short.
  func read(_ tensor: StoredTensor, name: String) throws -> [Float]
}

extension StoredTensor {
  /// Where its first element lies, in elements from the start of the memory; nil when that overflows.
  var firstElement: Int? {
    let (sum, overflow) = offset.addingReportingOverflow(storage.viewOffset)
    return overflow ? nil : sum
  }

  /// The bytes that it spans, from the start of the memory; nil when their number overflows.
  var byteRange: Range<Int>? {
    guard let first = firstElement else { return nil }
    let (end, overflow) = first.addingReportingOverflow(span)
    guard !overflow, end <= Int.max / elementType.byteCount else { return nil }
    return (first * elementType.byteCount)..<(end * elementType.byteCount)
  }
}
