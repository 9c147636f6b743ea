import Foundation

/// Turns samples into the coefficients of the cubic spline that goes through them.
///
/// A causal and an anticausal recursion with the pole z = √3 − 2; the samples are mirrored about the
/// outermost ones, for which the causal recursion's first value has a closed form. Source: Unser,
/// Aldroubi, Eden 1993, "B-spline signal processing", part II; Thévenaz, Blu, Unser 2000,
/// "Interpolation revisited", appendix.
enum CubicSplineFilter {
  private static let pole = 3.0.squareRoot() - 2
  private static let gain = 6.0

  /// Filters lines that lie side by side: element i of line c is at i × `lines` + c.
  ///
  /// With `lines` 1 this is one row; with `lines` the width of a map, all its columns at once.
  ///
  /// - Parameters:
  ///   - values: `count × lines` samples; receives as many coefficients.
  ///   - count: how many samples a line has.
  ///   - lines: how many lines there are.
  static func apply(
    to values: UnsafeMutableBufferPointer<Double>,
    count: Int,
    lines: Int
  ) {
    precondition(values.count == count * lines, "\(values.count) values, \(count) × \(lines)")
    guard count > 1, let values = values.baseAddress else { return }
    for index in 0..<count * lines { unsafe values[index] *= gain }
    unsafe startCausally(values, count: count, lines: lines)
    for index in lines..<count * lines {
      unsafe values[index] += pole * values[index - lines]
    }
    let last = (count - 1) * lines
    for index in last..<last + lines {
      let sum = unsafe pole * values[index - lines] + values[index]
      unsafe values[index] = pole / (pole * pole - 1) * sum
    }
    for index in stride(from: last - 1, through: 0, by: -1) {
      unsafe values[index] = pole * (values[index + lines] - values[index])
    }
  }

  /// The causal recursion's first value: the sum over the endless mirrored line.
  private static func startCausally(
    _ values: UnsafeMutablePointer<Double>,
    count: Int,
    lines: Int
  ) {
    let turn = pow(pole, Double(count - 1))
    let last = (count - 1) * lines
    for line in 0..<lines { unsafe values[line] += turn * values[last + line] }
    var power = pole
    for index in 1..<max(count - 1, 1) {
      for line in 0..<lines {
        let forward = unsafe values[index * lines + line]
        let backward = unsafe values[last - index * lines + line]
        unsafe values[line] += power * (forward + turn * backward)
      }
      power *= pole
    }
    for line in 0..<lines { unsafe values[line] /= 1 - turn * turn }
  }
}
