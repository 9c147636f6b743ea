extension ImageBuffer {
  /// The bounding box of the pixels with a channel above a threshold.
  ///
  /// - Parameter threshold: the largest sample of the background.
  /// - Returns: the columns and rows; the whole image where there is no such pixel.
  package func foreground(threshold: Int) -> (columns: Range<Int>, rows: Range<Int>) {
    let limit = UInt8(clamping: threshold)
    var (left, right, top, bottom) = (width, 0, height, 0)
    unsafe pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<height {
        let row = unsafe UnsafeBufferPointer(rebasing: pixels[y * width * 3..<(y + 1) * width * 3])
        guard let first = unsafe row.firstIndex(where: { $0 > limit }),
          let last = unsafe row.lastIndex(where: { $0 > limit })
        else { continue }
        left = min(left, first / 3)
        right = max(right, last / 3 + 1)
        top = min(top, y)
        bottom = y + 1
      }
    }
    return bottom == 0 ? (0..<width, 0..<height) : (left..<right, top..<bottom)
  }

  /// The foreground alone, in the middle of a black square whose side is its longer one.
  ///
  /// - Parameters:
  ///   - threshold: the largest sample of the background.
  ///   - pixelLimit: how many pixels the square may have.
  ///   - name: what errors call the image.
  /// - Returns: the square; where the margins differ, the left and upper ones are a pixel narrower.
  /// - Throws: `ImagingError`: `tooManyPixels`, for a long narrow foreground.
  package func foregroundOnSquare(
    threshold: Int,
    pixelLimit: Int = ImageBuffer.defaultPixelLimit,
    name: String = ""
  ) throws -> ImageBuffer {
    let (columns, rows) = foreground(threshold: threshold)
    let side = max(columns.count, rows.count)
    guard side <= pixelLimit / side else {
      throw ImagingError(.tooManyPixels(width: side, height: side, limit: pixelLimit), path: name)
    }
    let (left, top) = ((side - columns.count) / 2, (side - rows.count) / 2)
    var square = [UInt8](repeating: 0, count: side * side * 3)
    for (index, row) in rows.enumerated() {
      let source = (row * width + columns.lowerBound) * 3
      let target = ((top + index) * side + left) * 3
      let bytes = columns.count * 3
      square.replaceSubrange(target..<target + bytes, with: pixels[source..<source + bytes])
    }
    return ImageBuffer(width: side, height: side, pixels: square)
  }
}
