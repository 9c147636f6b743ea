/// Conversion of stored elements to `Float`.
///
/// float16 and bfloat16 are exact; float64 and integers beyond 2²⁴ are rounded to nearest; a truth
/// value is 0 or 1.
extension ElementType {
  /// The largest number of elements converted at a time.
  private static let sliceCount = 1 << 18

  /// Reads elements that lie one after another.
  ///
  /// - Parameters:
  ///   - count: how many, at least 0.
  ///   - stream: their bytes.
  ///   - isBigEndian: whether the most significant byte of an element comes first.
  /// - Returns: `count` numbers.
  /// - Throws: what `stream` throws.
  func decode(
    _ count: Int,
    from stream: inout some ByteStream,
    isBigEndian: Bool = false
  ) throws -> [Float] {
    try unsafe [Float](unsafeUninitializedCapacity: count) { output, initialized in
      if self == .float32, !isBigEndian {
        // Same bits in the file and in memory: no copy between.
        try unsafe stream.read(
          into: UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(output)[..<(4 * count)]
          )
        )
      } else {
        try unsafe decodeSlices(count, from: &stream, isBigEndian: isBigEndian, into: output)
      }
      initialized = count
    }
  }

  private func decodeSlices(
    _ count: Int,
    from stream: inout some ByteStream,
    isBigEndian: Bool,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws {
    let capacity = min(count, Self.sliceCount)
    let raw = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, capacity * byteCount),
      alignment: 8
    )
    defer { unsafe raw.deallocate() }
    var done = 0
    while done < count {
      let next = min(capacity, count - done)
      let slice = unsafe UnsafeMutableRawBufferPointer(rebasing: raw[..<(next * byteCount)])
      try unsafe stream.read(into: slice)
      let target = unsafe UnsafeMutableBufferPointer(rebasing: output[done..<(done + next)])
      unsafe convert(UnsafeRawBufferPointer(slice), isBigEndian: isBigEndian, into: target)
      done += next
    }
  }

  /// Converts stored elements.
  ///
  /// - Parameters:
  ///   - bytes: `output.count * byteCount` bytes.
  ///   - isBigEndian: whether the most significant byte of an element comes first.
  ///   - output: where to put the numbers.
  private func convert(
    _ bytes: UnsafeRawBufferPointer,
    isBigEndian: Bool,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    func each<Bits: FixedWidthInteger & BitwiseCopyable>(
      _ type: Bits.Type,
      _ value: (Bits) -> Float
    ) {
      for index in 0..<output.count {
        let bits = unsafe bytes.loadUnaligned(
          fromByteOffset: index * MemoryLayout<Bits>.size,
          as: Bits.self
        )
        let number = value(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
        unsafe output.initializeElement(at: index, to: number)
      }
    }
    switch self {
    case .float64: each(UInt64.self) { Float(Double(bitPattern: $0)) }
    case .float32: each(UInt32.self) { Float(bitPattern: $0) }
    case .float16: each(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: each(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .int64: each(Int64.self) { Float($0) }
    case .int32: each(Int32.self) { Float($0) }
    case .int16: each(Int16.self) { Float($0) }
    case .int8: each(Int8.self) { Float($0) }
    case .uint64: each(UInt64.self) { Float($0) }
    case .uint32: each(UInt32.self) { Float($0) }
    case .uint16: each(UInt16.self) { Float($0) }
    case .uint8: each(UInt8.self) { Float($0) }
    case .bool: each(UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }
}
