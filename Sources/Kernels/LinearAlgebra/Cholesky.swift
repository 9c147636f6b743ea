import COpenBLAS
package import Parallelism

/// The factor L of a symmetric positive definite matrix A = L·Lᵀ, for solving A·x = b.
package struct CholeskyFactor: Sendable {
  /// The side of A.
  package let order: Int
  /// Column-major; the lower triangle is L.
  private let factor: [Double]

  /// Factors a matrix; nil where it isn't positive definite to working precision.
  ///
  /// - Parameters:
  ///   - matrix: order × order values, symmetric; only one triangle is read.
  ///   - order: the side, at least 1.
  /// - Complexity: order³ / 3 operations.
  package init?(_ matrix: consuming [Double], order: Int) {
    precondition(
      order >= 1 && matrix.count == order * order,
      "Cholesky: \(matrix.count) values for order \(order)"
    )
    var size = blasSize(order)
    var status: CInt = 0
    var values = matrix
    unsafe dpotrf_("L", &size, &values, &size, &status)
    precondition(status >= 0, "dpotrf refused its argument \(-status)")
    guard status == 0, values[order * order - 1].isFinite else { return nil }
    self.order = order
    factor = values
  }

  /// Solves A·x = b for each of some right-hand sides.
  ///
  /// - Parameters:
  ///   - sides: n × order values, one right-hand side per row; the solutions take their place.
  ///   - pool: right-hand sides are split over its threads, three at a time.
  package func solve(_ sides: inout [Double], pool: WorkerPool) {
    precondition(
      sides.count.isMultiple(of: order),
      "Cholesky: right-hand sides of \(sides.count) values for order \(order)"
    )
    let order = order
    let factor = factor
    sides.withDisjointWrites { writes in
      pool.forEachChunk(of: writes.count / order, grain: 3) { range in
        let chunk = unsafe writes[range.lowerBound * order..<range.upperBound * order]
        for form in [CblasNoTrans, CblasTrans] {
          unsafe cblas_dtrsm(
            CblasColMajor,
            CblasLeft,
            CblasLower,
            form,
            CblasNonUnit,
            blasSize(order),
            blasSize(range.count),
            1,
            factor,
            blasSize(order),
            chunk.baseAddress,
            blasSize(order)
          )
        }
      }
    }
  }
}
