/// The format before PyTorch 1.6: five pickles, then the storages one after another.
///
/// The pickles are a magic number, the protocol's version, the writer's type sizes, the object and
/// the list of storage names. Each storage is its number of elements (8 bytes) and its elements,
/// always least significant byte first, whatever machine wrote them.
struct PyTorchLegacyContainer: StorageContainer {
  /// What the file's pickle held.
  let document: PickleDocument
  private let file: InputFile
  /// Where each storage's elements start, and how many there are.
  private let storages: [String: (offset: Int, count: Int)]

  /// The first pickle's number, 0x1950a86a20f9469cfc6c.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
  private static let version = 1001

  /// Whether a file starts as this format does.
  ///
  /// - Parameter start: its first bytes, 64 or more unless it is shorter.
  /// - Returns: true when the first pickle is the magic number.
  static func recognizes(_ start: [UInt8]) -> Bool {
    guard start.first == PickleOpcode.protocolVersion.rawValue else { return false }
    var reader = PickleReader(start, path: "")
    return (try? reader.read().root) == .largeInteger(magic)
  }

  /// Reads everything but the storages.
  ///
  /// - Parameter file: the file.
  /// - Throws: `CheckpointError`: `unreadable` when it is no such file, `forbiddenGlobal`, `malformed`.
  init(_ file: InputFile) throws {
    self.file = file
    let limits = PickleReader.Limits()
    let bytes = try file.bytes(at: 0, atMost: limits.byteCount)
    guard Self.recognizes(Array(bytes.prefix(64))) else {
      throw CheckpointError(
        .unreadable(detail: "it starts neither as a ZIP archive nor as a file of torch.save"),
        path: file.path
      )
    }
    var position = 0
    func next() throws -> PickleDocument {
      var reader = PickleReader(bytes, from: position, path: file.path, limits: limits)
      let document = try reader.read()
      position = document.end
      return document
    }
    _ = try next()
    guard try next().root == .integer(Self.version) else {
      throw CheckpointError(
        .unsupported(
          detail: "is of another version of PyTorch's old format than \(Self.version)",
          remedy: "load it in PyTorch and save it again"
        ),
        path: file.path
      )
    }
    _ = try next()
    document = try next()
    storages = try Self.locate(try next(), of: document, in: file)
  }

  /// Finds the storages' places by walking from one to the next.
  private static func locate(
    _ keys: PickleDocument,
    of document: PickleDocument,
    in file: InputFile
  ) throws -> [String: (offset: Int, count: Int)] {
    func failure(_ place: String, _ detail: String) -> CheckpointError {
      CheckpointError(.malformed(place: place, detail: detail), path: file.path)
    }
    var types: [String: ElementType] = [:]
    for node in document.nodes {
      if case .storage(let storage) = node.kind {
        types[storage.key] = storage.elementType ?? .uint8
      }
    }
    guard let list = keys.node(keys.root), list.kind == .list else {
      throw failure("byte \(keys.end)", "the list of storages is missing")
    }
    var storages: [String: (offset: Int, count: Int)] = [:]
    var position = keys.end
    for key in list.items {
      guard case .string(let name) = key, let type = types[name] else {
        throw failure("byte \(keys.end)", "a storage is listed that nothing refers to")
      }
      let place = "storage \"\(name)\" at byte \(position)"
      let header = try file.bytes(at: position, atMost: 8)
      guard header.count == 8 else { throw failure(place, "the file ends before it") }
      let count = header.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let available = (file.byteCount - position - 8) / type.byteCount
      guard let number = Int(exactly: count), number <= available else {
        throw failure(place, "it claims \(count) elements, the file holds \(available) more")
      }
      storages[name] = (position + 8, number)
      position += 8 + number * type.byteCount
    }
    return storages
  }

  func read(_ tensor: StoredTensor, name: String) throws -> [Float] {
    let place = "storage \"\(tensor.storage.key)\" of \"\(name)\""
    guard let storage = storages[tensor.storage.key] else {
      throw CheckpointError(
        .malformed(place: place, detail: "it is not in the file"),
        path: file.path
      )
    }
    let unit = tensor.storage.elementType?.byteCount ?? 1
    guard let range = tensor.byteRange, range.upperBound <= storage.count * unit else {
      throw CheckpointError(
        .malformed(place: place, detail: "it has \(storage.count) elements, fewer than the tensor"),
        path: file.path
      )
    }
    var stream = file.stream(from: storage.offset + range.lowerBound)
    return try tensor.elementType.decode(tensor.span, from: &stream)
  }
}
