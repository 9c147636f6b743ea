/// The numbers of any HDF5 file, as an archive of tensors named by their paths without the leading slash.
package final class HDF5Archive: TensorArchive {
  package let tensors: [TensorDescription]
  package let metadata: [String: String]
  package let wrapping = ArchiveWrapping.none
  private let file: HDF5File

  /// Opens a file; of the values nothing is read yet.
  ///
  /// - Parameter path: the file.
  /// - Throws: `CheckpointError`: `notFound`, `unreadable`, `malformed`.
  package init(_ path: String) throws {
    file = try HDF5File(reading: path)
    tensors = try file.list().compactMap { object in
      guard case .dataset(let dataset) = object.kind, case .element(let type) = dataset.type else {
        return nil
      }
      return TensorDescription(
        name: String(object.name.dropFirst()),
        shape: dataset.shape,
        elementType: type
      )
    }
    var metadata: [String: String] = [:]
    for name in try file.attributeNames() {
      if let text = try? file.stringAttribute(name) {
        metadata[name] = String(text.prefix(200))
      } else if let number = try? file.integerAttribute(name) {
        metadata[name] = String(number)
      } else if let number = try? file.doubleAttribute(name) {
        metadata[name] = String(number)
      }
    }
    self.metadata = metadata
  }

  package var path: String { file.path }
  package var format: ArchiveFormat { .hdf5 }

  package func read(_ name: String) throws -> [Float] {
    try file.readRounded("/" + name).values
  }
}
