extension GrayImage {
  /// How a probability becomes a whole number.
  package enum Rounding: String, Sendable, CaseIterable, Codable {
    /// ⌊p · m + ½⌋ in 64-bit floats.
    case halfUp
    /// p · m in 32-bit floats to the nearest whole number, of two the even one: scikit-image's
    /// `img_as_ubyte` (8 bits) and `img_as_uint` (16 bits) of a float32 map.
    case halfToEven
  }

  /// A probability map as grey: 0 black, 1 white.
  ///
  /// - Parameters:
  ///   - probabilities: H × W probabilities; those beyond 0 and 1 are cut off, and what isn't a number
  ///     becomes black.
  ///   - bitDepth: 8 or 16: m is 255 or 65535.
  ///   - rounding: how p · m becomes a whole number.
  package init(
    probabilities: Plane<Float>,
    bitDepth: Int,
    rounding: Rounding = .halfUp
  ) {
    precondition(bitDepth == 8 || bitDepth == 16, "a grey image of \(bitDepth) bits")
    let largest: UInt16 = bitDepth == 8 ? 255 : 65535
    self.init(
      width: probabilities.width,
      height: probabilities.height,
      bitDepth: bitDepth,
      samples: probabilities.samples.map { probability in
        guard probability > 0 else { return 0 }
        guard probability < 1 else { return largest }
        return switch rounding {
        case .halfUp: UInt16(Double(probability) * Double(largest) + 0.5)
        case .halfToEven:
          UInt16((probability * Float(largest)).rounded(.toNearestOrEven))
        }
      }
    )
  }
}

extension ImageBuffer {
  /// A grey image of 8 bits in three equal channels, for sheets.
  ///
  /// - Parameter image: of 8 bits, or of 16, of which the high byte is taken.
  package init(gray image: GrayImage) {
    let shift = image.bitDepth - 8
    self.init(
      width: image.width,
      height: image.height,
      pixels: image.samples.flatMap { sample in
        let value = UInt8(truncatingIfNeeded: sample >> shift)
        return [value, value, value]
      }
    )
  }
}
