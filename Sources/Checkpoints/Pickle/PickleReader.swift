/// Reads Python pickles without running anything that they ask for.
///
/// Python's own reader is a stack machine whose programs may call any function. This one knows the
/// same opcodes (protocols 0 to 5), but a name outside ``AllowedGlobal``'s list ends the reading,
/// and "calling" a listed one builds the value that it stands for. Each opcode takes at least one
/// byte and pushes at most one value, so the limits below bound memory and time.
///
/// Source: the opcodes are documented in CPython's `pickletools` module.
struct PickleReader {
  /// How much a pickle may ask for.
  struct Limits: Sendable {
    /// The largest pickle in bytes.
    var byteCount = 64 << 20
    /// The most values on the stack.
    var stackDepth = 1 << 20
    /// The most opcodes and values copied from one container to another.
    var work = 1 << 24
    /// The most containers.
    var nodes = 1 << 21
    /// The most memoised values.
    var memo = 1 << 22
  }

  /// The file, for errors.
  let path: String
  let bytes: [UInt8]
  let limits: Limits
  /// The next byte.
  var position: Int
  var stack: [PickleValue] = []
  /// The stack's heights at the open marks.
  var marks: [Int] = []
  var memo: [Int: PickleValue] = [:]
  var nodes: [PickleNode] = []
  private var work = 0

  /// Prepares to read a pickle.
  ///
  /// - Parameters:
  ///   - bytes: what holds it.
  ///   - position: where it starts.
  ///   - path: the file, for errors.
  ///   - limits: how much it may ask for.
  init(_ bytes: [UInt8], from position: Int = 0, path: String, limits: Limits = Limits()) {
    self.bytes = bytes
    self.position = position
    self.path = path
    self.limits = limits
  }

  /// Reads one pickle.
  ///
  /// - Returns: its value.
  /// - Throws: `CheckpointError`: `forbiddenGlobal` for a name that is not on the list, `malformed`
  ///   for anything that is no pickle or asks for too much.
  mutating func read() throws -> PickleDocument {
    while true {
      let code = try byte()
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw failure("unknown opcode \(code)", at: position - 1)
      }
      try spend(1)
      if opcode == .stop { break }
      try execute(opcode)
    }
    let root = try pop()
    guard stack.isEmpty, marks.isEmpty else {
      throw failure("it ends with \(stack.count) values left over")
    }
    return PickleDocument(root: root, nodes: nodes, end: position)
  }

  /// Counts steps and copied values against the limit.
  mutating func spend(_ count: Int) throws {
    work += count
    guard work <= limits.work else { throw failure("more than \(limits.work) steps") }
  }

  /// The error that the pickle contradicts itself.
  ///
  /// - Parameters:
  ///   - detail: how.
  ///   - place: the byte, by default the last one read.
  /// - Returns: the error, for its caller to throw.
  func failure(_ detail: String, at place: Int? = nil) -> CheckpointError {
    CheckpointError(
      .malformed(place: "pickle, byte \(place ?? max(0, position - 1))", detail: detail),
      path: path
    )
  }

  // MARK: Bytes

  mutating func byte() throws -> UInt8 {
    guard position < bytes.count else { throw failure("it ends in the middle", at: position) }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else {
      throw failure(
        "\(count) bytes are announced, \(bytes.count - position) are left",
        at: position
      )
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// An unsigned number, least significant byte first.
  mutating func unsigned(_ width: Int) throws -> Int {
    var value: UInt64 = 0
    for (index, byte) in try take(width).enumerated() { value |= UInt64(byte) << (8 * index) }
    guard let number = Int(exactly: value) else { throw failure("the length \(value) is absurd") }
    return number
  }

  /// A line without its end.
  mutating func line() throws -> String {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw failure("a line has no end", at: position)
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  // MARK: The stack

  mutating func push(_ value: PickleValue) throws {
    guard stack.count < limits.stackDepth else {
      throw failure("more than \(limits.stackDepth) values on the stack")
    }
    stack.append(value)
  }

  mutating func pop() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
      throw failure("a value is taken from an empty stack")
    }
    return value
  }

  /// The values above the last mark, which is removed with them.
  mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw failure("a mark is missing") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  mutating func pushNode(_ kind: PickleNode.Kind, _ items: [PickleValue] = []) throws {
    guard nodes.count < limits.nodes else { throw failure("more than \(limits.nodes) containers") }
    nodes.append(PickleNode(kind: kind, items: items))
    try push(.node(nodes.count - 1))
  }

  /// Adds to the container on top of the stack, which stays there.
  ///
  /// - Parameters:
  ///   - items: what to add.
  ///   - kind: what the container has to be; an opaque one takes anything.
  /// - Throws: `CheckpointError`: `malformed` when it is something else.
  mutating func extendTop(by items: [PickleValue], _ kind: PickleNode.Kind) throws {
    guard stack.count > (marks.last ?? 0), case .node(let index)? = stack.last else {
      throw failure("items are added to what is no container")
    }
    switch nodes[index].kind {
    case kind, .opaque: nodes[index].items.append(contentsOf: items)
    default: throw failure("items are added to a container of another kind")
    }
  }

  // MARK: The memo

  mutating func remember(_ index: Int) throws {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw failure("an empty stack is memoised")
    }
    guard memo.count < limits.memo else {
      throw failure("more than \(limits.memo) memoised values")
    }
    memo[index] = value
  }

  mutating func recall(_ index: Int) throws {
    guard let value = memo[index] else { throw failure("nothing is memoised as \(index)") }
    try push(value)
  }
}
