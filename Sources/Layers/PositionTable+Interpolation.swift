extension PositionTable {
  /// Positions for another grid: the class token's as they are, the others bicubically.
  ///
  /// Cubic convolution with a = −0.75 (Keys 1981), cells outside the grid taken from its edge, as
  /// PyTorch's `interpolate(mode="bicubic")`.
  ///
  /// - Parameters:
  ///   - learnt: [1 + learntGrid², C], row by row.
  ///   - side: the new grid's side.
  /// - Returns: [1 + side², C], row by row.
  func interpolated(_ learnt: [Float], toGrid side: Int) -> [Float] {
    let width = learnt.count / (1 + learntGrid * learntGrid)
    let taps = (0..<side).map { self.taps($0, of: side) }
    var result = Array(learnt[0..<width])
    result.reserveCapacity((1 + side * side) * width)
    for row in taps {
      for column in taps {
        var sums = [Double](repeating: 0, count: width)
        for (y, weightY) in row {
          for (x, weightX) in column {
            let start = (1 + y * learntGrid + x) * width
            for index in 0..<width {
              sums[index] += weightY * weightX * Double(learnt[start + index])
            }
          }
        }
        result += sums.map { Float($0) }
      }
    }
    return result
  }

  /// The four cells of the learnt grid, with their weights, that a new cell is made of.
  private func taps(_ index: Int, of side: Int) -> [(Int, Double)] {
    let (old, new) = (Double(learntGrid), Double(side))
    let place =
      switch rule {
      case .alignedCorners: side > 1 ? Double(index) * (old - 1) / (new - 1) : 0
      case .areas: (Double(index) + 0.5) * old / new - 0.5
      }
    let first = place.rounded(.down)
    let t = place - first
    let weights = [cubic(t + 1), cubic(t), cubic(1 - t), cubic(2 - t)]
    return weights.enumerated().map { offset, weight in
      (min(max(Int(first) - 1 + offset, 0), learntGrid - 1), weight)
    }
  }

  private func cubic(_ x: Double) -> Double {
    let a = -0.75
    return x <= 1
      ? ((a + 2) * x - (a + 3)) * x * x + 1
      : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
  }
}
