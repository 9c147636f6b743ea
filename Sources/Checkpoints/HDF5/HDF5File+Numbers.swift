@unsafe @preconcurrency import CHDF5

extension HDF5File {
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
