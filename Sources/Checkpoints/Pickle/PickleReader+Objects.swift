extension PickleReader {
  /// Carries out an opcode that names, makes or fills an object.
  mutating func executeObject(_ opcode: PickleOpcode) throws {
    let start = position - 1
    switch opcode {
    case .global:
      let module = try line()
      try push(.global(try global(module, try line(), at: start)))
    case .stackGlobal:
      guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
        throw failure("a name is no string")
      }
      try push(.global(try global(module, name, at: start)))
    case .instance:
      let module = try line()
      let function = try global(module, try line(), at: start)
      try call(function, try popToMark())
    case .object:
      let values = try popToMark()
      try call(try callable(values.first ?? .none), Array(values.dropFirst()))
    case .reduce, .newObject:
      let arguments = try items(try pop(), .tuple)
      try call(try callable(try pop()), arguments)
    case .newObjectWithKeywords:
      _ = try items(try pop(), .dictionary)
      let arguments = try items(try pop(), .tuple)
      try call(try callable(try pop()), arguments)
    case .build: try build(try pop())
    case .persistent: try loadStorage(try pop())
    case .persistentLine: throw failure("a storage is named by text, which PyTorch never writes")
    default: preconditionFailure("\(opcode) is no object's opcode")
    }
  }

  private func global(_ module: String, _ name: String, at place: Int) throws -> AllowedGlobal {
    guard let global = AllowedGlobal(module: module, name: name) else {
      let full = Self.printable(module + "." + name)
      throw CheckpointError(.forbiddenGlobal(name: full, position: place), path: path)
    }
    return global
  }

  /// At most 100 characters of `text`, on one line.
  private static func printable(_ text: String) -> String {
    let scalars = text.unicodeScalars.prefix(100).map { scalar in
      scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? "\u{FFFD}" : scalar
    }
    return String(String.UnicodeScalarView(scalars))
  }

  private func callable(_ value: PickleValue) throws -> AllowedGlobal {
    guard case .global(let global) = value else { throw failure("what is called is no function") }
    return global
  }

  /// The items of a container of one kind.
  private func items(_ value: PickleValue, _ kind: PickleNode.Kind) throws -> [PickleValue] {
    guard case .node(let index) = value, nodes[index].kind == kind else {
      throw failure("arguments are no \(kind)")
    }
    return nodes[index].items
  }

  /// Pushes what `function` stands for with these arguments.
  private mutating func call(_ function: AllowedGlobal, _ arguments: [PickleValue]) throws {
    try spend(arguments.count)
    switch function.role {
    case .rebuildTensor: try rebuildTensor(arguments, type: nil)
    case .rebuildTypedTensor:
      guard arguments.count >= 7, case .global(let type) = arguments[6],
        case .elementType(let elementType) = type.role
      else { throw failure("\(function.name) has no type that is known here") }
      try rebuildTensor(arguments, type: elementType)
    case .rebuildParameter:
      guard let first = arguments.first, case .node(let index) = first,
        case .tensor = nodes[index].kind
      else { throw failure("\(function.name) is called without a tensor") }
      try push(first)
    case .rebuildFromType:
      guard arguments.count >= 3, case .global(let inner) = arguments[0],
        inner.role == .rebuildTensor || inner.role == .rebuildTypedTensor
          || inner.role == .rebuildParameter
      else { throw failure("\(function.name) is called with another function than expected") }
      try call(inner, try items(arguments[2], .tuple))
    case .dictionary: try pushNode(.dictionary, try mapping(arguments))
    case .set: try pushNode(.set, try contents(arguments))
    case .sequence: try pushNode(.list, try contents(arguments))
    case .opaque: try pushNode(.opaque(name: function.name), arguments)
    case .storageType, .elementType: throw failure("\(function.name) is called")
    }
  }

  /// The items of the first argument, if it is a container.
  private mutating func contents(_ arguments: [PickleValue]) throws -> [PickleValue] {
    guard case .node(let index)? = arguments.first else { return [] }
    try spend(nodes[index].items.count)
    return nodes[index].items
  }

  /// The keys and values that a dictionary class is called with: none, a dictionary, or a list of
  /// pairs. (`defaultdict`'s first argument is a function, which is ignored.)
  private mutating func mapping(_ arguments: [PickleValue]) throws -> [PickleValue] {
    let containers = arguments.filter { if case .node = $0 { true } else { false } }
    guard case .node(let index)? = containers.first else { return [] }
    let node = nodes[index]
    try spend(2 * node.items.count)
    if node.kind == .dictionary { return node.items }
    return try node.items.flatMap { pair in
      guard case .node(let place) = pair, nodes[place].items.count == 2 else {
        throw failure("a dictionary is made of what are no pairs")
      }
      return nodes[place].items
    }
  }

  /// BUILD gives the object on top its state.
  ///
  /// Only an opaque one keeps it: dictionaries carry `_metadata`, tensors their Python attributes.
  private mutating func build(_ state: PickleValue) throws {
    guard stack.count > (marks.last ?? 0), let top = stack.last else {
      throw failure("a state is set on an empty stack")
    }
    guard case .node(let index) = top else { throw failure("a state is set on what is no object") }
    if case .opaque = nodes[index].kind { nodes[index].items.append(state) }
  }

  // MARK: Tensors

  /// Pushes the storage that a persistent name stands for: `("storage", type, key, location, count)`
  /// and, in legacy files, a view `(key, offset, count)` of it or nothing.
  private mutating func loadStorage(_ name: PickleValue) throws {
    let parts = try items(name, .tuple)
    guard parts.count >= 5, parts[0] == .string("storage"), case .global(let type) = parts[1],
      case .storageType(let elementType) = type.role, case .integer(let count) = parts[4],
      count >= 0
    else { throw failure("a persistent name is no storage's") }
    var storage = StorageReference(key: "", elementType: elementType, count: count)
    switch parts[2] {
    case .string(let key): storage.key = key
    case .integer(let key): storage.key = String(key)
    default: throw failure("a storage has no name")
    }
    if parts.count >= 6, parts[5] != .none {
      let view = try items(parts[5], .tuple)
      guard view.count == 3, case .integer(let offset) = view[1], case .integer(let size) = view[2],
        offset >= 0, size >= 0, offset <= count, size <= count - offset
      else { throw failure("a storage's view lies outside it") }
      storage.viewOffset = offset
      storage.count = size
    }
    try pushNode(.storage(storage))
  }

  /// Pushes the tensor of `(storage, offset, size, stride, …)`.
  private mutating func rebuildTensor(_ arguments: [PickleValue], type: ElementType?) throws {
    guard arguments.count >= 4, case .node(let index) = arguments[0],
      case .storage(let storage) = nodes[index].kind, case .integer(let offset) = arguments[1]
    else { throw failure("a tensor has no storage or no offset") }
    guard let elementType = type ?? storage.elementType else {
      throw failure("a tensor of an untyped storage has no type")
    }
    let tensor = StoredTensor(
      storage: storage,
      elementType: elementType,
      offset: offset,
      shape: try integers(arguments[2]),
      strides: try integers(arguments[3])
    )
    if let problem = tensor.problem { throw failure(problem) }
    try pushNode(.tensor(tensor))
  }

  private func integers(_ value: PickleValue) throws -> [Int] {
    guard case .node(let index) = value, nodes[index].kind == .tuple || nodes[index].kind == .list
    else { throw failure("a shape is no tuple") }
    guard nodes[index].items.count <= StoredTensor.maximumRank else {
      throw failure("a tensor has \(nodes[index].items.count) dimensions")
    }
    return try nodes[index].items.map {
      guard case .integer(let number) = $0 else { throw failure("a dimension is no integer") }
      return number
    }
  }
}

extension StoredTensor {
  /// More dimensions than PyTorch itself accepts.
  fileprivate static let maximumRank = 64

  /// What is wrong with the tensor's geometry, nil when it lies inside its storage.
  var problem: String? {
    guard shape.count == strides.count, shape.count <= Self.maximumRank else {
      return "a tensor has \(shape.count) dimensions and \(strides.count) strides"
    }
    guard let count = elementCount(shape), count <= Int.max / 8, offset >= 0,
      strides.allSatisfy({ $0 >= 0 })
    else { return "a tensor's dimensions, offset or strides are negative or overflow" }
    let capacity: Int
    if let stored = storage.elementType {
      guard stored == elementType else { return "a tensor and its storage differ in type" }
      capacity = storage.count
    } else {
      capacity = storage.count / elementType.byteCount
    }
    guard count > 0 else { return nil }
    var last = offset
    for (dimension, stride) in zip(shape, strides) {
      let (distance, overflow) = (dimension - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflowToo) = last.addingReportingOverflow(distance)
      guard !overflow, !overflowToo else { return "a tensor's strides overflow" }
      last = sum
    }
    guard last < capacity else {
      return "a tensor of shape \(shape) ends at element \(last) of a storage of \(capacity)"
    }
    return nil
  }
}
