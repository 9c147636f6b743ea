/// The interpolations that images are resized with, antialiased when shrinking.
package enum Interpolation: String, Codable, Sendable, CaseIterable {
  case bilinear
  case bicubic

  /// How far the filter reaches to either side, in input pixels at scale 1.
  var support: Double {
    switch self {
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  /// The filter's value at `distance`, computed in the order in which Pillow computes it.
  func weight(at distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bilinear:
      return x < 1 ? 1 - x : 0
    case .bicubic:  // Keys 1981, with a = −0.5
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
      return 0
    }
  }
}
