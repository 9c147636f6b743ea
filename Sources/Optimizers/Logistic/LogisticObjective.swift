import Kernels
import Parallelism

/// One problem's value, gradient and curvature at a point.
struct LogisticValue: Sendable {
  var value: Double
  /// outputs × (D + 1).
  var gradient: [Double]
  /// The mean of p·(1 − p) over weighted rows: what the Gram matrix is to be multiplied by.
  var curvature: Double
}

/// Σ losses + ‖W‖² / (2C), intercepts not penalised, over one joint or several separate problems.
struct LogisticObjective: Sendable {
  let kernel: LogisticKernel
  let rows: LogisticKernel.Rows
  let pool: WorkerPool
  /// 1 / C.
  let penalty: Double

  /// How many outputs one problem has.
  var outputsPerProblem: Int { kernel.loss == .softmax ? rows.outputs : 1 }

  var problemCount: Int { rows.outputs / outputsPerProblem }

  /// Evaluates all problems in one pass over the features.
  ///
  /// - Parameter points: per problem, outputs × (D + 1) with each output's intercept last.
  /// - Returns: one value per problem.
  func evaluate(_ points: [[Double]]) -> [LogisticValue] {
    let sums = kernel.evaluate(Array(points.joined()), rows, pool: pool)
    let weight = rows.rowWeights.reduce(0, +)
    let perProblem = outputsPerProblem * (rows.dimensions + 1)
    let freedom = Double(max(outputsPerProblem - 1, 1))
    return points.indices.map { problem in
      let range = problem * perProblem..<(problem + 1) * perProblem
      var result = LogisticValue(
        value: sums.loss[problem],
        gradient: Array(sums.gradient[range]),
        curvature: sums.curvature[problem] / (weight * freedom)
      )
      addPenalty(at: points[problem], to: &result)
      return result
    }
  }

  private func addPenalty(at point: [Double], to result: inout LogisticValue) {
    let width = rows.dimensions + 1
    var penalised = point
    for output in 0..<outputsPerProblem { penalised[output * width + width - 1] = 0 }
    result.value += penalty / 2 * LinearAlgebra.dot(penalised, penalised)
    LinearAlgebra.add(to: &result.gradient, penalty, times: penalised)
  }
}
