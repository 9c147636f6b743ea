extension ImageBuffer {
  /// Spreads each channel over 0...255, as Pillow's `ImageOps.autocontrast`.
  package mutating func stretchContrast() {
    mapChannels { counts in
      guard let low = counts.firstIndex(where: { $0 > 0 }),
        let high = counts.lastIndex(where: { $0 > 0 }), high > low
      else { return Array(0...255) }
      let scale = 255 / Double(high - low)
      let offset = -Double(low) * scale
      return (0...255).map { UInt8(clamping: Int(Double($0) * scale + offset)) }
    }
  }

  /// Makes each channel's values equally frequent, as far as that goes, as Pillow's `ImageOps.equalize`.
  package mutating func equalize() {
    mapChannels { counts in
      let last = counts.last { $0 > 0 } ?? 0
      let step = (counts.reduce(0, +) - last) / 255
      guard counts.count(where: { $0 > 0 }) > 1, step > 0 else { return Array(0...255) }
      var sum = step / 2
      return counts.map { count in
        defer { sum += count }
        return UInt8(clamping: sum / step)
      }
    }
  }

  /// Turns light into dark, as Pillow's `ImageOps.invert`.
  package mutating func invert() {
    map((0...255).map { 255 - $0 })
  }

  /// Keeps the highest bits of each sample, as Pillow's `ImageOps.posterize`.
  ///
  /// - Parameter bits: how many, `1...8`.
  package mutating func posterize(bits: Int) {
    precondition((1...8).contains(bits), "an image of \(bits) bits per sample")
    let mask = UInt8(truncatingIfNeeded: ~((1 << (8 - bits)) - 1))
    map((0...255).map { $0 & mask })
  }

  /// Turns light into dark where it is light, as Pillow's `ImageOps.solarize`.
  ///
  /// - Parameter threshold: the darkest sample that is turned, `0...256`.
  package mutating func solarize(threshold: Int) {
    map((0...255).map { Int($0) < threshold ? $0 : 255 - $0 })
  }

  /// Lightens the darker half, as timm's `solarize_add`.
  ///
  /// - Parameter amount: what is added to samples below 128, `0...255`; the sum is cut at 255.
  package mutating func lightenShadows(by amount: Int) {
    map((0...255).map { $0 < 128 ? UInt8(clamping: Int($0) + amount) : $0 })
  }

  /// Scales the distance from a smoothed image, as Pillow's `ImageEnhance.Sharpness`.
  ///
  /// - Parameter factor: 0 gives the smoothed image, 1 the image itself; at least 0.
  package mutating func adjustSharpness(by factor: Double) {
    let factor = Float(factor)
    let (width, height, stride) = (width, height, width * 3)
    // Pillow leaves the outermost pixels as they are, and blends them with themselves.
    guard width >= 3, height >= 3 else { return }
    let original = pixels
    unsafe pixels.withUnsafeMutableBufferPointer { target in
      unsafe original.withUnsafeBufferPointer { source in
        for row in 1..<height - 1 {
          for index in row * stride + 3..<(row + 1) * stride - 3 {
            // Eight neighbours and five times the pixel, divided by 13; no tie is possible.
            var sum = 4 * Int(unsafe source[index])
            for line in [index - stride, index, index + stride] {
              sum += unsafe Int(source[line - 3]) + Int(source[line]) + Int(source[line + 3])
            }
            let smooth = UInt8((2 * sum + 13) / 26)
            unsafe target[index] = blend(smooth, source[index], factor)
          }
        }
      }
    }
  }

  /// Replaces each channel's samples by a table that is made from how often each value occurs.
  private mutating func mapChannels(_ table: ([Int]) -> [UInt8]) {
    var counts = Array(repeating: 0, count: 3 * 256)
    unsafe pixels.withUnsafeBufferPointer { pixels in
      for index in 0..<pixels.count { counts[unsafe index % 3 * 256 + Int(pixels[index])] += 1 }
    }
    let tables = (0..<3).map { table(Array(counts[$0 * 256..<($0 + 1) * 256])) }
    mapPixels { red, green, blue in
      (tables[0][Int(red)], tables[1][Int(green)], tables[2][Int(blue)])
    }
  }
}
