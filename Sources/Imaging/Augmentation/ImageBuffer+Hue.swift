import Foundation

extension ImageBuffer {
  /// Turns the hue, as torchvision's `adjust_hue` does on Pillow images: through 8-bit HSV.
  ///
  /// Also a turn by 0 rounds to 8-bit HSV and back, and so changes some pixels by a level or more.
  ///
  /// - Parameter factor: the turn, −0.5...0.5 of the circle.
  package mutating func adjustHue(by factor: Double) {
    precondition((-0.5...0.5).contains(factor), "a hue turned by \(factor) of the circle")
    let turn = UInt8(truncatingIfNeeded: Int(factor * 255))
    mapPixels { red, green, blue in
      let color = hueSaturation(red, green, blue)
      return colors(hue: color.hue &+ turn, saturation: color.saturation, value: color.value)
    }
  }
}

/// A colour's hue, saturation and value in 8 bits each, as Pillow's `convert("HSV")`.
///
/// The hue is computed in 32-bit floats, the turn into 0..<1 in 64-bit ones, as there.
private func hueSaturation(
  _ red: UInt8,
  _ green: UInt8,
  _ blue: UInt8
) -> (hue: UInt8, saturation: UInt8, value: UInt8) {
  let largest = max(red, green, blue)
  let smallest = min(red, green, blue)
  guard largest > smallest else { return (0, 0, largest) }
  let range = Float(largest - smallest)
  let saturation = range / Float(largest)
  let toRed = Float(largest - red) / range
  let toGreen = Float(largest - green) / range
  let toBlue = Float(largest - blue) / range
  let sector: Float
  if red == largest {
    sector = toBlue - toGreen
  } else if green == largest {
    sector = Float(2 + Double(toRed) - Double(toBlue))
  } else {
    sector = Float(4 + Double(toGreen) - Double(toRed))
  }
  // −1/6..<5/6 of the circle, plus 1: the remainder of a division by 1 is exact.
  let turns = Double(sector) / 6 + 1
  let hue = Float(turns >= 1 ? turns - 1 : turns)
  return (
    UInt8(clamping: Int(Double(hue) * 255)), UInt8(clamping: Int(Double(saturation) * 255)),
    largest
  )
}

/// Red, green and blue of 8-bit hue, saturation and value, as Pillow's `convert("RGB")`.
private func colors(
  hue: UInt8,
  saturation: UInt8,
  value: UInt8
) -> (red: UInt8, green: UInt8, blue: UInt8) {
  guard saturation > 0 else { return (value, value, value) }
  let sectors = Double(Float(hue)) * 6 / 255
  let sector = sectors.rounded(.down)
  let fraction = Double(Float(sectors - Double(Float(sector))))
  let share = Double(Float(Double(saturation) / 255))
  func part(_ factor: Double) -> UInt8 {
    UInt8(clamping: Int((Double(value) * factor).rounded(.toNearestOrAwayFromZero)))
  }
  let (low, falling) = (part(1 - share), part(1 - share * fraction))
  let rising = part(1 - share * (1 - fraction))
  switch Int(sector) % 6 {
  case 0: return (value, rising, low)
  case 1: return (falling, value, low)
  case 2: return (low, value, rising)
  case 3: return (low, falling, value)
  case 4: return (rising, low, value)
  default: return (value, low, falling)
  }
}
