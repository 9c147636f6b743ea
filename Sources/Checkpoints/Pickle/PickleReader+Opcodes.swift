extension PickleReader {
  /// Carries out one opcode other than STOP.
  mutating func execute(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .protocolVersion:
      let version = try byte()
      guard version <= 5 else { throw failure("pickle protocol \(version), at most 5 is known") }
    case .frame: _ = try unsigned(8)
    case .mark:
      guard marks.count < limits.stackDepth else { throw failure("too many marks") }
      marks.append(stack.count)
    case .pop: try executePop()
    case .popMark: _ = try popToMark()
    case .duplicate:
      let value = try pop()
      try push(value)
      try push(value)
    case .put: try remember(try decimal())
    case .binPut: try remember(Int(try byte()))
    case .longBinPut: try remember(try unsigned(4))
    case .memoize: try remember(memo.count)
    case .get: try recall(try decimal())
    case .binGet: try recall(Int(try byte()))
    case .longBinGet: try recall(try unsigned(4))
    case .extension1, .extension2, .extension4:
      throw failure("it uses the extension registry, which no checkpoint needs")
    case .nextBuffer, .readOnlyBuffer:
      throw failure("it refers to buffers outside the file")
    case .stop: preconditionFailure("STOP is the caller's")
    default:
      if try !executeScalar(opcode), try !executeContainer(opcode) { try executeObject(opcode) }
    }
  }

  /// POP removes a mark when nothing lies above it, as CPython's does.
  private mutating func executePop() throws {
    if let mark = marks.last, mark == stack.count {
      marks.removeLast()
    } else {
      _ = try pop()
    }
  }

  // MARK: Numbers and strings

  /// Pushes a number, string, … if `opcode` does that.
  private mutating func executeScalar(_ opcode: PickleOpcode) throws -> Bool {
    switch opcode {
    case .none: try push(.none)
    case .newTrue: try push(.boolean(true))
    case .newFalse: try push(.boolean(false))
    case .int: try push(try integerLine())
    case .long: try push(try integerLine())
    case .float:
      let text = try line()
      guard let number = Double(text) else { throw failure("\"\(text.prefix(40))\" is no number") }
      try push(.number(number))
    case .binInt: try push(.integer(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
    case .binInt1: try push(.integer(Int(try byte())))
    case .binInt2: try push(.integer(try unsigned(2)))
    case .long1: try push(Self.integer(try take(Int(try byte()))))
    case .long4: try push(Self.integer(try take(try unsigned(4))))
    case .binFloat:
      let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      try push(.number(Double(bitPattern: bits)))
    case .string: try push(.string(try quotedLine()))
    case .unicode: try push(.string(try line()))
    case .binString, .binUnicode: try push(string(try take(try unsigned(4))))
    case .shortBinString, .shortBinUnicode: try push(string(try take(Int(try byte()))))
    case .binUnicode8: try push(string(try take(try unsigned(8))))
    case .shortBinBytes: try push(.bytes(Array(try take(Int(try byte())))))
    case .binBytes: try push(.bytes(Array(try take(try unsigned(4)))))
    case .binBytes8, .byteArray8: try push(.bytes(Array(try take(try unsigned(8)))))
    default: return false
    }
    return true
  }

  private func string(_ bytes: ArraySlice<UInt8>) -> PickleValue {
    .string(String(decoding: bytes, as: UTF8.self))
  }

  /// A two's complement number, least significant byte first; none is 0.
  static func integer(_ bytes: ArraySlice<UInt8>) -> PickleValue {
    guard bytes.count <= 8 else { return .largeInteger(Array(bytes)) }
    var value: UInt64 = (bytes.last ?? 0) & 0x80 == 0 ? 0 : .max
    for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    return .integer(Int(Int64(bitPattern: value)))
  }

  /// The operand of INT and LONG: `01` and `00` are truth values, a long may end with `L`.
  private mutating func integerLine() throws -> PickleValue {
    var text = try line()
    if text == "01" || text == "00" { return .boolean(text == "01") }
    if text.hasSuffix("L") { text.removeLast() }
    if let number = Int(text) { return .integer(number) }
    guard let number = Double(text) else { throw failure("\"\(text.prefix(40))\" is no integer") }
    return .number(number)
  }

  /// The operand of PUT and GET.
  private mutating func decimal() throws -> Int {
    let text = try line()
    guard let number = Int(text), number >= 0 else {
      throw failure("\"\(text.prefix(40))\" is no memo index")
    }
    return number
  }

  /// The operand of STRING: a Python literal, whose escapes are left as they are.
  private mutating func quotedLine() throws -> String {
    let text = try line()
    guard text.utf8.count >= 2, let quote = text.first, quote == text.last, "'\"".contains(quote)
    else { throw failure("a string has no quotes") }
    return String(text.dropFirst().dropLast())
  }

  // MARK: Containers

  /// Builds or extends a container if `opcode` does that.
  private mutating func executeContainer(_ opcode: PickleOpcode) throws -> Bool {
    switch opcode {
    case .emptyTuple: try pushNode(.tuple)
    case .tuple1: try pushTuple(1)
    case .tuple2: try pushTuple(2)
    case .tuple3: try pushTuple(3)
    case .tuple: try pushNode(.tuple, try popToMark())
    case .emptyList: try pushNode(.list)
    case .list: try pushNode(.list, try popToMark())
    case .append: try extendTop(by: [try pop()], .list)
    case .appends: try extendTop(by: try popToMark(), .list)
    case .emptySet: try pushNode(.set)
    case .frozenSet: try pushNode(.set, try popToMark())
    case .addItems: try extendTop(by: try popToMark(), .set)
    case .emptyDictionary: try pushNode(.dictionary)
    case .dictionary: try pushNode(.dictionary, try pairs(try popToMark()))
    case .setItem:
      let value = try pop()
      let key = try pop()
      try extendTop(by: [key, value], .dictionary)
    case .setItems: try extendTop(by: try pairs(try popToMark()), .dictionary)
    default: return false
    }
    return true
  }

  private mutating func pushTuple(_ count: Int) throws {
    var items: [PickleValue] = []
    for _ in 0..<count { items.append(try pop()) }
    try pushNode(.tuple, items.reversed())
  }

  private func pairs(_ items: [PickleValue]) throws -> [PickleValue] {
    guard items.count.isMultiple(of: 2) else { throw failure("a key has no value") }
    return items
  }
}
