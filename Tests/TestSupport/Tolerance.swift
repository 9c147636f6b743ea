/// How far a value may lie from its reference, and why.
public struct Tolerance: Sendable {
  /// The largest allowed absolute difference.
  public let absolute: Double
  /// The largest allowed difference as a share of the reference's magnitude.
  public let relative: Double
  /// Why this much and no less.
  public let reason: String

  /// States a tolerance.
  ///
  /// - Parameters:
  ///   - absolute: the largest allowed absolute difference, at least 0.
  ///   - relative: the largest allowed relative difference, at least 0.
  ///   - reason: why this much and no less.
  public init(absolute: Double, relative: Double = 0, reason: String) {
    precondition(absolute >= 0 && relative >= 0, "a tolerance is never negative")
    self.absolute = absolute
    self.relative = relative
    self.reason = reason
  }

  /// No difference at all.
  public static let exact = Tolerance(absolute: 0, reason: "the operation is exact")

  /// Whether `value` is close enough to `reference`; two NaNs are.
  public func accepts(_ value: Double, _ reference: Double) -> Bool {
    if value == reference || (value.isNaN && reference.isNaN) { return true }
    return abs(value - reference) <= absolute + relative * abs(reference)
  }
}
