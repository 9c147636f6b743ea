@unsafe @preconcurrency import CHDF5

extension HDF5File {
  /// Reads a list of strings of fixed length or, in a trusted file, of variable length.
  ///
  /// - Parameter name: the path of a data set of one dimension or none.
  /// - Returns: the strings; bytes that are no UTF-8 become U+FFFD.
  /// - Throws: `CheckpointError`: `missingObject`, `unexpectedType`, `unexpectedShape`, `tooLarge`,
  ///   `unsupported` for variable length in a file that isn't trusted, `malformed`.
  package func readStrings(_ name: String) throws -> [String] {
    try withDataset(name) { dataset, description in
      guard description.type == .string else {
        throw CheckpointError(
          .unexpectedType(name: name, expected: "string", found: description.type.description)
        )
      }
      guard description.shape.count <= 1 else {
        throw CheckpointError(
          .unexpectedShape(name: name, expected: [-1], found: description.shape)
        )
      }
      let identifier = dataset.identifier
      let type = try HDF5Handle(.datatype) { H5Dget_type(identifier) }
      let space = try HDF5Handle(.dataspace) { H5Dget_space(identifier) }
      return try unsafe strings(type: type, space: space, shape: description.shape, name) {
        memory,
        buffer in
        unsafe H5Dread(identifier, memory, 0, 0, 0, buffer)
      }
    }
  }

  /// Writes a list of strings, making the groups that it lies in.
  ///
  /// All take the length of the longest, padded with NULs: one block that needs no heap, see
  /// `init(reading:limits:isTrusted:)`.
  ///
  /// - Parameters:
  ///   - values: the strings, without NULs.
  ///   - name: the data set's path, which must be free.
  /// - Throws: `CheckpointError`: `alreadyExists`, `invalidName`, `notWritable` also for a string
  ///   that holds a NUL.
  package func writeStrings(_ values: [String], to name: String) throws {
    try reporting(name) {
      if let index = values.firstIndex(where: { $0.utf8.contains(0) }) {
        throw CheckpointError(.notWritable(detail: "string \(index) of \"\(name)\" holds a NUL"))
      }
      let (bytes, width) = Self.padded(values)
      let space = try Self.space([values.count])
      let type = try Self.stringType(width: width)
      let dataset = try create(name, type: type.identifier, space: space, properties: nil)
      guard !values.isEmpty else { return }
      let (identifier, typeIdentifier) = (dataset.identifier, type.identifier)
      try HDF5Library.attempt { unsafe H5Dwrite(identifier, typeIdentifier, 0, 0, 0, bytes) }
    }
  }

  /// Puts strings one after another, each padded with NULs to the length of the longest.
  ///
  /// - Parameter values: the strings.
  /// - Returns: the bytes, and the length of each string in bytes, at least 1.
  static func padded(_ values: [String]) -> (bytes: [UInt8], width: Int) {
    let width = max(1, values.map(\.utf8.count).max() ?? 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * values.count)
    for value in values {
      bytes.append(contentsOf: value.utf8)
      bytes.append(contentsOf: repeatElement(0, count: width - value.utf8.count))
    }
    return (bytes, width)
  }

  /// A UTF-8 string type of fixed length, padded with NULs.
  ///
  /// - Parameter width: the bytes of each string, at least 1.
  /// - Returns: the open type.
  /// - Throws: `HDF5Library.Failure`.
  static func stringType(width: Int) throws -> HDF5Handle {
    let type = try HDF5Handle(.datatype) { H5Tcopy(H5T_C_S1_g) }
    let identifier = type.identifier
    try HDF5Library.attempt { H5Tset_size(identifier, width) }
    try HDF5Library.attempt { H5Tset_cset(identifier, H5T_CSET_UTF8) }
    try HDF5Library.attempt { H5Tset_strpad(identifier, H5T_STR_NULLPAD) }
    return type
  }

  // MARK: Reading

  /// Reads the strings of an open data set or attribute.
  ///
  /// - Parameters:
  ///   - type: the stored type, a string.
  ///   - space: the stored space.
  ///   - shape: its dimensions.
  ///   - name: the object, for errors.
  ///   - read: the call that reads elements of a memory type into a buffer.
  /// - Returns: the strings in row-major order.
  /// - Throws: `CheckpointError`: `tooLarge`; `HDF5Library.Failure`.
  func strings(
    type: borrowing HDF5Handle,
    space: borrowing HDF5Handle,
    shape: [Int],
    _ name: String,
    _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
  ) throws -> [String] {
    let identifier = type.identifier
    if try HDF5Library.attempt({ H5Tis_variable_str(identifier) }) > 0 {
      guard isTrusted else {
        throw CheckpointError(
          .unsupported(
            detail: "\"\(name)\" holds strings of variable length, which can't be read safely",
            remedy: "write it with fixed length (in h5py: string_dtype(\"utf-8\", length))"
          )
        )
      }
      return try unsafe variableStrings(type: type, space: space, shape: shape, name, read)
    }
    let width = HDF5Library.perform { H5Tget_size(identifier) }
    let count = try honestCount(shape + [width], unit: 1, name) / max(1, width)
    guard count > 0 else { return [] }
    let isSpacePadded = HDF5Library.perform { H5Tget_strpad(identifier) } == H5T_STR_SPACEPAD
    var bytes = [UInt8](repeating: 0, count: count * width)
    try unsafe bytes.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      try HDF5Library.attempt { unsafe read(identifier, base) }
    }
    return (0..<count).map { index in
      var slice = bytes[(index * width)..<((index + 1) * width)].prefix { $0 != 0 }
      if isSpacePadded { while slice.last == 0x20 { slice.removeLast() } }
      return String(decoding: slice, as: UTF8.self)
    }
  }

  private func variableStrings(
    type: borrowing HDF5Handle,
    space: borrowing HDF5Handle,
    shape: [Int],
    _ name: String,
    _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
  ) throws -> [String] {
    let count = try honestCount(shape, unit: MemoryLayout<Int>.size, name)
    guard count > 0 else { return [] }
    let (typeIdentifier, spaceIdentifier) = (type.identifier, space.identifier)
    // The library allocates each string and takes them back with one call.
    var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    return try unsafe pointers.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return [] }
      try HDF5Library.attempt { unsafe read(typeIdentifier, base) }
      defer {
        _ = HDF5Library.perform {
          unsafe H5Dvlen_reclaim(typeIdentifier, spaceIdentifier, 0, base)
        }
      }
      return unsafe buffer.bindMemory(to: UnsafeMutablePointer<CChar>?.self).map { pointer in
        guard let pointer = unsafe pointer else { return "" }
        return unsafe String(cString: pointer)
      }
    }
  }
}
