import Glibc

/// A rate that is multiplied by a factor at some steps, after a linear warm-up.
///
/// rate · warm-up factor · γᵏ with k milestones at or before the step, counted from the first step of
/// all: PyTorch's `ChainedScheduler` of `LinearLR` and `MultiStepLR` (or `StepLR`). A `SequentialLR`
/// of the two counts milestones from the warm-up's end instead.
package struct StepSchedule: LearningRateSchedule, Equatable {
  /// When the rate is multiplied.
  package enum Milestones: Equatable, Sendable {
    /// At these steps, in any order.
    case at([Int])
    /// Each time so many steps have passed.
    case every(Int)
  }

  private let peak: Double
  private let factor: Double
  private let milestones: Milestones
  private let warmUp: WarmUp

  /// States the stairs.
  ///
  /// - Parameters:
  ///   - rate: the rate before the first milestone, positive.
  ///   - factor: γ, in 0...1.
  ///   - milestones: when the rate is multiplied; steps and distances are at least 1.
  ///   - warmupSteps: how many steps the rise takes, at least 0.
  ///   - warmupStart: the first step's share of the rate where there is a rise, in 0...1.
  /// - Throws: ``OptimizersError`` for settings out of their range.
  package init(
    rate: Double,
    factor: Double,
    milestones: Milestones,
    warmupSteps: Int = 0,
    warmupStart: Double = 0
  ) throws {
    try checkPositive(rate, "the learning rate")
    guard (0...1).contains(factor) else {
      throw OptimizersError(
        .invalidSetting(name: "the steps' factor", value: "\(factor)", expected: "from 0 to 1")
      )
    }
    switch milestones {
    case .at(let steps): for step in steps { try check(step, atLeast: 1, "a milestone") }
    case .every(let distance): try check(distance, atLeast: 1, "the distance of milestones")
    }
    peak = rate
    self.factor = factor
    self.milestones = milestones
    warmUp = try WarmUp(steps: warmupSteps, start: warmupStart)
  }

  package func rate(at step: Int) -> Double {
    let passed =
      switch milestones {
      case .at(let steps): steps.count { $0 <= step }
      case .every(let distance): step / distance
      }
    return peak * warmUp.factor(at: step) * pow(factor, Double(passed))
  }
}
