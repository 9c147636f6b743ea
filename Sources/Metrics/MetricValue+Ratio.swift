import Results

extension MetricValue {
  /// A quotient, or undefined where the denominator is 0.
  static func ratio(
    _ numerator: Double,
    _ denominator: Double,
    orUndefined reason: @autoclosure () -> String
  ) -> MetricValue {
    denominator == 0 ? .undefined(reason: reason()) : .value(numerator / denominator)
  }

  /// A quotient of counts, or undefined where the denominator is 0.
  static func ratio(
    _ numerator: Int,
    _ denominator: Int,
    orUndefined reason: @autoclosure () -> String
  ) -> MetricValue {
    .ratio(Double(numerator), Double(denominator), orUndefined: reason())
  }
}
