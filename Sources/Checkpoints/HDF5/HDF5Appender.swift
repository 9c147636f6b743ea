@unsafe @preconcurrency import CHDF5

/// A data set that grows by rows while a file is being written: features, scores.
///
/// Stored in chunks of whole rows. It belongs to its file, which must outlive its last `append`.
package final class HDF5Appender<Value: HDF5Element> {
  /// The data set's path.
  package let name: String
  /// The dimensions of one row.
  package let rowShape: [Int]
  /// How many rows there are.
  package private(set) var rowCount = 0
  private let file: HDF5File
  private let dataset: HDF5Handle

  fileprivate init(file: HDF5File, name: String, rowShape: [Int], dataset: consuming HDF5Handle) {
    self.file = file
    self.name = name
    self.rowShape = rowShape
    self.dataset = dataset
  }

  /// Writes rows behind the last one.
  ///
  /// - Parameter values: whole rows, last dimension fastest.
  /// - Throws: `CheckpointError`: `notWritable`.
  package func append(_ values: [Value]) throws {
    try append(values[...])
  }

  /// Writes rows behind the last one.
  ///
  /// - Parameter values: whole rows, last dimension fastest.
  /// - Throws: `CheckpointError`: `notWritable`.
  package func append(_ values: ArraySlice<Value>) throws {
    let rowSize = rowShape.reduce(1, *)
    precondition(
      rowSize > 0 && values.count.isMultiple(of: rowSize),
      "\(name): \(values.count) values are no whole rows of \(rowShape)"
    )
    let added = values.count / rowSize
    guard added > 0 else { return }
    try file.reporting(name) {
      let identifier = dataset.identifier
      let size = ([rowCount + added] + rowShape).map { hsize_t($0) }
      try HDF5Library.attempt { unsafe H5Dset_extent(identifier, size) }
      let shape = [added] + rowShape
      let target = try HDF5File.rowSelection(
        identifier,
        rows: rowCount..<(rowCount + added),
        shape: shape
      )
      let memory = try HDF5File.space(shape)
      let (fileSpace, memorySpace) = (target.identifier, memory.identifier)
      try unsafe values.withUnsafeBytes { bytes in
        _ = try HDF5Library.attempt {
          unsafe H5Dwrite(
            identifier,
            Value.elementType.nativeIdentifier,
            memorySpace,
            fileSpace,
            0,
            bytes.baseAddress
          )
        }
      }
    }
    rowCount += added
  }
}

extension HDF5File {
  /// Starts a data set of no rows that grows.
  ///
  /// - Parameters:
  ///   - name: its path, which must be free.
  ///   - rowShape: the dimensions of one row, none below 1; none at all for a list of numbers.
  ///   - type: the type of its elements.
  ///   - chunkRows: how many rows are stored together; nil for about 256 KiB.
  /// - Returns: what appends to it; needed until the file is committed.
  /// - Throws: `CheckpointError`: `alreadyExists`, `invalidName`, `notWritable`.
  package func createGrowing<Value: HDF5Element>(
    _ name: String,
    rowShape: [Int],
    of type: Value.Type,
    chunkRows: Int? = nil
  ) throws -> HDF5Appender<Value> {
    let rowBytes = rowShape.reduce(MemoryLayout<Value>.size, *)
    precondition(rowShape.allSatisfy { $0 >= 1 }, "\(name): a row of \(rowShape) holds nothing")
    let rows = chunkRows ?? max(1, (256 << 10) / rowBytes)
    precondition(rows >= 1, "\(name): \(rows) rows per chunk")
    return try reporting(name) {
      let space = try Self.space([0] + rowShape, isGrowing: true)
      let properties = try HDF5Handle(.propertyList) { H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g) }
      let list = properties.identifier
      let chunk = ([rows] + rowShape).map { hsize_t($0) }
      try HDF5Library.attempt { unsafe H5Pset_chunk(list, Int32(chunk.count), chunk) }
      let dataset = try create(
        name,
        type: Value.elementType.storedIdentifier,
        space: space,
        properties: list
      )
      return HDF5Appender(file: self, name: name, rowShape: rowShape, dataset: dataset)
    }
  }
}
