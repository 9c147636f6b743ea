/// Undoes the compression of gzip.
///
/// It reads bit by bit and is meant for the few megabytes of a photograph, not for speed.
///
/// Source: RFC 1951, DEFLATE Compressed Data Format Specification, 1996; sections are named below.
struct Inflation {
  /// Why a stream can't be unpacked.
  enum Fault: Error, Equatable {
    case truncated
    case malformed(String)
    case tooLong
  }

  private let bytes: [UInt8]
  private let limit: Int
  /// The bits of the byte before `position` that are still to be read, the lowest first.
  private var bits = 0
  private var bitCount = 0
  /// The next byte; behind the stream once it is read.
  private(set) var position: Int
  /// What was unpacked.
  private(set) var output: [UInt8] = []

  /// Unpacks one stream.
  ///
  /// - Parameters:
  ///   - bytes: what holds the stream.
  ///   - start: where it begins.
  ///   - limit: how many bytes it may unpack to.
  /// - Throws: `Fault`.
  init(_ bytes: [UInt8], from start: Int, limit: Int) throws(Fault) {
    self.bytes = bytes
    self.limit = limit
    position = start
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try copyStored()
      case 1: try inflate(Self.fixedLiterals, Self.fixedDistances)
      case 2:
        let codes = try dynamicCodes()
        try inflate(codes.literals, codes.distances)
      default: throw Fault.malformed("a block of an unknown kind")
      }
    }
  }

  /// The next `count` bits as a number, the first bit the lowest (3.1.1).
  private mutating func take(_ count: Int) throws(Fault) -> Int {
    while bitCount < count {
      guard position < bytes.count else { throw Fault.truncated }
      bits |= Int(bytes[position]) << bitCount
      position += 1
      bitCount += 8
    }
    defer {
      bits >>= count
      bitCount -= count
    }
    return bits & (1 << count - 1)
  }

  private mutating func append(_ byte: UInt8) throws(Fault) {
    guard output.count < limit else { throw Fault.tooLong }
    output.append(byte)
  }

  /// A block without compression (3.2.4).
  private mutating func copyStored() throws(Fault) {
    (bits, bitCount) = (0, 0)
    let length = try take(16)
    guard try take(16) == length ^ 0xFFFF else {
      throw Fault.malformed("a block's length is wrong")
    }
    for _ in 0..<length { try append(UInt8(try take(8))) }
  }

  /// A block of literals and of copies of what came before (3.2.5).
  private mutating func inflate(
    _ literals: PrefixCode,
    _ distances: PrefixCode
  ) throws(Fault) {
    while true {
      let symbol = try next(literals)
      if symbol < 256 {
        try append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol < 286 else { throw Fault.malformed("an unknown length") }
      let length = Self.lengths[symbol - 257] + (try take(Self.lengthBits[symbol - 257]))
      let code = try next(distances)
      guard code < 30 else { throw Fault.malformed("an unknown distance") }
      let distance = Self.distances[code] + (try take(max(0, code / 2 - 1)))
      guard distance <= output.count else { throw Fault.malformed("a copy from before the start") }
      for _ in 0..<length { try append(output[output.count - distance]) }
    }
  }

  /// Reads the codes that a block brings along (3.2.7).
  private mutating func dynamicCodes() throws(Fault) -> (
    literals: PrefixCode, distances: PrefixCode
  ) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    var metaLengths = [Int](repeating: 0, count: 19)
    for index in 0..<(try take(4)) + 4 { metaLengths[Self.metaOrder[index]] = try take(3) }
    let meta = try PrefixCode(metaLengths)
    var lengths: [Int] = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try next(meta)
      switch symbol {
      case 16:
        guard let last = lengths.last else { throw Fault.malformed("a repeat of nothing") }
        lengths += Array(repeating: last, count: try take(2) + 3)
      case 17: lengths += Array(repeating: 0, count: try take(3) + 3)
      case 18: lengths += Array(repeating: 0, count: try take(7) + 11)
      default: lengths.append(symbol)
      }
    }
    guard lengths.count == literalCount + distanceCount else {
      throw Fault.malformed("too many code lengths")
    }
    let literals = try PrefixCode(Array(lengths[..<literalCount]))
    return (literals, try PrefixCode(Array(lengths[literalCount...])))
  }

  /// The next symbol of a code, its bits from the highest on.
  private mutating func next(_ code: PrefixCode) throws(Fault) -> Int {
    var (value, first, index) = (0, 0, 0)
    for count in code.counts.dropFirst() {
      value |= try take(1)
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw Fault.malformed("an unknown code")
  }

  /// A canonical prefix code (3.2.2).
  private struct PrefixCode {
    /// How many symbols have a code of 0…15 bits.
    var counts = [Int](repeating: 0, count: 16)
    /// The symbols that have a code, by its length and then by value.
    var symbols: [Int] = []

    /// Builds a code from its lengths; 0 for symbols without one.
    init(_ lengths: [Int]) throws(Fault) {
      for length in lengths where length > 0 { counts[length] += 1 }
      var free = 1
      for count in counts.dropFirst() {
        free = 2 * free - count
        guard free >= 0 else { throw Fault.malformed("more codes than fit their lengths") }
      }
      for length in 1...15 {
        symbols += lengths.indices.filter { lengths[$0] == length }
      }
    }

    /// A code that is known to be one.
    init(counts: [Int], symbols: [Int]) {
      self.counts = counts
      self.symbols = symbols
    }
  }

  /// The codes of blocks that bring none along (3.2.6): 256…279 have 7 bits, 0…143 and 280…287 have 8,
  /// 144…255 have 9; distances have 5.
  private static let fixedLiterals = PrefixCode(
    counts: [0, 0, 0, 0, 0, 0, 0, 24, 152, 112, 0, 0, 0, 0, 0, 0],
    symbols: Array(256...279) + Array(0...143) + Array(280...287) + Array(144...255)
  )
  private static let fixedDistances = PrefixCode(
    counts: [0, 0, 0, 0, 0, 30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    symbols: Array(0...29)
  )

  /// The order in which the lengths of the code of code lengths stand (3.2.7).
  private static let metaOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]
  /// The smallest length of each of the symbols 257…285, and how many bits are added to it (3.2.5).
  private static let lengths = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163,
    195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  /// The smallest distance of each of the symbols 0…29 (3.2.5).
  private static let distances = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
}
