import Randomness

/// Smooth noise: random values on a lattice that repeats every 64 cells, interpolated between them.
struct SyntheticNoise {
  private let table: [Float]

  /// Draws the lattice.
  ///
  /// - Parameter random: the stream that the 4,096 values come from.
  init(_ random: inout RandomSource) {
    table = (0..<4096).map { _ in Float(random.nextUniform() * 2 - 1) }
  }

  /// The noise at a place, from −1 to 1.
  ///
  /// - Parameters:
  ///   - x: the first coordinate in cells, of a magnitude below 8,000.
  ///   - y: the second one.
  /// - Returns: the noise there.
  @inline(__always)
  func value(_ x: Float, _ y: Float) -> Float {
    let shiftedX = x + 8192
    let shiftedY = y + 8192
    let column = Int(shiftedX)
    let row = Int(shiftedY)
    var shareX = shiftedX - Float(column)
    var shareY = shiftedY - Float(row)
    shareX = shareX * shareX * (3 - 2 * shareX)
    shareY = shareY * shareY * (3 - 2 * shareY)
    let left = column & 63
    let right = (column &+ 1) & 63
    let top = (row & 63) &<< 6
    let bottom = ((row &+ 1) & 63) &<< 6
    let upper = table[top + left] + (table[top + right] - table[top + left]) * shareX
    let lower = table[bottom + left] + (table[bottom + right] - table[bottom + left]) * shareX
    return upper + (lower - upper) * shareY
  }

  /// A sum of octaves, each half as strong and twice as fine, turned against the one before.
  ///
  /// - Parameters:
  ///   - x: the first coordinate in cells of the coarsest octave.
  ///   - y: the second one.
  ///   - octaves: how many, at least 1.
  /// - Returns: the noise, from −2 to 2 at most.
  @inline(__always)
  func fractal(_ x: Float, _ y: Float, octaves: Int) -> Float {
    var (x, y) = (x, y)
    var strength: Float = 1
    var sum: Float = 0
    for _ in 0..<octaves {
      sum += strength * value(x, y)
      (x, y) = (1.6 * x - 1.2 * y + 13.7, 1.2 * x + 1.6 * y + 5.3)
      strength *= 0.5
    }
    return sum
  }
}
