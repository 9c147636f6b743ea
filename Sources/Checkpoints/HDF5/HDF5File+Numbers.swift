@unsafe @preconcurrency import CHDF5

extension HDF5File {
  // MARK: Reading

  /// Reads a data set of numbers.
  ///
  /// - Parameters:
  ///   - name: its path.
  ///   - type: what to read it as; the stored type must be the same or fit into it without loss.
  ///   - rows: which of the first dimension's indices to read; nil for all.
  /// - Returns: the elements, last dimension fastest, and the shape that was read.
  /// - Throws: `CheckpointError`: `missingObject`; `unexpectedType`; `tooLarge` when it claims more
  ///   than the file can hold; `unexpectedShape` when there are no such rows; `malformed`.
  package func read<Value: HDF5Element>(
    _ name: String,
    as type: Value.Type,
    rows: Range<Int>? = nil
  ) throws -> HDF5Array<Value> {
    try withDataset(name) { dataset, description in
      guard case .element(let stored) = description.type, stored.widens(to: Value.elementType)
      else {
        throw CheckpointError(
          .unexpectedType(
            name: name,
            expected: Value.elementType.rawValue,
            found: description.type.description
          )
        )
      }
      return try read(dataset, description, name, rows: rows, Value.elementType.nativeIdentifier)
    }
  }

  /// Reads a data set of numbers of any type as `Float`, rounding to nearest where it must.
  ///
  /// - Parameter name: its path.
  /// - Returns: the elements, last dimension fastest, and the shape.
  /// - Throws: `CheckpointError`: `missingObject`, `unexpectedType`, `tooLarge`, `malformed`.
  package func readRounded(_ name: String) throws -> HDF5Array<Float> {
    try withDataset(name) { dataset, description in
      switch description.type {
      case .element(.bool):
        let truth: HDF5Array<UInt8> = try read(
          dataset,
          description,
          name,
          rows: nil,
          ElementType.uint8.nativeIdentifier
        )
        return HDF5Array(values: truth.values.map { $0 == 0 ? 0 : 1 }, shape: truth.shape)
      case .element:
        return try read(dataset, description, name, rows: nil, ElementType.float32.nativeIdentifier)
      default:
        throw CheckpointError(
          .unexpectedType(name: name, expected: "numbers", found: description.type.description)
        )
      }
    }
  }

  private func read<Value: BitwiseCopyable & Sendable>(
    _ dataset: borrowing HDF5Handle,
    _ description: HDF5Dataset,
    _ name: String,
    rows: Range<Int>?,
    _ memoryType: hid_t
  ) throws -> HDF5Array<Value> {
    var shape = description.shape
    if let rows {
      guard let first = shape.first, rows.lowerBound >= 0, rows.upperBound <= first else {
        throw CheckpointError(
          .unexpectedShape(name: name, expected: [rows.upperBound], found: shape)
        )
      }
      shape[0] = rows.count
    }
    let count = try honestCount(shape, unit: MemoryLayout<Value>.size, name)
    guard count > 0 else { return HDF5Array(values: [], shape: shape) }
    let identifier = dataset.identifier
    let all = hid_t(0)
    let values: [Value]
    if let rows {
      let file = try Self.rowSelection(identifier, rows: rows, shape: shape)
      let memory = try Self.space(shape)
      let (fileSpace, memorySpace) = (file.identifier, memory.identifier)
      values = try unsafe Self.fill(count) {
        unsafe H5Dread(identifier, memoryType, memorySpace, fileSpace, 0, $0)
      }
    } else {
      values = try unsafe Self.fill(count) {
        unsafe H5Dread(identifier, memoryType, all, all, 0, $0)
      }
    }
    return HDF5Array(values: values, shape: shape)
  }

  private static func fill<Value: BitwiseCopyable>(
    _ count: Int,
    _ call: (UnsafeMutableRawPointer) -> herr_t
  ) throws -> [Value] {
    try unsafe [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let base = buffer.baseAddress else { return }
      try HDF5Library.attempt { unsafe call(UnsafeMutableRawPointer(base)) }
      initialized = count
    }
  }

  /// The number of elements, after a check that the file can hold them.
  func honestCount(_ shape: [Int], unit: Int, _ name: String) throws -> Int {
    guard let count = elementCount(shape), count.saturatingMultiply(by: unit) <= honestBytes else {
      let bytes = shape.reduce(unit) { $0.saturatingMultiply(by: $1) }
      throw CheckpointError(.tooLarge(name: name, bytes: bytes, limit: honestBytes))
    }
    return count
  }

  // MARK: Writing

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
    try HDF5Library.attempt { H5Pset_create_intermediate_group(linksIdentifier, 1) }
    try HDF5Library.attempt { H5Pset_char_encoding(linksIdentifier, H5T_CSET_UTF8) }
    let storage = try HDF5Handle(.propertyList) { H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g) }
    let chosen = properties ?? storage.identifier
    // No modification times: the same content gives the same bytes.
    try HDF5Library.attempt { H5Pset_obj_track_times(chosen, false) }
    return try HDF5Handle(.dataset) {
      unsafe H5Dcreate2(file, absolute, type, spaceIdentifier, linksIdentifier, chosen, 0)
    }
  }

  // MARK: Spaces

  /// A space of these dimensions; none is a scalar.
  ///
  /// - Parameters:
  ///   - shape: the dimensions.
  ///   - isGrowing: whether the first one has no upper bound.
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

  // MARK: Opening

  /// Opens a data set.
  ///
  /// - Parameters:
  ///   - name: its path.
  ///   - body: what to do with it and its description.
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
        throw CheckpointError(.unexpectedType(name: name, expected: "data set", found: "group"))
      }
      let file = identifier
      let dataset = try HDF5Handle(.dataset) { unsafe H5Dopen2(file, absolute, 0) }
      return try body(dataset, try HDF5Dataset(describing: dataset.identifier))
    }
  }
}

extension HDF5Dataset {
  /// Describes an open data set.
  ///
  /// - Parameter dataset: the library's number for it.
  init(describing dataset: hid_t) throws {
    let storedType = try HDF5Handle(.datatype) { H5Dget_type(dataset) }
    let space = try HDF5Handle(.dataspace) { H5Dget_space(dataset) }
    let properties = try HDF5Handle(.propertyList) { H5Dget_create_plist(dataset) }
    let (spaceIdentifier, list) = (space.identifier, properties.identifier)
    type = HDF5DataType(describing: storedType.identifier)
    (shape, maximumShape) = try Self.extent(of: spaceIdentifier)
    chunkShape = nil
    if HDF5Library.perform({ H5Pget_layout(list) }) == H5D_CHUNKED {
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

extension ElementType {
  /// Whether every value of this type is also one of `other`.
  func widens(to other: ElementType) -> Bool {
    if self == other { return true }
    return switch other {
    case .float64:
      isFloatingPoint || [.int32, .int16, .int8, .uint32, .uint16, .uint8].contains(self)
    case .float32: [.float16, .bfloat16, .int16, .int8, .uint16, .uint8].contains(self)
    case .int64: [.int32, .int16, .int8, .uint32, .uint16, .uint8].contains(self)
    case .int32: [.int16, .int8, .uint16, .uint8].contains(self)
    case .uint8: self == .bool
    default: false
    }
  }
}
