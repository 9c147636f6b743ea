/// A metric's value, or the reason why it has none.
///
/// Undefined is never written as 0 or NaN and never enters a mean.
package enum MetricValue: Equatable, Sendable {
  /// A finite number.
  case value(Double)
  /// Why there is no number, e.g. "class 3 has no positive sample in the test split".
  case undefined(reason: String)

  /// The number, where there is one.
  package var number: Double? {
    guard case .value(let number) = self else { return nil }
    return number
  }
}
