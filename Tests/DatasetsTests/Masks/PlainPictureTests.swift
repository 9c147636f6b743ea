import Datasets
import Foundation
import Imaging
import Testing

private func decode(_ data: Data, pixelLimit: Int = 1_000_000) throws -> ImageBuffer {
  try MaskPicture.decode(data, name: "mask", pixelLimit: pixelLimit)
}

/// A message of why data can't be decoded; empty where they can.
private func complaint(_ data: Data, pixelLimit: Int = 1_000_000) -> String {
  do {
    _ = try decode(data, pixelLimit: pixelLimit)
    return ""
  } catch {
    return "\(error)"
  }
}

/// Colours of 5 × 3 pixels, red, green, blue.
private let colors: [[UInt8]] = (UInt8(0)..<15).map(color)

private func color(_ index: UInt8) -> [UInt8] { [index * 17, 255 - index, index * 3] }

@Suite("Windows bitmaps")
struct BitmapTests {
  /// A bitmap of 5 × 3 pixels whose rows are padded to four bytes with 0xAA.
  private func bitmap(
    bits: Int,
    palette: [[UInt8]] = [],
    rows: [[UInt8]],
    isTopDown: Bool = false,
    compression: Int = 0
  ) -> Data {
    let table: [UInt8] = palette.flatMap { color -> [UInt8] in [color[2], color[1], color[0], 0] }
    var bytes = Data("BM".utf8)
    let start = 54 + table.count
    let header: [(value: Int, count: Int)] = [
      (0, 4), (0, 4), (start, 4), (40, 4), (5, 4), (isTopDown ? -3 : 3, 4), (1, 2), (bits, 2),
      (compression, 4), (0, 4), (0, 4), (0, 4), (palette.count, 4), (0, 4),
    ]
    for field in header { bytes += number(field.value, field.count) }
    bytes += table
    for row in isTopDown ? rows : rows.reversed() {
      let padding = (4 - row.count % 4) % 4
      bytes += row + Array(repeating: UInt8(0xAA), count: padding)
    }
    return bytes
  }

  private func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { byte -> UInt8 in UInt8(truncatingIfNeeded: value >> (8 * byte)) }
  }

  /// Rows of a bitmap with a palette: pixel (x, y) has colour (5y + x) mod the palette's size.
  private func indexed(_ bits: Int, of size: Int) -> [[UInt8]] {
    (0..<3).map { y -> [UInt8] in
      var row = [UInt8](repeating: 0, count: (5 * bits + 7) / 8)
      for x in 0..<5 {
        let index = UInt8((5 * y + x) % size)
        let shift = 8 - bits - x * bits % 8
        row[x * bits / 8] |= index << UInt8(shift)
      }
      return row
    }
  }

  @Test("1, 4 and 8 bits with a palette, from the bottom and from the top", arguments: [1, 4, 8])
  func palettes(bits: Int) throws {
    let palette = Array(colors.prefix(bits == 1 ? 2 : 15))
    let expected = (0..<15).flatMap { index -> [UInt8] in palette[index % palette.count] }
    for isTopDown in [false, true] {
      let rows = indexed(bits, of: palette.count)
      let image = try decode(
        bitmap(bits: bits, palette: palette, rows: rows, isTopDown: isTopDown)
      )
      #expect(image.width == 5 && image.height == 3)
      #expect(image.pixels == expected)
    }
  }

  @Test("24 and 32 bits: blue comes first, a fourth byte is left out", arguments: [24, 32])
  func trueColor(bits: Int) throws {
    let rows = (0..<3).map { y -> [UInt8] in
      (0..<5).flatMap { x -> [UInt8] in
        let color = colors[5 * y + x]
        return [color[2], color[1], color[0]] + (bits == 32 ? [9] : [])
      }
    }
    #expect(try decode(bitmap(bits: bits, rows: rows)).pixels == colors.flatMap(\.self))
    #expect(
      try decode(bitmap(bits: bits, rows: rows, isTopDown: true)).pixels == colors.flatMap(\.self)
    )
  }

  @Test("What can't be read is told, and no length of a file ends the program")
  func faults() throws {
    let whole = bitmap(bits: 8, palette: colors, rows: indexed(8, of: 15))
    #expect(complaint(whole).isEmpty)
    for length in 2..<whole.count {
      #expect(!complaint(whole.prefix(length)).isEmpty, "\(length) bytes")
    }
    #expect(complaint(whole.prefix(whole.count - 1)).contains("23 of 24 bytes"))
    let packed = bitmap(bits: 8, palette: colors, rows: indexed(8, of: 15), compression: 1)
    #expect(complaint(packed).contains("compression"))
    let sixteen = bitmap(bits: 16, rows: Array(repeating: Array(repeating: 0, count: 10), count: 3))
    #expect(complaint(sixteen).contains("neither 1, 4, 8, 24 nor 32 bits"))
    let beyond = bitmap(bits: 8, palette: Array(colors.prefix(9)), rows: indexed(8, of: 15))
    #expect(complaint(beyond).contains("of 9"))
    #expect(complaint(whole, pixelLimit: 14).contains("14"))
    for (offset, value) in [(18, 0xFF), (22, 0x80), (10, 0xF0), (46, 0x77), (14, 0xFF)] {
      var hostile = whole
      for index in offset..<offset + 4 { hostile[index] = UInt8(value) }
      #expect(!complaint(hostile).isEmpty, "byte \(offset)")
    }
  }
}

