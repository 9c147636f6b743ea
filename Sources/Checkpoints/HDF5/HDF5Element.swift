@unsafe @preconcurrency import CHDF5

/// A number that an HDF5 data set can be read into and written from.
package protocol HDF5Element: BitwiseCopyable, Sendable {
  /// The stored type.
  static var elementType: ElementType { get }
}

extension Float: HDF5Element {
  package static var elementType: ElementType { .float32 }
}
extension Double: HDF5Element {
  package static var elementType: ElementType { .float64 }
}
extension Int64: HDF5Element {
  package static var elementType: ElementType { .int64 }
}
extension Int32: HDF5Element {
  package static var elementType: ElementType { .int32 }
}
extension UInt8: HDF5Element {
  package static var elementType: ElementType { .uint8 }
}

/// What a data set holds.
package enum HDF5DataType: Equatable, Sendable, CustomStringConvertible {
  /// Numbers or truth values.
  case element(ElementType)
  /// Strings of variable or fixed length.
  case string
  /// Something else (a compound, a reference …), by the library's name for its class.
  case other(String)

  /// The type as a user reads it, such as `float32`.
  package var description: String {
    switch self {
    case .element(let type): type.rawValue
    case .string: "string"
    case .other(let name): name
    }
  }
}

/// An array read from a file.
package struct HDF5Array<Value: Sendable>: Sendable {
  /// The elements, last dimension fastest.
  package var values: [Value]
  /// The dimensions; none for a scalar.
  package var shape: [Int]

  /// An array.
  ///
  /// - Parameters:
  ///   - values: the elements, last dimension fastest.
  ///   - shape: the dimensions; none for a scalar.
  package init(values: [Value], shape: [Int]) {
    self.values = values
    self.shape = shape
  }
}

extension HDF5Array: Equatable where Value: Equatable {}

extension ElementType {
  /// The library's number for this type in memory; only to be asked for once the library is open.
  var nativeIdentifier: hid_t {
    switch self {
    case .float64: H5T_NATIVE_DOUBLE_g
    case .float32: H5T_NATIVE_FLOAT_g
    case .int64: H5T_NATIVE_INT64_g
    case .int32: H5T_NATIVE_INT32_g
    case .int16: H5T_NATIVE_INT16_g
    case .int8: H5T_NATIVE_INT8_g
    case .uint64: H5T_NATIVE_UINT64_g
    case .uint32: H5T_NATIVE_UINT32_g
    case .uint16: H5T_NATIVE_UINT16_g
    case .uint8, .bool: H5T_NATIVE_UINT8_g
    case .float16, .bfloat16: H5T_NATIVE_FLOAT_g
    }
  }

  /// The library's number for this type in a file: little-endian on every machine.
  var storedIdentifier: hid_t {
    switch self {
    case .float64: H5T_IEEE_F64LE_g
    case .float32: H5T_IEEE_F32LE_g
    case .int64: H5T_STD_I64LE_g
    case .int32: H5T_STD_I32LE_g
    case .uint8: H5T_STD_U8LE_g
    default: preconditionFailure("\(rawValue) is never written to HDF5")
    }
  }
}

extension HDF5DataType {
  /// Describes an open datatype.
  ///
  /// - Parameter type: the library's number for it.
  init(describing type: hid_t) {
    self = HDF5Library.perform {
      let (kind, size) = (H5Tget_class(type), H5Tget_size(type))
      return switch kind {
      case H5T_FLOAT: Self.floating(size: size, mantissa: Self.mantissaBits(of: type))
      case H5T_INTEGER: Self.integer(size: size, isSigned: H5Tget_sign(type) == H5T_SGN_2)
      case H5T_ENUM: Self.isBoolean(type) ? .element(.bool) : .other("enumeration")
      case H5T_STRING: .string
      case H5T_COMPOUND: .other("compound")
      case H5T_REFERENCE: .other("reference")
      case H5T_VLEN: .other("variable-length list")
      case H5T_ARRAY: .other("array")
      case H5T_OPAQUE: .other("opaque")
      case H5T_BITFIELD: .other("bit field")
      case H5T_TIME: .other("time")
      default: .other("unknown type")
      }
    }
  }

  private static func mantissaBits(of type: hid_t) -> Int {
    var (sign, exponent, exponentSize, mantissa, mantissaSize) = (0, 0, 0, 0, 0)
    let status = unsafe H5Tget_fields(
      type,
      &sign,
      &exponent,
      &exponentSize,
      &mantissa,
      &mantissaSize
    )
    return status < 0 ? 0 : mantissaSize
  }

  private static func floating(size: Int, mantissa: Int) -> Self {
    switch (size, mantissa) {
    case (8, 52): .element(.float64)
    case (4, 23): .element(.float32)
    case (2, 10): .element(.float16)
    case (2, 7): .element(.bfloat16)
    default: .other("\(size)-byte float")
    }
  }

  private static func integer(size: Int, isSigned: Bool) -> Self {
    switch (size, isSigned) {
    case (8, true): .element(.int64)
    case (4, true): .element(.int32)
    case (2, true): .element(.int16)
    case (1, true): .element(.int8)
    case (8, false): .element(.uint64)
    case (4, false): .element(.uint32)
    case (2, false): .element(.uint16)
    case (1, false): .element(.uint8)
    default: .other("\(size)-byte integer")
    }
  }

  /// Whether an enumeration is h5py's truth value: one byte, FALSE = 0 and TRUE = 1.
  private static func isBoolean(_ type: hid_t) -> Bool {
    guard H5Tget_size(type) == 1, H5Tget_nmembers(type) == 2 else { return false }
    var (no, yes): (Int8, Int8) = (-1, -1)
    let found =
      unsafe H5Tget_member_index(type, "FALSE") >= 0 && H5Tget_member_index(type, "TRUE") >= 0
      && H5Tenum_valueof(type, "FALSE", &no) >= 0 && H5Tenum_valueof(type, "TRUE", &yes) >= 0
    return found && no == 0 && yes == 1
  }
}
