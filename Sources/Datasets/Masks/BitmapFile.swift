import Imaging

/// A Windows bitmap without compression, of 1, 4 or 8 bits with a palette or of 24 or 32 bits, as
/// REFUGE's masks are.
///
/// Source: Microsoft, "Bitmap Storage", BITMAPFILEHEADER and BITMAPINFOHEADER.
struct BitmapFile {
  private static let fileHeader = 14
  private static let smallestHeader = 40

  private let bytes: [UInt8]
  private let name: String
  private let width: Int
  private let height: Int
  private let isTopDown: Bool
  private let bits: Int
  private let start: Int
  /// Blue, green, red and a spare byte of each colour.
  private let palette: ArraySlice<UInt8>

  /// Reads the headers.
  ///
  /// - Parameters:
  ///   - bytes: the whole file, which begins with `BM`.
  ///   - name: what errors call it.
  /// - Throws: `ImagingError` where they are broken or of a kind that isn't read.
  init(_ bytes: [UInt8], name: String) throws {
    self.bytes = bytes
    self.name = name
    guard bytes.count >= Self.fileHeader + Self.smallestHeader else {
      throw ImagingError(.truncated(format: "BMP", detail: "no whole header"), path: name)
    }
    func number(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    let header = number(14, 4)
    let rows = Int(Int32(truncatingIfNeeded: number(22, 4)))
    (width, height) = (Int(Int32(truncatingIfNeeded: number(18, 4))), abs(rows))
    isTopDown = rows < 0
    bits = number(28, 2)
    start = number(10, 4)
    guard header >= Self.smallestHeader, [1, 4, 8, 24, 32].contains(bits), number(30, 4) == 0 else {
      let detail = "compression, or neither 1, 4, 8, 24 nor 32 bits"
      throw ImagingError(.unsupported(format: "BMP", detail: detail), path: name)
    }
    let colors = bits > 8 ? 0 : number(46, 4) == 0 ? 1 << bits : number(46, 4)
    let first = Self.fileHeader + header
    guard width > 0, height > 0, colors <= 256, first + 4 * colors <= start,
      start <= bytes.count
    else {
      throw ImagingError(.malformed(format: "BMP", detail: "senseless headers"), path: name)
    }
    palette = bytes[first..<first + 4 * colors]
  }

  /// Decodes the pixels.
  ///
  /// - Parameter pixelLimit: how many pixels are decoded at most.
  /// - Returns: the picture as RGB, rows from the top.
  /// - Throws: `ImagingError`: `tooManyPixels`, `truncated`, `malformed`.
  func image(pixelLimit: Int) throws -> ImageBuffer {
    guard width <= pixelLimit / height else {
      throw ImagingError(
        .tooManyPixels(width: width, height: height, limit: pixelLimit),
        path: name
      )
    }
    let stride = (width * bits + 31) / 32 * 4
    guard bytes.count >= start + stride * height else {
      let detail = "\(bytes.count - start) of \(stride * height) bytes"
      throw ImagingError(.truncated(format: "BMP", detail: detail), path: name)
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for row in 0..<height {
      let line = start + (isTopDown ? row : height - 1 - row) * stride
      for column in 0..<width {
        // Blue comes first, in the palette and in the pixels.
        let place = try bits > 8 ? line + column * bits / 8 : entry(line, column)
        pixels.append(bytes[place + 2])
        pixels.append(bytes[place + 1])
        pixels.append(bytes[place])
      }
    }
    return ImageBuffer(width: width, height: height, pixels: pixels)
  }

  /// Where a pixel's colour stands in the palette.
  private func entry(_ line: Int, _ column: Int) throws -> Int {
    let position = column * bits
    let byte = Int(bytes[line + position / 8])
    let index = byte >> (8 - bits - position % 8) & (1 << bits - 1)
    guard 4 * index < palette.count else {
      let detail = "colour \(index) of \(palette.count / 4)"
      throw ImagingError(.malformed(format: "BMP", detail: detail), path: name)
    }
    return palette.startIndex + 4 * index
  }
}
