/// Reads a safetensors header: the part of JSON that it uses, and nothing else.
///
/// `{"NAME": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {"…": "…"}}`
///
/// A general parser would take the last of two equal names in silence; here that is an error, as is
/// any other key. Nothing nests, so nothing recurses.
struct SafetensorsHeaderParser {
  /// A tensor as the header describes it.
  struct Tensor {
    var name: String
    var type: ElementType
    var shape: [Int]
    /// Where it begins in the data.
    var begin: Int
    /// The byte behind it.
    var end: Int
  }

  private let bytes: [UInt8]
  private let path: String
  private var position = 0

  private static let types: [String: ElementType] = [
    "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64,
    "I32": .int32, "I16": .int16, "I8": .int8, "U64": .uint64, "U32": .uint32, "U16": .uint16,
    "U8": .uint8, "BOOL": .bool,
  ]

  /// Prepares to read a header.
  ///
  /// - Parameters:
  ///   - bytes: the header.
  ///   - path: the file, for errors.
  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// Reads the header.
  ///
  /// - Returns: tensors in the header's order, and the metadata.
  /// - Throws: `CheckpointError`: `malformed` with the byte; `unsupported` for an unknown type.
  mutating func parse() throws -> (tensors: [Tensor], metadata: [String: String]) {
    var tensors: [Tensor] = []
    var names: Set<String> = []
    var metadata: [String: String] = [:]
    try object { parser, name in
      guard names.insert(name).inserted else { throw parser.failure("\"\(name)\" occurs twice") }
      if name == "__metadata__" {
        try parser.object { parser, key in metadata[key] = try parser.string() }
      } else {
        tensors.append(try parser.tensor(name))
      }
    }
    skipSpace()
    guard position == bytes.count else { throw failure("something follows the header") }
    return (tensors, metadata)
  }

  private mutating func tensor(_ name: String) throws -> Tensor {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try object { parser, key in
      switch key {
      case "dtype" where type == nil: type = try parser.string()
      case "shape" where shape == nil: shape = try parser.numbers()
      case "data_offsets" where offsets == nil: offsets = try parser.numbers()
      default: throw parser.failure("\"\(name)\" has an unexpected or second \"\(key)\"")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw failure("\"\(name)\" lacks dtype, shape or two data_offsets")
    }
    guard let elementType = Self.types[type] else {
      throw CheckpointError(
        .unsupported(
          detail: "\"\(name)\" is of type \(type.prefix(40)), which isn't read here",
          remedy: "save it as F32, F16 or BF16"
        ),
        path: path
      )
    }
    return Tensor(
      name: name,
      type: elementType,
      shape: shape,
      begin: offsets[0],
      end: offsets[1]
    )
  }

  // MARK: JSON

  private func failure(_ detail: String) -> CheckpointError {
    CheckpointError(.malformed(place: "header, byte \(8 + position)", detail: detail), path: path)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  /// Takes `character` if it comes next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard take(character) else { throw failure("expected \"\(character)\"") }
  }

  /// Reads an object; `member` reads the value of each key.
  private mutating func object(_ member: (inout Self, String) throws -> Void) throws {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  /// Reads a list of numbers that are whole and not negative.
  private mutating func numbers() throws -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var numbers: [Int] = []
    repeat { numbers.append(try number()) } while take(",")
    try expect("]")
    return numbers
  }

  private mutating func number() throws -> Int {
    skipSpace()
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw failure("expected a whole number that isn't negative")
    }
    return number
  }

  private mutating func string() throws -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure("a string is no UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw failure("a control character in a string")
      default: text.append(byte)
      }
    }
    throw failure("a string has no end")
  }

  /// The character of an escape behind its backslash.
  private mutating func escape() throws -> Unicode.Scalar {
    guard position < bytes.count else { throw failure("a string has no end") }
    defer { position += 1 }
    switch bytes[position] {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw failure("an unknown escape")
    }
  }

  /// The character of `\uXXXX`, or of two of them that are surrogates; `position` is at the `u` and
  /// ends at the last digit.
  private mutating func unicodeEscape() throws -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard UTF16.isLeadSurrogate(UInt16(first)), position + 2 < bytes.count,
      bytes[position + 1] == UInt8(ascii: "\\"), bytes[position + 2] == UInt8(ascii: "u")
    else { throw failure("half a surrogate pair") }
    position += 2
    let second = try codeUnit()
    guard UTF16.isTrailSurrogate(UInt16(second)),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw failure("half a surrogate pair") }
    return scalar
  }

  private mutating func codeUnit() throws -> UInt32 {
    guard bytes.count - position > 4,
      let value = UInt32(
        String(decoding: bytes[(position + 1)...(position + 4)], as: UTF8.self),
        radix: 16
      )
    else { throw failure("expected four hexadecimal digits") }
    position += 4
    return value
  }
}
