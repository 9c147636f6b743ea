extension ImageBuffer {
  /// Scales the distance from black, as Pillow's `ImageEnhance.Brightness`.
  ///
  /// - Parameter factor: 0 gives black, 1 the image itself; at least 0.
  package mutating func adjustBrightness(by factor: Double) {
    let factor = Float(factor)
    map((0...255).map { blend(0, $0, factor) })
  }

  /// Scales the distance from the mean grey, as Pillow's `ImageEnhance.Contrast`.
  ///
  /// - Parameter factor: 0 gives the mean grey, 1 the image itself; at least 0.
  package mutating func adjustContrast(by factor: Double) {
    let mean = UInt8(Double(luminanceSum) / Double(width * height) + 0.5)
    let factor = Float(factor)
    map((0...255).map { blend(mean, $0, factor) })
  }

  /// Scales the distance from each pixel's grey, as Pillow's `ImageEnhance.Color`.
  ///
  /// - Parameter factor: 0 gives a grey image, 1 the image itself; at least 0.
  package mutating func adjustSaturation(by factor: Double) {
    let factor = Float(factor)
    mapPixels { red, green, blue in
      let grey = luminance(red, green, blue)
      return (blend(grey, red, factor), blend(grey, green, factor), blend(grey, blue, factor))
    }
  }

  /// The sum of all pixels' greys.
  private var luminanceSum: Int {
    unsafe pixels.withUnsafeBufferPointer { pixels in
      var sum = 0
      for index in stride(from: 0, to: pixels.count, by: 3) {
        sum += Int(unsafe luminance(pixels[index], pixels[index + 1], pixels[index + 2]))
      }
      return sum
    }
  }

  // MARK: Walking over the pixels

  /// Replaces each sample by the table's entry.
  ///
  /// - Parameter table: 256 values.
  mutating func map(_ table: [UInt8]) {
    precondition(table.count == 256, "a table of \(table.count) values for samples of 8 bits")
    unsafe pixels.withUnsafeMutableBufferPointer { pixels in
      unsafe table.withUnsafeBufferPointer { table in
        for index in 0..<pixels.count {
          unsafe pixels[index] = table[Int(pixels[index])]
        }
      }
    }
  }

  /// Replaces each pixel.
  ///
  /// - Parameter transform: red, green and blue, old to new.
  @inline(__always)
  mutating func mapPixels(
    _ transform: (UInt8, UInt8, UInt8) -> (red: UInt8, green: UInt8, blue: UInt8)
  ) {
    unsafe pixels.withUnsafeMutableBufferPointer { pixels in
      for index in stride(from: 0, to: pixels.count, by: 3) {
        let pixel = unsafe transform(pixels[index], pixels[index + 1], pixels[index + 2])
        unsafe pixels[index] = pixel.red
        unsafe pixels[index + 1] = pixel.green
        unsafe pixels[index + 2] = pixel.blue
      }
    }
  }
}

/// The grey of a colour: ITU-R 601-2 in 16 fraction bits, as Pillow's `convert("L")`.
@inline(__always)
func luminance(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
  let sum = UInt32(red) * 19595 + UInt32(green) * 38470 + UInt32(blue) * 7471 + 0x8000
  return UInt8(truncatingIfNeeded: sum >> 16)
}

/// A sample between two, or beyond them, cut to 0...255 and towards 0: Pillow's `Image.blend`.
///
/// - Parameters:
///   - start: what a factor of 0 gives.
///   - end: what a factor of 1 gives.
///   - factor: in 32-bit floats, as Pillow computes.
/// - Returns: `start + factor · (end − start)`.
@inline(__always)
func blend(_ start: UInt8, _ end: UInt8, _ factor: Float) -> UInt8 {
  let value = Float(start) + factor * Float(Int32(end) - Int32(start))
  return UInt8(max(0, min(value, 255)))
}
