@unsafe @preconcurrency import CHDF5

/// What a data set is, without its contents.
package struct HDF5Dataset: Equatable, Sendable {
  /// What it holds.
  package var type: HDF5DataType
  /// The dimensions; none for a scalar, `[0]` for h5py's `Empty`.
  package var shape: [Int]
  /// How far each dimension may grow, nil without bound.
  package var maximumShape: [Int?]
  /// The chunks' dimensions; nil when stored in one piece.
  package var chunkShape: [Int]?

  /// A data set's particulars.
  ///
  /// - Parameters:
  ///   - type: what it holds.
  ///   - shape: the dimensions.
  ///   - maximumShape: how far each dimension may grow, nil without bound.
  ///   - chunkShape: the chunks' dimensions; nil when stored in one piece.
  package init(type: HDF5DataType, shape: [Int], maximumShape: [Int?], chunkShape: [Int]?) {
    self.type = type
    self.shape = shape
    self.maximumShape = maximumShape
    self.chunkShape = chunkShape
  }
}

extension HDF5Dataset {
  /// Describes an open data set.
  ///
  /// - Parameter dataset: the library's number for it.
  /// - Throws: `HDF5Library.Failure`; `CheckpointError`: `unsupported` when its values lie in another
  ///   file.
  init(describing dataset: hid_t) throws {
    let storedType = try HDF5Handle(.datatype) { H5Dget_type(dataset) }
    let space = try HDF5Handle(.dataspace) { H5Dget_space(dataset) }
    let properties = try HDF5Handle(.propertyList) { H5Dget_create_plist(dataset) }
    let (spaceIdentifier, list) = (space.identifier, properties.identifier)
    type = HDF5DataType(describing: storedType.identifier)
    (shape, maximumShape) = try Self.extent(of: spaceIdentifier)
    chunkShape = nil
    let layout = HDF5Library.perform { H5Pget_layout(list) }
    let outsideFiles = HDF5Library.perform { H5Pget_external_count(list) }
    guard layout != H5D_VIRTUAL, outsideFiles <= 0 else {
      throw CheckpointError(
        .unsupported(
          detail: "has a data set whose values lie in another file",
          remedy: "copy it into one file (h5repack)"
        )
      )
    }
    if layout == H5D_CHUNKED {
      var chunk = [hsize_t](repeating: 0, count: max(1, shape.count))
      let rank = Int32(chunk.count)
      try HDF5Library.attempt { unsafe H5Pget_chunk(list, rank, &chunk) }
      chunkShape = chunk.map { Int(clamping: $0) }
    }
  }

  /// The dimensions of a space and how far they may grow.
  static func extent(of space: hid_t) throws -> (shape: [Int], maximum: [Int?]) {
    if HDF5Library.perform({ H5Sget_simple_extent_type(space) }) == H5S_NULL { return ([0], [0]) }
    let rank = try HDF5Library.attempt { H5Sget_simple_extent_ndims(space) }
    guard rank > 0 else { return ([], []) }
    var dimensions = [hsize_t](repeating: 0, count: Int(rank))
    var maximum = dimensions
    try HDF5Library.attempt { unsafe H5Sget_simple_extent_dims(space, &dimensions, &maximum) }
    return (
      dimensions.map { Int(clamping: $0) },
      maximum.map { $0 == hsize_t.max ? nil : Int(clamping: $0) }
    )
  }
}

extension HDF5File {
  /// Opens a data set.
  ///
  /// - Parameters:
  ///   - name: its path.
  ///   - body: what to do with it and its description.
  /// - Returns: what `body` returns.
  /// - Throws: `CheckpointError`: `missingObject`, `unexpectedType` when it is no data set,
  ///   `malformed`, and what `body` throws.
  func withDataset<Result>(
    _ name: String,
    _ body: (borrowing HDF5Handle, HDF5Dataset) throws -> Result
  ) throws -> Result {
    try reporting(name) {
      let absolute = try Self.absolute(name)
      guard contains(absolute) else { throw CheckpointError(.missingObject(name: name)) }
      guard try kind(of: absolute) == H5O_TYPE_DATASET else {
        throw CheckpointError(
          .unexpectedType(name: name, expected: "data set", found: "another object")
        )
      }
      let file = identifier
      let dataset = try HDF5Handle(.dataset) { unsafe H5Dopen2(file, absolute, 0) }
      return try body(dataset, try HDF5Dataset(describing: dataset.identifier))
    }
  }
}