@Suite("Portable maps")
struct AnymapTests {
  @Test("Greys and colours, comments, a largest value below 255")
  func values() throws {
    let greys: [UInt8] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 253, 253, 253, 254, 254, 254, 255, 255, 255]
    let grey = Data("P5\n# a comment\n3 # another\n2\n255\n".utf8) + Data([0, 1, 2, 253, 254, 255])
    #expect(
      try decode(grey).pixels == greys
    )
    let color = Data("P6 5 3 255\n".utf8) + Data(colors.flatMap(\.self))
    let image = try decode(color)
    #expect(image.width == 5 && image.height == 3 && image.pixels == colors.flatMap(\.self))
    let small = Data("P5 3 1 4\n".utf8) + Data([0, 1, 4])
    #expect(try decode(small).pixels == [0, 0, 0, 64, 64, 64, 255, 255, 255])
  }

  @Test("What can't be read is told")
  func faults() {
    let whole = Data("P5 3 2 200\n".utf8) + Data([0, 1, 2, 3, 4, 200])
    #expect(complaint(whole).isEmpty)
    for length in 2..<whole.count { #expect(!complaint(whole.prefix(length)).isEmpty, "\(length)") }
    #expect(complaint(whole.prefix(whole.count - 2)).contains("4 of 6 samples"))
    #expect(complaint(Data("P5 3 2 65535\n".utf8) + Data(count: 12)).contains("16 bits"))
    #expect(complaint(Data("P5 3 2 100\n".utf8) + Data([0, 0, 0, 0, 0, 101])).contains("above"))
    #expect(complaint(Data("P5 0 2 255\n".utf8)).contains("an empty image"))
    #expect(complaint(Data("P5 99999999 99999999 255\n0".utf8)).contains("99999999"))
    #expect(complaint(Data("P5 3 x 255\n".utf8)).contains("no whole header"))
    #expect(complaint(Data("P3 3 2 255\n".utf8)).contains("expected JPEG"))
  }
}

