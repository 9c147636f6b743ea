@unsafe @preconcurrency import CHDF5

extension HDF5File {
  // MARK: Writing

  /// Gives an object an attribute that is a string, of fixed length (h5py reads it as bytes).
  ///
  /// - Parameters:
  ///   - value: the string, without NULs.
  ///   - name: the attribute's name.
  ///   - object: the path of the object, by default the file's root.
  /// - Throws: `CheckpointError`: `missingObject`, `notWritable` also when it exists already.
  package func setAttribute(_ value: String, named name: String, of object: String = "/") throws {
    try reporting(object) {
      guard !value.utf8.contains(0) else {
        throw CheckpointError(.notWritable(detail: "attribute \"\(name)\" holds a NUL"))
      }
      let (bytes, width) = Self.padded([value])
      let type = try Self.stringType(width: width)
      let identifier = type.identifier
      try unsafe bytes.withUnsafeBytes { buffer in
        try unsafe createAttribute(
          name,
          of: object,
          stored: identifier,
          memory: identifier,
          buffer.baseAddress
        )
      }
    }
  }

  /// Gives an object an attribute that is an integer of 64 bits.
  ///
  /// - Parameters:
  ///   - value: the number.
  ///   - name: the attribute's name.
  ///   - object: the path of the object, by default the file's root.
  /// - Throws: `CheckpointError`: `missingObject`, `notWritable` also when it exists already.
  package func setAttribute(_ value: Int, named name: String, of object: String = "/") throws {
    try setNumber(Int64(value), named: name, of: object)
  }

  /// Gives an object an attribute that is a float64 number.
  ///
  /// - Parameters:
  ///   - value: the number.
  ///   - name: the attribute's name.
  ///   - object: the path of the object, by default the file's root.
  /// - Throws: `CheckpointError`: `missingObject`, `notWritable` also when it exists already.
  package func setAttribute(_ value: Double, named name: String, of object: String = "/") throws {
    try setNumber(value, named: name, of: object)
  }

  private func setNumber<Value: HDF5Element>(
    _ value: Value,
    named name: String,
    of object: String
  ) throws {
    try reporting(object) {
      let type = Value.elementType
      try unsafe withUnsafeBytes(of: value) { bytes in
        try unsafe createAttribute(
          name,
          of: object,
          stored: type.storedIdentifier,
          memory: type.nativeIdentifier,
          bytes.baseAddress
        )
      }
    }
  }

  private func createAttribute(
    _ name: String,
    of object: String,
    stored: hid_t,
    memory: hid_t,
    _ bytes: UnsafeRawPointer?
  ) throws {
    precondition(isBeingCreated, "\(path): open for reading only")
    let absolute = try existing(object)
    let space = try Self.space([])
    let properties = try HDF5Handle(.propertyList) { H5Pcreate(H5P_CLS_ATTRIBUTE_CREATE_ID_g) }
    let (file, spaceIdentifier, list) = (identifier, space.identifier, properties.identifier)
    try HDF5Library.attempt { H5Pset_char_encoding(list, H5T_CSET_UTF8) }
    let attribute = try HDF5Handle(.attribute) {
      unsafe H5Acreate_by_name(file, absolute, name, stored, spaceIdentifier, list, 0, 0)
    }
    let attributeIdentifier = attribute.identifier
    try HDF5Library.attempt { unsafe H5Awrite(attributeIdentifier, memory, bytes) }
  }

  // MARK: Reading

  /// The names of an object's attributes.
  ///
  /// - Parameter object: the path of the object, by default the file's root.
  /// - Returns: the names, sorted.
  /// - Throws: `CheckpointError`: `missingObject`, `malformed`.
  package func attributeNames(of object: String = "/") throws -> [String] {
    try reporting(object) {
      let absolute = try existing(object)
      let file = identifier
      let handle = try HDF5Handle(.object) { unsafe H5Oopen(file, absolute, 0) }
      return try unsafe Self.names(limit: limits.objects) { context in
        unsafe H5Aiterate2(
          handle.identifier,
          H5_INDEX_NAME,
          H5_ITER_INC,
          nil,
          { _, name, _, context in unsafe NameList.take(name, context) },
          context
        )
      }
    }
  }

