/// A value of a pickle; a container is a number in its document's table.
///
/// Containers may hold each other and themselves; with numbers instead of references neither
/// reading nor releasing them recurses, however deeply they are nested.
enum PickleValue: Equatable, Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  /// An integer beyond 64 bits: two's complement, least significant byte first.
  case largeInteger([UInt8])
  case number(Double)
  case string(String)
  case bytes([UInt8])
  /// A class or function of the allow-list; it is only a name.
  case global(AllowedGlobal)
  /// A container: an index into `PickleDocument.nodes`.
  case node(Int)
}

/// A container of a pickle.
struct PickleNode: Sendable {
  /// What it is.
  enum Kind: Equatable, Sendable {
    case tuple, list, set
    /// `items` holds keys and values in turn.
    case dictionary
    case storage(StorageReference)
    case tensor(StoredTensor)
    /// An object that says nothing about weights; `items` holds its arguments and states.
    case opaque(name: String)
  }
  /// What it is.
  var kind: Kind
  /// What it holds.
  var items: [PickleValue] = []
}

/// The memory of one or more tensors.
struct StorageReference: Equatable, Hashable, Sendable {
  /// Its name in the file.
  var key: String
  /// The type of its elements; nil for untyped bytes.
  var elementType: ElementType?
  /// The number of elements, or of bytes when untyped.
  var count: Int
  /// Where this view of the memory starts, in elements.
  var viewOffset = 0
}

/// A tensor: a view of a storage.
struct StoredTensor: Equatable, Sendable {
  /// The memory.
  var storage: StorageReference
  /// The type of an element.
  var elementType: ElementType
  /// Where the tensor starts in its storage, in elements.
  var offset: Int
  /// The dimensions.
  var shape: [Int]
  /// How far apart neighbours along each dimension lie, in elements, at least 0.
  var strides: [Int]

  /// The number of elements.
  var count: Int { shape.reduce(1, *) }

  /// The number of storage elements from the tensor's first to its last, both included.
  var span: Int {
    guard count > 0 else { return 0 }
    return zip(shape, strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
  }

  /// Whether the elements lie one after another in row-major order.
  var isContiguous: Bool {
    var expected = 1
    for (dimension, stride) in zip(shape, strides).reversed() where dimension != 1 {
      guard stride == expected else { return false }
      expected *= dimension
    }
    return true
  }
}

/// What a pickle held.
struct PickleDocument: Sendable {
  /// The outermost value.
  var root: PickleValue
  /// The containers.
  var nodes: [PickleNode]
  /// The byte behind the pickle.
  var end: Int

  /// The container that `value` names, if it names one.
  func node(_ value: PickleValue) -> PickleNode? {
    guard case .node(let index) = value else { return nil }
    return nodes[index]
  }

  /// The entries of a dictionary whose keys are strings; of equal keys the last counts.
  ///
  /// - Parameter value: any value.
  /// - Returns: keys and values in the order of first appearance, nil for anything but a dictionary.
  func entries(of value: PickleValue) -> [(key: String, value: PickleValue)]? {
    guard let node = node(value), node.kind == .dictionary else { return nil }
    var places: [String: Int] = [:]
    var entries: [(key: String, value: PickleValue)] = []
    for index in stride(from: 0, to: node.items.count - 1, by: 2) {
      guard case .string(let key) = node.items[index] else { continue }
      if let place = places[key] {
        entries[place].value = node.items[index + 1]
      } else {
        places[key] = entries.count
        entries.append((key, node.items[index + 1]))
      }
    }
    return entries
  }

  /// The tensor that `value` is, if it is one.
  func tensor(_ value: PickleValue) -> StoredTensor? {
    guard let node = node(value), case .tensor(let tensor) = node.kind else { return nil }
    return tensor
  }
}
