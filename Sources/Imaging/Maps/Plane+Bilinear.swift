extension Plane<Float> {
  /// The map at another size, between 2 × 2 pixels, without antialiasing: for probabilities and logits.
  ///
  /// PyTorch's `interpolate(mode="bilinear", align_corners=False, antialias=False)`: pixel centres lie
  /// at (i + ½) / n, and beyond the outermost centres the edge is repeated.
  ///
  /// - Parameters:
  ///   - width: pixels per row of the result, at least 1.
  ///   - height: rows of the result, at least 1.
  /// - Returns: a map of `width` × `height`.
  package func resizedBilinearly(width: Int, height: Int) -> Plane {
    let columns = (0..<width).map {
      BilinearTap(output: $0, inputs: self.width, outputs: width)
    }
    var result: [Float] = []
    result.reserveCapacity(width * height)
    for row in 0..<height {
      let vertical = BilinearTap(output: row, inputs: self.height, outputs: height)
      let (upper, lower) = (vertical.first * self.width, vertical.second * self.width)
      for tap in columns {
        let above =
          samples[upper + tap.first] * (1 - tap.share) + samples[upper + tap.second] * tap.share
        let below =
          samples[lower + tap.first] * (1 - tap.share) + samples[lower + tap.second] * tap.share
        result.append(above * (1 - vertical.share) + below * vertical.share)
      }
    }
    return Plane(width: width, height: height, samples: result)
  }
}

/// The two inputs between which one output of an axis lies.
///
/// Placed in 32-bit floats with one rounding for product and difference, as PyTorch's compiled code
/// does; another rounding moves the place by up to 1e-6 of a pixel.
private struct BilinearTap {
  let first: Int
  let second: Int
  /// The second input's weight, in `0...1`.
  let share: Float

  init(output: Int, inputs: Int, outputs: Int) {
    let scale = Float(inputs) / Float(outputs)
    let position = Swift.max(Float(-0.5).addingProduct(scale, Float(output) + 0.5), 0)
    first = Swift.min(Int(position), inputs - 1)
    second = Swift.min(first + 1, inputs - 1)
    share = Swift.min(position - Float(first), 1)
  }
}
