@unsafe @preconcurrency import CHDF5

extension HDF5File {
  /// Writes a data set of numbers in one piece, making the groups that it lies in.
  ///
  /// - Parameters:
  ///   - values: the elements, last dimension fastest.
  ///   - shape: the dimensions; none for a scalar. Their product is the number of elements.
  ///   - name: its path, which must be free.
  /// - Throws: `CheckpointError`: `alreadyExists`, `invalidName`, `notWritable`.
  package func write<Value: HDF5Element>(
    _ values: [Value],
    shape: [Int],
    to name: String
  ) throws {
    try write(values[...], shape: shape, to: name)
  }

  /// Writes a part of an array as a data set.
  ///
  /// - Parameters:
  ///   - values: the elements, last dimension fastest.
  ///   - shape: the dimensions; none for a scalar. Their product is the number of elements.
  ///   - name: its path, which must be free.
  /// - Throws: `CheckpointError`: `alreadyExists`, `invalidName`, `notWritable`.
  package func write<Value: HDF5Element>(
    _ values: ArraySlice<Value>,
    shape: [Int],
    to name: String
  ) throws {
    precondition(
      elementCount(shape) == values.count,
      "\(name): \(values.count) values don't fill the shape \(shape)"
    )
    try reporting(name) {
      let space = try Self.space(shape)
      let type = Value.elementType
      let dataset = try create(name, type: type.storedIdentifier, space: space, properties: nil)
      guard !values.isEmpty else { return }
      let identifier = dataset.identifier
      try unsafe values.withUnsafeBytes { bytes in
        _ = try HDF5Library.attempt {
          unsafe H5Dwrite(identifier, type.nativeIdentifier, 0, 0, 0, bytes.baseAddress)
        }
      }
    }
  }

  /// Creates an empty data set and the groups above it.
  ///
  /// - Parameters:
  ///   - name: its path.
  ///   - type: the stored type.
  ///   - space: its dimensions.
  ///   - properties: how it is stored; nil for one piece.
  /// - Returns: the open data set.
  /// - Throws: `CheckpointError`: `alreadyExists`, `invalidName`; `HDF5Library.Failure`.
  func create(
    _ name: String,
    type: hid_t,
    space: borrowing HDF5Handle,
    properties: hid_t?
  ) throws -> HDF5Handle {
    precondition(isBeingCreated, "\(path): open for reading only")
    let absolute = try Self.absolute(name)
    guard absolute != "/" else {
      throw CheckpointError(.invalidName(name: name, detail: "it is empty"))
    }
    guard !contains(absolute) else { throw CheckpointError(.alreadyExists(name: name)) }
    let links = try HDF5Handle(.propertyList) { H5Pcreate(H5P_CLS_LINK_CREATE_ID_g) }
    let (file, linksIdentifier, spaceIdentifier) = (identifier, links.identifier, space.identifier)
    try createGroups(above: absolute)
    try HDF5Library.attempt { H5Pset_char_encoding(linksIdentifier, H5T_CSET_UTF8) }
    let storage = try HDF5Handle(.propertyList) { H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g) }
    let chosen = properties ?? storage.identifier
    // No modification times: the same content gives the same bytes.
    try HDF5Library.attempt { H5Pset_obj_track_times(chosen, false) }
    return try HDF5Handle(.dataset) {
      unsafe H5Dcreate2(file, absolute, type, spaceIdentifier, linksIdentifier, chosen, 0)
    }
  }

  /// Creates the missing groups above an object.
  ///
  /// One by one, since groups that the library makes in passing note the time.
  private func createGroups(above absolute: String) throws {
    let links = try HDF5Handle(.propertyList) { H5Pcreate(H5P_CLS_LINK_CREATE_ID_g) }
    let properties = try HDF5Handle(.propertyList) { H5Pcreate(H5P_CLS_GROUP_CREATE_ID_g) }
    let (file, linksIdentifier) = (identifier, links.identifier)
    let chosen = properties.identifier
    try HDF5Library.attempt { H5Pset_char_encoding(linksIdentifier, H5T_CSET_UTF8) }
    try HDF5Library.attempt { H5Pset_obj_track_times(chosen, false) }
    var path = ""
    for name in absolute.split(separator: "/").dropLast() {
      path += "/\(name)"
      guard !contains(path) else { continue }
      let place = path
      _ = try HDF5Handle(.group) {
        unsafe H5Gcreate2(file, place, linksIdentifier, chosen, 0)
      }
    }
  }

  // MARK: Spaces

  /// A space of these dimensions; none is a scalar.
  ///
  /// - Parameters:
  ///   - shape: the dimensions.
  ///   - isGrowing: whether the first one has no upper bound.
  /// - Returns: the open space.
  /// - Throws: `HDF5Library.Failure`.
  static func space(_ shape: [Int], isGrowing: Bool = false) throws -> HDF5Handle {
    let dimensions = shape.map { hsize_t($0) }
    guard !dimensions.isEmpty else {
      return try HDF5Handle(.dataspace) { H5Screate(H5S_SCALAR) }
    }
    var maximum = dimensions
    if isGrowing { maximum[0] = hsize_t.max }
    return try HDF5Handle(.dataspace) {
      unsafe H5Screate_simple(Int32(dimensions.count), dimensions, maximum)
    }
  }

  /// The space of an open data set with some of its first dimension's indices selected.
  ///
  /// - Parameters:
  ///   - dataset: the data set.
  ///   - rows: the indices.
  ///   - shape: the shape of the selection.
  /// - Returns: the open space.
  /// - Throws: `HDF5Library.Failure`.
  static func rowSelection(_ dataset: hid_t, rows: Range<Int>, shape: [Int]) throws -> HDF5Handle {
    let space = try HDF5Handle(.dataspace) { H5Dget_space(dataset) }
    var start = [hsize_t](repeating: 0, count: shape.count)
    start[0] = hsize_t(rows.lowerBound)
    let count = shape.map { hsize_t($0) }
    let identifier = space.identifier
    try HDF5Library.attempt {
      unsafe H5Sselect_hyperslab(identifier, H5S_SELECT_SET, start, nil, count, nil)
    }
    return space
  }
}