/// Made by Python's zlib.
///
/// The map of `width × height` pixels is 255 where (x² + y²) mod 37 < 9, else 0, behind the header
/// `P5 width height 255` and a line break.
enum PackedMaps {
  /// 9 × 6 pixels at level 0: a block without compression.
  static let stored = data(
    """
    H4sIAAAAAAAA/wFBAL7/UDUgOSA2IDI1NQr///8AAAAAAAD///8AAAD/AAD///8AAAD/AAAAAAAAAAD/AAAAAAAAAP
    8AAP8AAAAA/wAA/wD5PsZtQQAAAA==
    """
  )
  /// 9 × 6 pixels at level 9 with the strategy Z_FIXED.
  static let fixed = data("H4sIAAAAAAAA/wswVbBUMFMwMjXl+v//PwMYQBj/kRhQcQT9H04DAPk+xm1BAAAA")
  /// 60 × 50 pixels at level 9, with an extra field, a name, a comment and a checksum of the header.
  static let dynamic = data(
    """
    H4sIHgAAAAAA/wMAYWJjaW0ucHBtAG5vdGUAEjTtlt0NwyAMhPPcKRghqkTn6P7LXNXykzO2U9XuY5ASKc4HuRw28K
    zlsZe6l3utNwDbp4HuywMcqIXh9QX1hdu3v0SLMgYfklqgyNkMaKgZ3+qjcsiD+EdUozcWND7u+vwGziE0QdO9EVCa
    BXTMBZE6ZEFYLewxkgcX4rEg58P2Coajen7xFYLhDBnjQ5ZSM2ZBM4JVMwzNAuLk3dY0t2pBQNNsUG2M5BX/u0Lz8r
    0iUHmF87yCC2X7xjXHvcrNUTw3cjmZq4V4DcZr/09rzs9rXWqNTa7t4T0luZdF99DM3p0/M1xnleuscp1VXnal7DfF
    CwAA
    """
  )

  private static func data(_ text: String) -> Data {
    Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data()
  }

  static func map(_ width: Int, _ height: Int) -> TwinMask {
    TwinMask(width, height) { x, y in (x * x + y * y) % 37 < 9 }
  }
}

@Suite("Files that gzip packed")
struct GzipTests {
  @Test("Stored, fixed and dynamic blocks are unpacked as they were")
  func blocks() throws {
    let maps = [(PackedMaps.stored, 9, 6), (PackedMaps.fixed, 9, 6), (PackedMaps.dynamic, 60, 50)]
    for (data, width, height) in maps {
      let image = try decode(data)
      #expect(image.width == width && image.height == height)
      #expect(image.pixels == PackedMaps.map(width, height).values.flatMap { [$0, $0, $0] })
    }
  }

  @Test("Two members are one file")
  func members() throws {
    // The second member adds bytes behind the samples, which are passed over.
    #expect(complaint(PackedMaps.fixed + PackedMaps.stored).isEmpty)
    #expect(complaint(PackedMaps.fixed + Data([0, 0])).contains("gzip ends before"))
    #expect(
      complaint(PackedMaps.fixed + Data(repeating: 1, count: 20)).contains("more bytes behind")
    )
  }

  @Test("A cut or changed file is told, whatever byte it is")
  func faults() {
    for whole in [PackedMaps.stored, PackedMaps.fixed, PackedMaps.dynamic] {
      for length in 2..<whole.count {
        #expect(!complaint(whole.prefix(length)).isEmpty, "\(length) of \(whole.count) bytes")
      }
      // The header's time, flags for fun and system carry nothing; all behind it is checked.
      let start = whole.count > 200 ? 32 : 10
      for index in start..<whole.count {
        var changed = whole
        changed[index] ^= 0x55
        #expect(!complaint(changed).isEmpty, "byte \(index) of \(whole.count)")
      }
    }
    var other = PackedMaps.fixed
    other[2] = 7
    #expect(complaint(other).contains("another compression"))
    let nested = PackedMaps.stored.prefix(2) + Data([8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0xFD, 0xFF])
    #expect(!complaint(nested + Data([0x1F, 0x8B])).isEmpty)
  }

  @Test("No more is unpacked than an image may hold")
  func bomb() {
    // A block of 258-byte copies of one 0, as long as it takes: each is 7 + 5 bits of a fixed code.
    var bits: [UInt8] = [1, 1, 0]
    bits += [0, 0, 1, 1, 0, 0, 0, 0]
    for _ in 0..<600 { bits += [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0] }
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    for start in stride(from: 0, to: bits.count, by: 8) {
      var byte: UInt8 = 0
      for (place, bit) in bits[start..<min(start + 8, bits.count)].enumerated() {
        byte |= bit << UInt8(place)
      }
      bytes.append(byte)
    }
    #expect(complaint(Data(bytes), pixelLimit: 100).contains("at most 65836"))
    #expect(complaint(Data(bytes)).contains("gzip ends before"))
  }
}
