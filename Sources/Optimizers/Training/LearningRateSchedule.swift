import Glibc

/// The learning rate of each step of a run: a pure value, so that a resumed run goes on as it would.
package protocol LearningRateSchedule: Sendable {
  /// The rate of a step.
  ///
  /// - Parameter step: 0 for the first.
  /// - Returns: the rate; after the last step it stays as it was there.
  func rate(at step: Int) -> Double
}

/// The same rate always.
package struct ConstantSchedule: LearningRateSchedule, Equatable {
  private let rate: Double

  /// States the rate.
  ///
  /// - Parameter rate: the rate, positive.
  /// - Throws: ``OptimizersError`` for another.
  package init(rate: Double) throws {
    try checkPositive(rate, "the learning rate")
    self.rate = rate
  }

  package func rate(at step: Int) -> Double { rate }
}

/// A straight rise from a share of the rate to all of it.
///
/// The factor of step s < W is start + (1 − start)·s/W: `LinearLR` of PyTorch.
struct WarmUp: Equatable, Sendable {
  let steps: Int
  let start: Double

  /// Checks and keeps the settings.
  init(steps: Int, start: Double) throws {
    try check(steps, atLeast: 0, "the number of warm-up steps")
    guard (0...1).contains(start) else {
      throw OptimizersError(
        .invalidSetting(
          name: "the warm-up's first factor",
          value: "\(start)",
          expected: "from 0 to 1"
        )
      )
    }
    self.steps = steps
    self.start = start
  }

  func factor(at step: Int) -> Double {
    step < steps ? start + (1 - start) * Double(step) / Double(steps) : 1
  }
}

/// The curve of half a cosine from one value to another.
///
/// - Parameters:
///   - first: the value at 0.
///   - last: the value at 1.
///   - share: how far along, in 0...1.
/// - Returns: last + (first − last)/2 · (1 + cos(π·share)).
func cosineCurve(from first: Double, to last: Double, at share: Double) -> Double {
  last + (first - last) / 2 * (1 + cos(.pi * share))
}
