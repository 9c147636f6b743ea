/// One rise and one fall along half cosines (Smith and Topin 2018).
///
/// PyTorch's `OneCycleLR` with `anneal_strategy="cos"`, `three_phase=False` and
/// `cycle_momentum=False`: momentum stays as it is. The rise ends at step share·T − 1, the fall at
/// T − 1, each cut at fractions of steps.
package struct OneCycleSchedule: LearningRateSchedule, Equatable {
  private let peak, first, last: Double
  private let riseEnd: Double
  private let fallEnd: Double

  /// States the cycle; the defaults are PyTorch's.
  ///
  /// - Parameters:
  ///   - rate: the highest rate, positive.
  ///   - totalSteps: T, at least 2.
  ///   - risingShare: the rise's share of the steps, at least 0 and below 1.
  ///   - startDivisor: the highest rate over the first, at least 1.
  ///   - endDivisor: the first rate over the last, positive.
  /// - Throws: ``OptimizersError`` for settings out of their range.
  package init(
    rate: Double,
    totalSteps: Int,
    risingShare: Double = 0.3,
    startDivisor: Double = 25,
    endDivisor: Double = 1e4
  ) throws {
    try checkPositive(rate, "the learning rate")
    try check(totalSteps, atLeast: 2, "the number of steps")
    try check(risingShare, in: 0..<1, "the rising share of the cycle")
    try check(startDivisor, in: 1..<Double.infinity, "the start's divisor")
    try checkPositive(endDivisor, "the end's divisor")
    peak = rate
    first = rate / startDivisor
    last = first / endDivisor
    riseEnd = risingShare * Double(totalSteps) - 1
    fallEnd = Double(totalSteps) - 1
  }

  package func rate(at step: Int) -> Double {
    let position = min(Double(step), fallEnd)
    if position <= riseEnd {
      // A rise of no length, at the first step, is at its end.
      return riseEnd > 0 ? cosineCurve(from: first, to: peak, at: position / riseEnd) : peak
    }
    return cosineCurve(from: peak, to: last, at: (position - riseEnd) / (fallEnd - riseEnd))
  }
}
