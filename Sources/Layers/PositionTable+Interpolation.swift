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
    return taps(forGrid: side).flatMap { taps in
      var sums = [Double](repeating: 0, count: width)
      for (row, weight) in taps {
        for index in 0..<width { sums[index] += weight * Double(learnt[row * width + index]) }
      }
      return sums.map { Float($0) }
    }
  }

  /// Which rows of the table, with their weights, each row for another grid is made of.
  ///
  /// - Parameter side: the new grid's side.
  /// - Returns: 1 + side² lists: the class token's, then those of the cells row by row.
  func taps(forGrid side: Int) -> [[(row: Int, weight: Double)]] {
    let taps = (0..<side).map { self.taps($0, of: side) }
    let cells = taps.flatMap { row in
      taps.map { column in
        row.flatMap { y, weightY in
          column.map { x, weightX in (row: 1 + y * learntGrid + x, weight: weightY * weightX) }
        }
      }
    }
    return [[(row: 0, weight: 1)]] + cells
  }

  /// The side of a square of patches.
  ///
  /// - Parameter tokens: how many patches, a square number.
  /// - Returns: the side.
  func side(ofTokens tokens: Int) -> Int {
    let side = Int(Double(tokens).squareRoot().rounded())
    precondition(side * side == tokens, "positions for \(tokens) tokens, which are no square")
    return side
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
