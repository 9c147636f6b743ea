import Checkpoints
import Foundation
import Testing
import TestSupport

/// The pickle reader runs nothing and gives up on anything that asks for too much.
///
/// Pickles are written here by hand, opcode by opcode, inside a legacy file of `torch.save`.
struct PickleTests {
  /// A legacy file around the pickle of its object.
  private static func file(_ pickle: [UInt8]) -> [UInt8] {
    let magic: [UInt8] = [
      0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]
    let version: [UInt8] = [0x80, 2, 0x4D, 0xE9, 0x03, 0x2E]
    let emptyDictionary: [UInt8] = [0x80, 2, 0x7D, 0x2E]
    let emptyList: [UInt8] = [0x80, 2, 0x5D, 0x2E]
    return magic + version + emptyDictionary + pickle + emptyList
  }

  private static func failure(_ pickle: [UInt8]) throws -> CheckpointError.Reason? {
    try withFile(file(pickle)) { path in reason { _ = try openArchive(at: path) } }
  }

  private static func string(_ text: String) -> [UInt8] {
    let count = UInt32(text.utf8.count)
    return [0x58] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(text.utf8)
  }

  private static func short(_ text: String) -> [UInt8] {
    [0x8C, UInt8(text.utf8.count)] + Array(text.utf8)
  }

  private static let protocol2: [UInt8] = [0x80, 2]
  private static let protocol4: [UInt8] = [0x80, 4]
  /// Where the object's pickle begins.
  private static let start = 25