  /// An attribute that is a string.
  ///
  /// - Parameters:
  ///   - name: the attribute's name.
  ///   - object: the path of the object, by default the file's root.
  /// - Returns: its text; bytes that are no UTF-8 become U+FFFD; nil when the object has none of that name.
  /// - Throws: `CheckpointError`: `missingObject` for the object, `unexpectedType`, `malformed`.
  package func stringAttribute(_ name: String, of object: String = "/") throws -> String? {
    try withAttribute(name, of: object) { attribute, type, space in
      let found = HDF5DataType(describing: type.identifier)
      guard found == .string else {
        throw CheckpointError(
          .unexpectedType(name: name, expected: "string", found: found.description)
        )
      }
      let shape = try HDF5Dataset.extent(of: space.identifier).shape
      guard elementCount(shape) == 1 else {
        throw CheckpointError(.unexpectedShape(name: name, expected: [], found: shape))
      }
      return try unsafe strings(type: type, space: space, shape: shape, name) { memory, buffer in
        unsafe H5Aread(attribute, memory, buffer)
      }.first
    }
  }

  /// An attribute that is an integer.
  ///
  /// - Parameters:
  ///   - name: the attribute's name.
  ///   - object: the path of the object, by default the file's root.
  /// - Returns: its value; nil when the object has none of that name.
  /// - Throws: `CheckpointError`: `missingObject` for the object, `unexpectedType`, `malformed`.
  package func integerAttribute(_ name: String, of object: String = "/") throws -> Int? {
    try number(name, of: object, as: Int64.self).map { Int($0) }
  }

  /// An attribute that is a number.
  ///
  /// - Parameters:
  ///   - name: the attribute's name.
  ///   - object: the path of the object, by default the file's root.
  /// - Returns: its value; nil when the object has none of that name.
  /// - Throws: `CheckpointError`: `missingObject` for the object, `unexpectedType`, `malformed`.
  package func doubleAttribute(_ name: String, of object: String = "/") throws -> Double? {
    try number(name, of: object, as: Double.self)
  }

  private func number<Value: HDF5Element & Numeric>(
    _ name: String,
    of object: String,
    as type: Value.Type
  ) throws -> Value? {
    try withAttribute(name, of: object) { attribute, storedType, space in
      let found = HDF5DataType(describing: storedType.identifier)
      guard case .element(let stored) = found, stored.widens(to: Value.elementType) else {
        throw CheckpointError(
          .unexpectedType(
            name: name,
            expected: Value.elementType.rawValue,
            found: found.description
          )
        )
      }
      let shape = try HDF5Dataset.extent(of: space.identifier).shape
      guard elementCount(shape) == 1 else {
        throw CheckpointError(.unexpectedShape(name: name, expected: [], found: shape))
      }
      var value: Value = 0
      try HDF5Library.attempt {
        unsafe H5Aread(attribute, Value.elementType.nativeIdentifier, &value)
      }
      return value
    }
  }

  /// Opens an attribute, its type and its space; nil when there is none.
  private func withAttribute<Result>(
    _ name: String,
    of object: String,
    _ body: (hid_t, borrowing HDF5Handle, borrowing HDF5Handle) throws -> Result?
  ) throws -> Result? {
    try reporting(object) {
      let absolute = try existing(object)
      let file = identifier
      let found = try HDF5Library.attempt { unsafe H5Aexists_by_name(file, absolute, name, 0) }
      guard found > 0 else { return nil }
      let attribute = try HDF5Handle(.attribute) {
        unsafe H5Aopen_by_name(file, absolute, name, 0, 0)
      }
      let number = attribute.identifier
      let type = try HDF5Handle(.datatype) { H5Aget_type(number) }
      let space = try HDF5Handle(.dataspace) { H5Aget_space(number) }
      return try body(number, type, space)
    }
  }

  /// The absolute path of an object that exists.
  private func existing(_ object: String) throws -> String {
    let absolute = try Self.absolute(object)
    guard contains(absolute) else { throw CheckpointError(.missingObject(name: object)) }
    return absolute
  }
}
