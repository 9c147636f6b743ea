/// Gaussian blur of a square picture, its rim continued outwards.
enum SyntheticBlur {
  /// Blurs a picture: rows first, then columns.
  ///
  /// - Parameters:
  ///   - pixels: `size × size` pixels.
  ///   - size: the width and height.
  ///   - deviation: the kernel's, in pixels; below 0.2 nothing changes.
  /// - Returns: `size × size` pixels.
  static func blur(_ pixels: [SIMD4<Float>], size: Int, deviation: Float) -> [SIMD4<Float>] {
    guard deviation >= 0.2 else { return pixels }
    let weights = kernel(deviation: deviation)
    let rows = pass(pixels, size: size, weights, acrossRows: false)
    return pass(rows, size: size, weights, acrossRows: true)
  }

  /// Half of the kernel, from its middle outwards; the whole sums to 1.
  private static func kernel(deviation: Float) -> [Float] {
    let reach = max(1, Int((deviation * 2.7).rounded(.up)))
    var weights = (0...reach).map { offset in
      let share = Double(offset) / Double(deviation)
      return Float(SyntheticArithmetic.exponential(-0.5 * share * share))
    }
    let sum = weights[0] + 2 * weights.dropFirst().reduce(0, +)
    for index in weights.indices { weights[index] /= sum }
    return weights
  }

  private static func pass(
    _ pixels: [SIMD4<Float>],
    size: Int,
    _ weights: [Float],
    acrossRows: Bool
  ) -> [SIMD4<Float>] {
    var result = pixels
    let stride = acrossRows ? size : 1
    for row in 0..<size {
      for column in 0..<size {
        let place = acrossRows ? row : column
        let index = row * size + column
        var sum = pixels[index] * weights[0]
        for offset in 1..<weights.count {
          let before = max(place - offset, 0) - place
          let after = min(place + offset, size - 1) - place
          sum +=
            weights[offset] * (pixels[index + before * stride] + pixels[index + after * stride])
        }
        result[index] = sum
      }
    }
    return result
  }
}