  @Test("code that a pickle names is refused by name and place, whatever opcode names it")
  func forbidden() throws {
    let echo = Self.string("echo")
    let cases: [(name: String, place: Int, pickle: [UInt8])] = [
      // GLOBAL and REDUCE: os.system("echo").
      ("os.system", 2, Self.protocol2 + Array("cos\nsystem\n".utf8) + echo + [0x85, 0x52, 0x2E]),
      (
        "posix.system", 17,
        Self.protocol4 + Self.short("posix") + Self.short("system") + [0x93] + echo
          + [0x85, 0x52, 0x2E]
      ),
      // INST.
      (
        "os.system", 13,
        Self.protocol2 + [0x28] + echo + [0x4E] + Array("ios\nsystem\n".utf8) + [0x2E]
      ),
      // NEWOBJ and BUILD of a class that isn't harmless.
      (
        "subprocess.Popen", 2,
        Self.protocol2 + Array("csubprocess\nPopen\n".utf8) + [0x29, 0x81, 0x7D, 0x62, 0x2E]
      ),
      ("builtins.eval", 2, Self.protocol2 + Array("cbuiltins\neval\n".utf8) + [0x2E]),
      ("__builtin__.getattr", 2, Self.protocol2 + Array("c__builtin__\ngetattr\n".utf8) + [0x2E]),
      // A name that only ends like an allowed one.
      (
        "evil.collections.OrderedDict", 2,
        Self.protocol2 + Array("cevil.collections\nOrderedDict\n".utf8)
      ),
      // The dotted name of protocol 4: collections.OrderedDict.fromkeys.
      (
        "collections.OrderedDict.fromkeys", 37,
        Self.protocol4 + Self.short("collections") + Self.short("OrderedDict.fromkeys") + [0x93]
      ),
      ("torch.load", 2, Self.protocol2 + Array("ctorch\nload\n".utf8)),
    ]
    for item in cases {
      #expect(
        try Self.failure(item.pickle)
          == .forbiddenGlobal(name: item.name, position: Self.start + item.place)
      )
    }
  }

  @Test("the refusal says name, place and remedy on one line, control characters and all")
  func message() throws {
    let pickle = Self.protocol4 + Self.short("a\u{1B}[2J\n") + Self.short("b") + [0x93]
    try withFile(Self.file(pickle), named: "model.pt") { path in
      let error = #expect(throws: CheckpointError.self) { _ = try openArchive(at: path) }
      let text = error?.description ?? ""
      #expect(text.contains("\u{FFFD}[2J\u{FFFD}.b at byte 38"))
      #expect(text.contains("torch.save(model.state_dict(), …)"))
      #expect(!text.contains("\n") && !text.contains("\u{1B}"))
    }
  }

  @Test("opcodes that contradict themselves are refused")
  func malformed() throws {
    let dictionary = Array("ccollections\nOrderedDict\n".utf8)
    let storage = Array("ctorch\nFloatStorage\n".utf8)
    let rebuild = Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8)
    let cases: [(name: String, pickle: [UInt8])] = [
      ("pop of nothing", [0x30, 0x2E]),
      ("stop of nothing", [0x2E]),
      ("no stop", [0x4E]),
      ("two values", [0x4E, 0x4E, 0x2E]),
      ("unknown opcode", [0xFF, 0x2E]),
      ("protocol 6", [0x80, 6, 0x4E, 0x2E]),
      ("mark missing", [0x74, 0x2E]),
      ("pop through a mark", [0x4E, 0x28, 0x85, 0x2E]),
      ("memo without a value", [0x71, 0, 0x2E]),
      ("nothing memoised", [0x68, 9, 0x2E]),
      ("negative memo index", Array("Ng-1\n.".utf8)),
      ("items of a number", [0x4B, 1, 0x28, 0x4B, 2, 0x65, 0x2E]),
      ("items of a dictionary as a list", [0x7D, 0x4E, 0x61, 0x2E]),
      ("key without value", [0x7D, 0x28, 0x4E, 0x75, 0x2E]),
      ("string beyond the end", [0x58, 0xFF, 0xFF, 0xFF, 0x7F, 0x41, 0x2E]),
      ("string of 2⁶⁴ - 1 bytes", [0x8D] + [UInt8](repeating: 0xFF, count: 8) + [0x2E]),
      ("string of 2⁶³ - 1 bytes", [0x8D] + [UInt8](repeating: 0xFF, count: 7) + [0x7F, 0x2E]),
      ("extension", [0x82, 1, 0x2E]),
      ("outside buffer", [0x97, 0x2E]),
      ("call of a number", [0x4B, 1, 0x29, 0x52, 0x2E]),
      ("call with no tuple", dictionary + [0x4E, 0x52, 0x2E]),
      ("call of a storage type", storage + [0x29, 0x52, 0x2E]),
      ("tensor without arguments", rebuild + [0x29, 0x52, 0x2E]),
      ("tensor of numbers", rebuild + [0x28, 0x4B, 1, 0x4B, 1, 0x29, 0x29, 0x74, 0x52, 0x2E]),
      ("persistent number", [0x4B, 1, 0x51, 0x2E]),
      ("persistent text", Array("Pabc\n.".utf8)),
      (
        "dictionary of what are no pairs",
        dictionary + [0x28, 0x4E, 0x6C, 0x85, 0x52, 0x28, 0x5D, 0x85, 0x6C, 0x85, 0x52, 0x2E]
      ),
      ("number that is none", Array("Fabc\n.".utf8)),
      ("state of nothing", [0x4E, 0x62, 0x2E]),
      ("state of a number", [0x4B, 1, 0x4E, 0x62, 0x2E]),
    ]
    for item in cases {
      guard case .malformed(let place, _) = try Self.failure(Self.protocol2 + item.pickle) else {
        Issue.record("\(item.name) was accepted")
        continue
      }
      #expect(place.hasPrefix("pickle, byte "), "\(item.name)")
    }
  }

  @Test("a tensor must lie inside its storage and have a sound shape")
  func geometry() throws {
    func integer(_ value: Int) -> [UInt8] {
      [0x8A, 8] + (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(integer) + [0x74] }
    /// {"w": a tensor of a float storage of `count` elements}
    func pickle(count: Int, offset: Int, shape: [Int], strides: [Int]) -> [UInt8] {
      Self.protocol2 + [0x7D] + Self.string("w")
        + Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8) + [0x28, 0x28]
        + Self.string("storage") + Array("ctorch\nFloatStorage\n".utf8) + Self.string("0")
        + Self.string("cpu") + integer(count) + [0x74, 0x51]
        + integer(offset) + tuple(shape) + tuple(strides) + [0x74, 0x52, 0x73, 0x2E]
    }
    let bad: [(Int, Int, [Int], [Int])] = [
      (6, 0, [7], [1]), (6, 5, [2], [1]), (6, -1, [2], [1]), (6, 0, [-2], [1]), (6, 0, [2], [-1]),
      (6, 0, [2, 3], [1]), (6, 0, [.max, .max], [0, 0]), (6, 0, [3], [.max]), (6, .max, [2], [1]),
      (-1, 0, [0], [1]), (6, 0, [2, 2], [.max / 2, .max / 2]), (6, 6, [], []),
      (6, 0, [Int](repeating: 1, count: 65), [Int](repeating: 1, count: 65)),
    ]
    for (count, offset, shape, strides) in bad {
      let found = try Self.failure(
        pickle(count: count, offset: offset, shape: shape, strides: strides)
      )
      guard case .malformed = found else {
        Issue.record("\((count, offset, shape, strides)) was accepted")
        continue
      }
    }
    // A sound shape whose storage isn't there, and one that is expanded beyond measure.
    let absent = pickle(count: 6, offset: 0, shape: [2, 3], strides: [3, 1])
    try withFile(Self.file(absent)) { path in
      let archive = try openArchive(at: path)
      guard case .malformed = reason({ _ = try archive.read("w") }) else {
        Issue.record("a storage that isn't there was read")
        return
      }
    }
    let expanded = pickle(count: 1, offset: 0, shape: [1 << 20, 1 << 20], strides: [0, 0])
    let list = Self.protocol2 + [0x5D] + Self.string("0") + [0x61, 0x2E]
    let stored = list + [1, 0, 0, 0, 0, 0, 0, 0] + littleEndian(2.5)
    try withFile(Self.file(expanded).dropLast(4) + stored) { path in
      let archive = try openArchive(at: path)
      guard case .tooLarge(let name, _, _) = reason({ _ = try archive.read("w") }) else {
        Issue.record("4 TiB were promised")
        return
      }
      #expect(name == "w")
    }
  }

  @Test("deep nesting, self-reference and bombs end in bounded time and memory")
  func bombs() throws {
    // A million lists, one inside the other.
    let deep = [UInt8](repeating: 0x5D, count: 1_000_000) + [UInt8](repeating: 0x61, count: 999_999)
    #expect(try #require(try Self.failure(Self.protocol2 + deep + [0x2E])).isDamage)
    // A tuple of a tuple of …, each holding the one before twice: 2¹⁰⁰⁰⁰⁰ leaves.
    let doubled = (0..<100_000).flatMap { _ in [0x32, 0x86] as [UInt8] }
    #expect(try #require(try Self.failure(Self.protocol2 + [0x29] + doubled + [0x2E])).isDamage)
    // A list and a dictionary that hold themselves.
    #expect(try #require(try Self.failure([0x80, 2, 0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E])).isDamage)
    let itself = [0x80, 2, 0x7D, 0x71, 0] + Self.string("model") + [0x68, 0, 0x73, 0x2E]
    #expect(try #require(try Self.failure(itself)).isDamage)
    // More values than the stack takes, more marks, more containers.
    for opcode: UInt8 in [0x4E, 0x28, 0x5D] {
      let many = [UInt8](repeating: opcode, count: 3_000_000)
      guard case .malformed = try Self.failure(Self.protocol2 + many + [0x2E]) else {
        Issue.record("opcode \(opcode) three million times was accepted")
        continue
      }
    }
    // Copies of a long list, each by a few bytes.
    let long = [0x5D, 0x28] + [UInt8](repeating: 0x4E, count: 500_000) + [0x65, 0x71, 0]
    let copy = Array("ctorch\nSize\n".utf8) + [0x71, 1, 0x30]
    let copies = (0..<100_000).flatMap { _ in [0x68, 1, 0x68, 0, 0x85, 0x52, 0x30] as [UInt8] }
    guard case .malformed = try Self.failure(Self.protocol2 + long + copy + copies + [0x2E]) else {
      Issue.record("50 billion copied values were accepted")
      return
    }
  }
}
