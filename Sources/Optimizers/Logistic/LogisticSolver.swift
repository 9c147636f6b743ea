import Foundation
import Kernels
import Parallelism

/// How far and how long a fit goes on.
package struct LogisticLimits: Sendable, Equatable, Codable {
  /// The estimated distance from the minimum, as a share of the objective, at which a fit ends.
  package var tolerance: Double
  /// How often the objective may be evaluated.
  package var evaluations: Int
  /// How many steps the quasi-Newton method remembers.
  package var memory: Int

  /// States limits.
  ///
  /// - Parameters:
  ///   - tolerance: at which share of the objective the estimated distance from the minimum ends a
  ///     fit. Rounding allows about 1e-20; below that a fit ends where the distance stops shrinking.
  ///   - evaluations: how often the objective may be evaluated; at least 1.
  ///   - memory: how many steps are remembered; at least 1.
  package init(tolerance: Double = 1e-12, evaluations: Int = 1000, memory: Int = 20) {
    self.tolerance = tolerance
    self.evaluations = evaluations
    self.memory = memory
  }
}

/// Preconditioned L-BFGS on one joint or several separate problems, in step with each other.
///
/// Each pass over the features evaluates all problems, each at its own trial point; a problem that
/// has converged stays where it is. The Hessian is at most, and near the start equal to, a·X̃ᵀX̃ +
/// 1/C with a the mean of p·(1 − p): its inverse preconditions, and is made anew when a has changed
/// by a quarter. Against plain L-BFGS that is 22 passes for 450 on features with a spectrum like an
/// encoder's (10,000 × 768, 5 classes, C = 0.1), and about as many against truncated Newton's 39.
struct LogisticSolver: Sendable {
  let objective: LogisticObjective
  let products: LazyFeatureProducts
  let limits: LogisticLimits

  /// One problem's state.
  struct Problem: Sendable {
    var point: [Double]
    var current: LogisticValue
    var memory: QuasiNewtonMemory
    var direction: [Double] = []
    /// The directional derivative, negative.
    var slope = 0.0
    var step = 1.0
    var preconditioner: LogisticPreconditioner?
    var preconditionedCurvature = 0.0
    /// Whether the features' products precondition; else their diagonal does.
    var usesProducts: Bool
    /// The gap at the start.
    var firstGap = Double.infinity
    /// The memory when little was left to gain, for a fit with a neighbouring penalty.
    var inheritance: QuasiNewtonMemory?
    var iterations = 0
    var smallestGap = Double.infinity
    /// Counted where the gap is within rounding of the objective only.
    var stepsSinceSmallestGap = 0
    /// How the problem ended; nil while it goes on.
    var end: LogisticModel.Convergence?

    /// Half the Newton decrement's square: the quadratic model's distance from its minimum.
    var gap: Double { -slope / 2 }

    /// Whether the diagonal brings less than a decade every two steps or so.
    var isSlow: Bool {
      guard !usesProducts, iterations > 0, iterations.isMultiple(of: 6) else { return false }
      return gap > firstGap * pow(10, -0.45 * Double(iterations))
    }

    /// Goes on with the features' products.
    mutating func useProducts() {
      usesProducts = true
      preconditioner = nil
    }
  }

  /// Where a fit ended.
  struct Solution: Sendable {
    var problems: [Problem]
    var evaluations: Int
  }

  /// Minimises all problems.
  ///
  /// - Parameters:
  ///   - start: per problem, outputs × (D + 1).
  ///   - memories: per problem, the memory of a fit with a neighbouring penalty, changed to this one.
  ///   - usesProducts: per problem, whether its neighbour has needed the features' products.
  /// - Returns: each problem's last state.
  func minimise(
    from start: [[Double]],
    memories: [QuasiNewtonMemory]? = nil,
    usesProducts: [Bool]? = nil
  ) -> Solution {
    let values = objective.evaluate(start)
    var problems = start.indices.map { index in
      Problem(
        point: start[index],
        current: values[index],
        memory: memories?[index] ?? QuasiNewtonMemory(capacity: limits.memory),
        usesProducts: products.isCheap || usesProducts?[index] ?? false
      )
    }
    var evaluations = 1
    aim(&problems, at: Array(problems.indices))
    while evaluations < limits.evaluations, problems.contains(where: { $0.end == nil }) {
      let trials = problems.map(trialPoint)
      let values = objective.evaluate(trials)
      evaluations += 1
      let moved = problems.indices.filter { problems[$0].end == nil }.filter {
        judge(&problems[$0], trials[$0], values[$0])
      }
      aim(&problems, at: moved)
    }
    for index in problems.indices where problems[index].end == nil {
      problems[index].end = .evaluationLimit
    }
    return Solution(problems: problems, evaluations: evaluations)
  }

