extension JPEGReader {
  /// How many rows are decoded before they are resized: those of 12-megapixel photographs fill a
  /// fifth of a second-level cache of 1 MB.
  private static let stripRows = 16

  /// Decodes and resizes row by row, without the whole image ever being in memory.
  ///
  /// - Parameters:
  ///   - plan: what to compute from an image of `width` × `height`.
  ///   - kernel: which variant computes it; all give the same bits.
  /// - Returns: `outputHeight × outputWidth × 3` samples.
  /// - Throws: `ImagingError`: `truncated`, `malformed`, `outOfMemory`.
  mutating func resized(_ plan: ResizePlan, kernel: ResizeKernel = .best) throws -> [UInt8] {
    let count = plan.outputHeight * plan.outputStride
    let stride = width * 3
    var resizer = RowResizer(plan, kernel: kernel)
    return try unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      try unsafe withUnsafeTemporaryAllocation(
        of: UInt8.self,
        capacity: Self.stripRows * stride
      ) { strip in
        var row = 0
        while row < height {
          let rows = min(Self.stripRows, height - row)
          let part = unsafe UnsafeMutableBufferPointer(rebasing: strip[..<(rows * stride)])
          try unsafe read(rows: rows, into: part)
          if channels == 1 { unsafe Self.spread(part, pixels: rows * width) }
          unsafe resizer.push(UnsafeBufferPointer(part), rows: rows, stride: stride) {
            index,
            bytes in
            let start = index * plan.outputStride
            _ = unsafe target[start..<start + bytes.count].update(fromContentsOf: bytes)
          }
          row += rows
        }
      }
      filled = count
    }
  }

  /// Spreads grey samples to RGB in place, from the last to the first.
  private static func spread(_ strip: UnsafeMutableBufferPointer<UInt8>, pixels: Int) {
    for pixel in stride(from: pixels - 1, through: 0, by: -1) {
      let value = unsafe strip[pixel]
      unsafe strip[3 * pixel] = value
      unsafe strip[3 * pixel + 1] = value
      unsafe strip[3 * pixel + 2] = value
    }
  }
}
