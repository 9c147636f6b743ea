/// A linear warm-up, then half a cosine down to an end rate (Loshchilov and Hutter 2017, without
/// restarts).
///
/// Steps s < W: rate·(start + (1 − start)·s/W). Then end + ½·(rate − end)·(1 + cos(π·(s − W)/(T − W))),
/// and `end` from step T on, where PyTorch's `CosineAnnealingLR` would rise again. Up to there it is
/// PyTorch's `SequentialLR` of `LinearLR` and `CosineAnnealingLR`, and with start = 0 the rule of
/// MAE's and BEiT's fine-tuning. timm's cosine counts the warm-up as part of the curve unless
/// `warmup_prefix` is set.
package struct WarmupCosineSchedule: LearningRateSchedule, Equatable {
  private let peak: Double
  private let end: Double
  private let warmUp: WarmUp
  private let totalSteps: Int

  /// States the curve.
  ///
  /// - Parameters:
  ///   - rate: the highest rate, positive.
  ///   - warmupSteps: W, at least 0 and below T.
  ///   - totalSteps: T, at least 1.
  ///   - warmupStart: the first step's share of the rate where W > 0, in 0...1.
  ///   - endRate: the rate from step T on, at least 0 and at most `rate`.
  /// - Throws: ``OptimizersError`` for settings out of their range.
  package init(
    rate: Double,
    warmupSteps: Int,
    totalSteps: Int,
    warmupStart: Double = 0,
    endRate: Double = 0
  ) throws {
    try checkPositive(rate, "the learning rate")
    try check(totalSteps, atLeast: 1, "the number of steps")
    warmUp = try WarmUp(steps: warmupSteps, start: warmupStart)
    guard warmupSteps < totalSteps else {
      throw OptimizersError(
        .invalidSetting(
          name: "the number of warm-up steps",
          value: "\(warmupSteps)",
          expected: "below the number of all steps, \(totalSteps)"
        )
      )
    }
    guard (0...rate).contains(endRate) else {
      throw OptimizersError(
        .invalidSetting(
          name: "the end rate",
          value: "\(endRate)",
          expected: "from 0 to the learning rate, \(rate)"
        )
      )
    }
    peak = rate
    end = endRate
    self.totalSteps = totalSteps
  }

  package func rate(at step: Int) -> Double {
    if step < warmUp.steps { return peak * warmUp.factor(at: step) }
    if step >= totalSteps { return end }
    let share = Double(step - warmUp.steps) / Double(totalSteps - warmUp.steps)
    return cosineCurve(from: peak, to: end, at: share)
  }
}
