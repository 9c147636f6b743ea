/// The elementary functions that the synthetic collection draws with.
///
/// They use nothing but IEEE additions, multiplications and square roots, so that a sample has the
/// same bits on every machine: the C library's own functions differ between versions and processors.
package enum SyntheticArithmetic {
  /// e to the power of each lane, within 3e-7 of it in relation, for −80 … 80; clamped outside.
  ///
  /// - Parameter value: the exponents.
  /// - Returns: the powers, lane by lane.
  @inline(__always)
  package static func exponential(_ value: SIMD4<Float>) -> SIMD4<Float> {
    let bound = SIMD4<Float>(repeating: 80)
    var clamped = value.replacing(with: bound, where: value .> bound)
    clamped = clamped.replacing(with: -bound, where: clamped .< -bound)
    // Adding 1.5·2²³ rounds to the nearest whole number and leaves it in the lowest bits.
    let magic: Float = 12_582_912
    let shifted = clamped * 1.442_695_04 + magic
    let whole = shifted - magic
    let rest = clamped - whole * 0.693_359_375 + whole * 2.121_944_4e-4
    var sum = rest * 1.388_888_9e-3 + 8.333_333_3e-3
    sum = sum * rest + 4.166_666_6e-2
    sum = sum * rest + 0.166_666_67
    sum = sum * rest + 0.5
    sum = sum * rest + 1
    sum = sum * rest + 1
    let power = SIMD4(
      powerOfTwo(shifted[0]),
      powerOfTwo(shifted[1]),
      powerOfTwo(shifted[2]),
      powerOfTwo(shifted[3])
    )
    return sum * power
  }

  /// Two to the power of the whole number in the lowest bits of `shifted`.
  @inline(__always)
  private static func powerOfTwo(_ shifted: Float) -> Float {
    Float(bitPattern: (shifted.bitPattern &+ 127) &<< 23)
  }

  /// e to the power of `value`; see the four-lane form.
  ///
  /// - Parameter value: the exponent.
  /// - Returns: the power.
  @inline(__always)
  package static func exponential(_ value: Double) -> Double {
    Double(exponential(SIMD4(repeating: Float(value)))[0])
  }

  /// The sine, within 1e-9.
  ///
  /// - Parameter angle: in radians, of a magnitude below 1e6.
  /// - Returns: the sine, from −1 to 1.
  package static func sine(_ angle: Double) -> Double {
    let turn = 2 * Double.pi
    var reduced = angle - (angle / turn).rounded() * turn
    if reduced > .pi / 2 { reduced = .pi - reduced }
    if reduced < -.pi / 2 { reduced = -.pi - reduced }
    let square = reduced * reduced
    // The Taylor series, written from its last term inwards.
    var sum = 1 - square / 210
    sum = 1 - square / 156 * sum
    sum = 1 - square / 110 * sum
    sum = 1 - square / 72 * sum
    sum = 1 - square / 42 * sum
    sum = 1 - square / 20 * sum
    return reduced * (1 - square / 6 * sum)
  }

  /// The unit vector at `angle` from the x axis.
  ///
  /// - Parameter angle: in radians.
  /// - Returns: the vector.
  package static func direction(_ angle: Double) -> SIMD2<Double> {
    SIMD2(sine(angle + .pi / 2), sine(angle))
  }

  /// Hermite's smooth step from 0 at `low` to 1 at `high`.
  ///
  /// - Parameters:
  ///   - low: where the step begins.
  ///   - high: where it ends, above `low`.
  ///   - value: where to read it.
  /// - Returns: from 0 to 1.
  @inline(__always)
  static func smoothStep<Value: BinaryFloatingPoint>(
    _ low: Value,
    _ high: Value,
    _ value: Value
  ) -> Value {
    let share = min(max((value - low) / (high - low), 0), 1)
    return share * share * (3 - 2 * share)
  }
}

extension SIMD2<Double> {
  /// The Euclidean length.
  @inline(__always)
  var length: Double { (x * x + y * y).squareRoot() }

  /// The vector of length 1 in the same direction; the x axis for a vector of no length.
  @inline(__always)
  var normalized: SIMD2<Double> {
    let size = length
    return size > 1e-12 ? self / size : SIMD2(1, 0)
  }

  /// The vector turned by a right angle, from x to y.
  @inline(__always)
  var perpendicular: SIMD2<Double> { SIMD2(-y, x) }

  /// The scalar product.
  @inline(__always)
  func dot(_ other: SIMD2<Double>) -> Double { x * other.x + y * other.y }

  /// The vector turned by `angle`.
  ///
  /// - Parameter angle: in radians, from x to y.
  /// - Returns: a vector of the same length.
  func rotated(by angle: Double) -> SIMD2<Double> {
    let turn = SyntheticArithmetic.direction(angle)
    return SIMD2(x * turn.x - y * turn.y, x * turn.y + y * turn.x)
  }
}
