import Kernels

/// Makes sure that a setting lies in its range.
///
/// - Parameters:
///   - value: the setting.
///   - range: where it must lie.
///   - name: what it is called.
/// - Throws: ``OptimizersError`` where it doesn't, or is NaN.
func check(_ value: Double, in range: Range<Double>, _ name: String) throws {
  guard range.contains(value) else {
    let expected = "at least \(range.lowerBound) and below \(range.upperBound)"
    throw OptimizersError(.invalidSetting(name: name, value: "\(value)", expected: expected))
  }
}

/// Makes sure that a setting is positive and finite.
///
/// - Parameters:
///   - value: the setting.
///   - name: what it is called.
/// - Throws: ``OptimizersError`` where it isn't.
func checkPositive(_ value: Double, _ name: String) throws {
  guard value > 0, value.isFinite else {
    let expected = "positive and finite"
    throw OptimizersError(.invalidSetting(name: name, value: "\(value)", expected: expected))
  }
}

/// Makes sure that a number of steps is large enough.
///
/// - Parameters:
///   - value: the number.
///   - least: the smallest one allowed.
///   - name: what it is called.
/// - Throws: ``OptimizersError`` where it is smaller.
func check(_ value: Int, atLeast least: Int, _ name: String) throws {
  guard value >= least else {
    throw OptimizersError(
      .invalidSetting(name: name, value: "\(value)", expected: "at least \(least)")
    )
  }
}

/// The numbers of Adam's moments.
///
/// - Parameters:
///   - first: β₁.
///   - second: β₂.
///   - epsilon: ε.
/// - Returns: them, checked.
/// - Throws: ``OptimizersError`` where one is out of its range.
func checkedBetas(
  _ first: Double,
  _ second: Double,
  epsilon: Double
) throws -> AdamCoefficients.Betas {
  try check(first, in: 0..<1, "beta1")
  try check(second, in: 0..<1, "beta2")
  try checkPositive(epsilon, "epsilon")
  return AdamCoefficients.Betas(first: first, second: second, epsilon: epsilon)
}
