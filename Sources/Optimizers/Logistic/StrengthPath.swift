import Foundation
import Kernels

/// The solutions of a sweep so far, from which the next fit starts.
///
/// Solutions move smoothly with log C: the last two are continued in a straight line. The last fit's
/// memory of curvature goes along, changed to the new penalty: as it was when little was left to
/// gain, since a memory full of the last tiny steps misleads the next fit. Evaluations of a sweep of
/// 20 strengths (10,000 × 768 with a spectrum like an encoder's, 5 classes, C from 1e-4 to 100, to
/// 1e-12): 641 from the last solution, 569 along the line, 372 with the memory too, and 2,385 with
/// the memory of the last steps.
struct StrengthPath {
  private struct Stop {
    let strength: Double
    let problems: [LogisticSolver.Problem]
  }

  private let origin: [[Double]]
  private let width: Int
  private var last: Stop?
  private var beforeLast: Stop?

  /// Begins a path.
  ///
  /// - Parameters:
  ///   - start: where the first fit starts: per problem, outputs × (D + 1).
  ///   - width: D + 1.
  init(start: [[Double]], width: Int) {
    origin = start
    self.width = width
  }

  /// Takes note of a solution; strengths come in ascending order.
  mutating func append(_ problems: [LogisticSolver.Problem], at strength: Double) {
    beforeLast = last
    last = Stop(strength: strength, problems: problems)
  }

  /// Guesses the solution of the next strength.
  ///
  /// - Parameter strength: at least the last one's.
  /// - Returns: one point per problem.
  func start(for strength: Double) -> [[Double]] {
    guard let last else { return origin }
    let points = last.problems.map(\.point)
    guard let beforeLast, last.strength > beforeLast.strength else { return points }
    let share = log(strength / last.strength) / log(last.strength / beforeLast.strength)
    return zip(points, beforeLast.problems).map { now, before in
      var point = now
      LinearAlgebra.scale(&point, by: 1 + min(share, 1))
      LinearAlgebra.add(to: &point, -min(share, 1), times: before.point)
      return point
    }
  }

  /// Per problem, whether the last fit needed the features' products; nil before the first fit.
  var usesProducts: [Bool]? { last?.problems.map(\.usesProducts) }

  /// The last fit's memories, changed to the next strength.
  ///
  /// - Parameter strength: at least the last one's.
  /// - Returns: one memory per problem; nil before the first fit.
  func memories(for strength: Double) -> [QuasiNewtonMemory]? {
    guard let last else { return nil }
    return last.problems.map { problem in
      var memory = problem.inheritance ?? problem.memory
      memory.addPenalty(1 / strength - 1 / last.strength, width: width)
      return memory
    }
  }
}
