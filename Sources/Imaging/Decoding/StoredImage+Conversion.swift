extension StoredImage {
  /// The image as RGB, turned upright, as Pillow's `exif_transpose` and `convert("RGB")` give it.
  ///
  /// Grey of 16 bits is cut off at 255, as Pillow cuts its mode `I;16`; colours of 16 bits have been
  /// reduced to their high byte by the codec; alpha and transparent palette entries are dropped
  /// without blending.
  consuming func convertedToRGB() -> ImageBuffer {
    let (width, height, orientation) = (width, height, orientation)
    let upright = orientation.applied(
      to: rgbSamples(),
      width: width,
      height: height,
      channels: 3
    )
    return ImageBuffer(
      width: orientation.swapsAxes ? height : width,
      height: orientation.swapsAxes ? width : height,
      pixels: upright
    )
  }

  /// The image with one channel, turned upright: grey and palette indices as stored, colours as
  /// Pillow's luma (`convert("L")`).
  consuming func convertedToGray() -> GrayImage {
    let (width, height, orientation) = (width, height, orientation)
    let bitDepth = layout == .grey16 ? 16 : 8
    let upright = orientation.applied(
      to: graySamples(),
      width: width,
      height: height,
      channels: 1
    )
    return GrayImage(
      width: orientation.swapsAxes ? height : width,
      height: orientation.swapsAxes ? width : height,
      bitDepth: bitDepth,
      samples: upright
    )
  }

  private func sample16(_ pixel: Int) -> UInt16 {
    UInt16(samples[2 * pixel]) | UInt16(samples[2 * pixel + 1]) << 8
  }

  private consuming func rgbSamples() -> [UInt8] {
    let count = width * height
    switch layout {
    case .rgb:
      return samples
    case .grey:
      return Self.expanded(count) { pixel in
        let value = samples[pixel]
        return (value, value, value)
      }
    case .grey16:
      return Self.expanded(count) { pixel in
        let value = UInt8(clamping: sample16(pixel))
        return (value, value, value)
      }
    case .indexed:
      return Self.expanded(count) { pixel in
        let entry = Int(samples[pixel]) * 3
        return (palette[entry], palette[entry + 1], palette[entry + 2])
      }
    }
  }

  private func graySamples() -> [UInt16] {
    switch layout {
    case .grey, .indexed:
      samples.map(UInt16.init)
    case .grey16:
      (0..<width * height).map(sample16)
    case .rgb:
      (0..<width * height).map { pixel in
        let red = UInt32(samples[3 * pixel]) * 19595
        let green = UInt32(samples[3 * pixel + 1]) * 38470
        let blue = UInt32(samples[3 * pixel + 2]) * 7471
        return UInt16((red + green + blue + 0x8000) >> 16)
      }
    }
  }

  private static func expanded(
    _ count: Int,
    _ color: (Int) -> (UInt8, UInt8, UInt8)
  ) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count * 3) { target, filled in
      for pixel in 0..<count {
        let (red, green, blue) = color(pixel)
        unsafe target[3 * pixel] = red
        unsafe target[3 * pixel + 1] = green
        unsafe target[3 * pixel + 2] = blue
      }
      filled = count * 3
    }
  }
}
