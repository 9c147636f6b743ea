import Kernels
import Parallelism

/// The features' products, from which the Hessian is estimated as a·X̃ᵀX̃ + diag(1/C, …, 1/C, 0).
///
/// X̃ has a 1 appended to each row, for the intercept. Where rows are few the same estimate is
/// inverted in the space of rows, by Woodbury's identity.
enum FeatureProducts: Sendable {
  /// (D + 1) × (D + 1).
  case ofColumns([Double], order: Int)
  /// X̃ with rows scaled by √v: N × (D + 1), and its features' products N × N.
  case ofRows(RowProducts)

  struct RowProducts: Sendable {
    let scaledRows: [Double]
    /// √v, the last column of `scaledRows`.
    let roots: [Double]
    let products: [Double]
    let width: Int
  }

  /// Whether rows are so few that their products are the smaller matrix by far.
  static func areFewRows(_ rows: LogisticKernel.Rows) -> Bool {
    rows.rowWeights.count * 4 <= rows.dimensions * 3
  }

  /// Multiplies out the features once for all strengths.
  init(_ rows: LogisticKernel.Rows, pool: WorkerPool) {
    let width = rows.dimensions + 1
    let count = rows.rowWeights.count
    guard Self.areFewRows(rows) else {
      let gram = LinearAlgebra.augmentedGram(
        rows.features,
        dimensions: rows.dimensions,
        rowWeights: rows.rowWeights,
        pool: pool
      )
      self = .ofColumns(gram, order: width)
      return
    }
    let roots = rows.rowWeights.map { $0.squareRoot() }
    var plain: [Double] = []
    var scaledRows: [Double] = []
    for (row, root) in roots.enumerated() {
      let values = rows.features[row * rows.dimensions..<(row + 1) * rows.dimensions]
      plain += values.map { root * Double($0) }
      scaledRows += values.map { root * Double($0) } + [root]
    }
    let products = LinearAlgebra.rowProducts(plain, rows: count, columns: rows.dimensions)
    self = .ofRows(
      RowProducts(scaledRows: scaledRows, roots: roots, products: products, width: width)
    )
  }

  /// The inverse of the Hessian's estimate.
  ///
  /// - Parameters:
  ///   - curvature: a, positive.
  ///   - penalty: 1/C, positive.
  /// - Returns: the inverse, ready to be applied.
  /// - Complexity: D³ / 3 operations, N³ / 3 in the space of rows.
  func preconditioner(curvature: Double, penalty: Double) -> LogisticPreconditioner {
    switch self {
    case .ofColumns(let gram, let order):
      let estimate = gram.map { curvature * $0 }
      let mean = (0..<order).reduce(0) { $0 + estimate[$1 * order + $1] } / Double(order)
      let factor = factorWithShift(order: order, mean: mean) { shift in
        var matrix = estimate
        for index in 0..<order {
          matrix[index * order + index] += shift + (index < order - 1 ? penalty : 0)
        }
        return matrix
      }
      return .columns(factor)
    case .ofRows(let rows):
      let order = rows.roots.count
      // The intercept's own penalty makes the estimate invertible; a thousandth of its curvature.
      let interceptPenalty = 1e-3 * curvature * rows.roots.reduce(0) { $0 + $1 * $1 }
      let factor = factorWithShift(order: order, mean: 1 / curvature) { shift in
        var matrix = rows.products.map { $0 / penalty }
        for row in 0..<order {
          for column in 0..<order {
            matrix[row * order + column] += rows.roots[row] * rows.roots[column] / interceptPenalty
          }
          matrix[row * order + row] += 1 / curvature + shift
        }
        return matrix
      }
      return .rows(factor, rows, penalty: penalty, interceptPenalty: interceptPenalty)
    }
  }

  /// Factors a matrix that is positive definite but for rounding, with the smallest shift that works.
  private func factorWithShift(
    order: Int,
    mean: Double,
    _ matrix: (_ shift: Double) -> [Double]
  ) -> CholeskyFactor? {
    for relative in [1e-14, 1e-11, 1e-8, 1e-5, 1e-2] {
      if let factor = CholeskyFactor(matrix(relative * mean), order: order) { return factor }
    }
    return nil
  }
}

/// The inverse of a Hessian's estimate, applied to gradients.
enum LogisticPreconditioner: Sendable {
  /// Per column of X̃, the inverse of a·Σ v·x̃² + 1/C.
  case diagonal([Double])
  /// By the columns' factor; nil stands for the identity.
  case columns(CholeskyFactor?)
  /// Λ⁻¹ − Λ⁻¹·X̃ᵀ·(I/a + X̃·Λ⁻¹·X̃ᵀ)⁻¹·X̃·Λ⁻¹, Λ = diag(1/C, …, 1/C, intercept's).
  case rows(
    CholeskyFactor?,
    FeatureProducts.RowProducts,
    penalty: Double,
    interceptPenalty: Double
  )

  /// Multiplies a gradient by the inverse.
  ///
  /// - Parameters:
  ///   - gradient: outputs × (D + 1), changed in place.
  ///   - pool: outputs are split over its threads.
  func apply(to gradient: inout [Double], pool: WorkerPool) {
    switch self {
    case .diagonal(let inverse):
      for index in gradient.indices { gradient[index] *= inverse[index % inverse.count] }
    case .columns(let factor):
      factor?.solve(&gradient, pool: pool)
    case .rows(let factor, let rows, let penalty, let interceptPenalty):
      guard let factor else { return }
      let outputs = gradient.count / rows.width
      let count = rows.roots.count
      divide(&gradient, rows.width, penalty, interceptPenalty)
      var inRows = LinearAlgebra.product(
        gradient,
        rows.scaledRows,
        forms: (.plain, .transposed),
        sizes: (outputs, rows.width, count)
      )
      factor.solve(&inRows, pool: pool)
      var correction = LinearAlgebra.product(
        inRows,
        rows.scaledRows,
        sizes: (outputs, count, rows.width)
      )
      divide(&correction, rows.width, penalty, interceptPenalty)
      LinearAlgebra.add(to: &gradient, -1, times: correction)
    }
  }

  private func divide(
    _ values: inout [Double],
    _ width: Int,
    _ penalty: Double,
    _ interceptPenalty: Double
  ) {
    for index in values.indices {
      values[index] /= (index + 1).isMultiple(of: width) ? interceptPenalty : penalty
    }
  }
}