  private func trialPoint(_ problem: Problem) -> [Double] {
    var trial = problem.point
    if problem.end == nil {
      LinearAlgebra.add(to: &trial, problem.step, times: problem.direction)
    }
    return trial
  }

  /// Takes the trial point where it lowers the value enough (Armijo's rule), else shortens the step.
  ///
  /// - Returns: whether the problem needs a new direction.
  private func judge(_ problem: inout Problem, _ trial: [Double], _ value: LogisticValue) -> Bool {
    let promised = problem.step * problem.slope
    let change = value.value - problem.current.value
    // Near the minimum the change drowns in the sum's rounding.
    let rounding = 0x1p-49 * abs(problem.current.value)
    guard change <= 1e-4 * promised + rounding else {
      guard problem.usesProducts else {
        // The diagonal understates the curvature: features are correlated.
        problem.useProducts()
        return true
      }
      let best = change.isFinite ? -promised / (2 * (change - promised)) : 0.1
      problem.step *= min(max(best, 0.1), 0.5)
      return problem.step < 1e-10 && restart(&problem)
    }
    var step = problem.direction
    LinearAlgebra.scale(&step, by: problem.step)
    var gradientChange = value.gradient
    LinearAlgebra.add(to: &gradientChange, -1, times: problem.current.gradient)
    problem.memory.remember(step: step, change: gradientChange)
    problem.point = trial
    problem.current = value
    problem.iterations += 1
    return true
  }

  /// Starts afresh along the preconditioned gradient, once; without a memory to blame it gives up.
  private func restart(_ problem: inout Problem) -> Bool {
    guard !problem.memory.isEmpty else {
      problem.end = .stalled
      return false
    }
    problem.memory.forgetAll()
    problem.preconditioner = nil
    return true
  }

  /// Gives some problems their next direction, or ends them where little is left to gain.
  private func aim(_ problems: inout [Problem], at indices: [Int]) {
    guard !indices.isEmpty else { return }
    for index in indices where problems[index].isSlow { problems[index].useProducts() }
    // Multiplied out here, on all threads, not inside the loop below.
    if indices.contains(where: { problems[$0].usesProducts }) { _ = products.value() }
    let before = problems
    let results = objective.pool.mapChunks(of: indices.count, grain: 1) { range in
      aimed(from: before[indices[range.lowerBound]])
    }
    for (index, problem) in zip(indices, results) { problems[index] = problem }
  }

  private func preconditioner(_ curvature: Double, usesProducts: Bool) -> LogisticPreconditioner {
    guard !usesProducts else {
      return products.value().preconditioner(curvature: curvature, penalty: objective.penalty)
    }
    let last = products.diagonal.count - 1
    return .diagonal(
      products.diagonal.enumerated().map { column, squares in
        let sum = curvature * squares + (column < last ? objective.penalty : 0)
        return sum > 0 ? 1 / sum : 1
      }
    )
  }

  private func aimed(from original: Problem) -> Problem {
    var problem = original
    let curvature = max(problem.current.curvature, 1e-12)
    let ratio = curvature / problem.preconditionedCurvature
    if problem.preconditioner == nil || ratio < 0.75 || ratio > 1.33 {
      problem.preconditioner = preconditioner(curvature, usesProducts: problem.usesProducts)
      problem.preconditionedCurvature = curvature
    }
    problem.direction = problem.memory.direction(problem.current.gradient) {
      problem.preconditioner?.apply(to: &$0, pool: objective.pool)
    }
    problem.slope = LinearAlgebra.dot(problem.current.gradient, problem.direction)
    problem.step = 1
    if problem.firstGap == .infinity { problem.firstGap = problem.gap }
    if problem.inheritance == nil, problem.gap <= 1e-8 * abs(problem.current.value) {
      problem.inheritance = problem.memory
    }
    if !problem.slope.isFinite || !problem.current.value.isFinite {
      problem.end = .stalled
    } else if problem.gap <= limits.tolerance * abs(problem.current.value) {
      problem.end = .converged
    } else if problem.gap < problem.smallestGap {
      problem.smallestGap = problem.gap
      problem.stepsSinceSmallestGap = 0
    } else if problem.gap <= 1e-13 * abs(problem.current.value) {
      problem.stepsSinceSmallestGap += 1
      if problem.stepsSinceSmallestGap == 8 { problem.end = .converged }
    }
    return problem
  }
}
