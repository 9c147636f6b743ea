import COpenBLAS

/// Checked faces of the BLAS and LAPACK routines that this project calls on plain arrays.
///
/// Matrices are row-major and dense. Wrong sizes are mistakes of the caller and trap with both
/// sizes in the message. Each call runs on the thread that makes it: `prepareOpenBLAS()` sees to
/// that, so that a sum's order never depends on the number of threads.
package enum LinearAlgebra {
  /// Tells OpenBLAS to use the calling thread only; the setting is the whole process's.
  package static func prepareOpenBLAS() {
    openblas_set_num_threads(1)
  }
}

// MARK: - Vectors

extension LinearAlgebra {
  /// Σ aᵢ·bᵢ in double precision.
  ///
  /// - Parameters:
  ///   - a: n values.
  ///   - b: n values.
  /// - Returns: the sum.
  package static func dot(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "dot: \(a.count) values against \(b.count)")
    return unsafe cblas_ddot(blasSize(a.count), a, 1, b, 1)
  }

  /// y ← y + factor·x.
  ///
  /// - Parameters:
  ///   - y: n values, changed in place.
  ///   - factor: what `x` is multiplied by.
  ///   - x: n values.
  package static func add(to y: inout [Double], _ factor: Double, times x: [Double]) {
    precondition(x.count == y.count, "add: \(x.count) values to \(y.count)")
    unsafe cblas_daxpy(blasSize(x.count), factor, x, 1, &y, 1)
  }

  /// y ← factor·y.
  ///
  /// - Parameters:
  ///   - y: the values, changed in place.
  ///   - factor: what they are multiplied by.
  package static func scale(_ y: inout [Double], by factor: Double) {
    unsafe cblas_dscal(blasSize(y.count), factor, &y, 1)
  }
}

// MARK: - Products

/// Whether a matrix takes part in a product as it is or transposed.
package enum MatrixForm: Sendable {
  /// As stored.
  case plain
  /// Rows and columns exchanged.
  case transposed

  var blas: CBLAS_TRANSPOSE { self == .plain ? CblasNoTrans : CblasTrans }
}

extension LinearAlgebra {
  /// The product A·B of double matrices, each plain or transposed.
  ///
  /// - Parameters:
  ///   - a: M × L as it enters the product; stored L × M where its form is transposed.
  ///   - b: L × N as it enters the product; stored N × L where its form is transposed.
  ///   - forms: how the two enter.
  ///   - sizes: M rows, L inner terms, N columns.
  /// - Returns: M × N values.
  /// - Complexity: 2·M·L·N operations.
  package static func product(
    _ a: [Double],
    _ b: [Double],
    forms: (a: MatrixForm, b: MatrixForm) = (.plain, .plain),
    sizes: (rows: Int, inner: Int, columns: Int)
  ) -> [Double] {
    let (aForm, bForm) = forms
    let (rows, inner, columns) = sizes
    checkProduct(a.count, b.count, sizes)
    var result = [Double](repeating: 0, count: rows * columns)
    guard !result.isEmpty, inner > 0 else { return result }
    unsafe cblas_dgemm(
      CblasRowMajor,
      aForm.blas,
      bForm.blas,
      blasSize(rows),
      blasSize(columns),
      blasSize(inner),
      1,
      a,
      blasSize(aForm == .plain ? inner : rows),
      b,
      blasSize(bForm == .plain ? columns : inner),
      0,
      &result,
      blasSize(columns)
    )
    return result
  }

  /// The product A·B of float matrices; as the double one.
  ///
  /// - Parameters:
  ///   - a: M × L as it enters the product.
  ///   - b: L × N as it enters the product.
  ///   - forms: how the two enter.
  ///   - sizes: M rows, L inner terms, N columns.
  /// - Returns: M × N values.
  package static func product(
    _ a: [Float],
    _ b: [Float],
    forms: (a: MatrixForm, b: MatrixForm) = (.plain, .plain),
    sizes: (rows: Int, inner: Int, columns: Int)
  ) -> [Float] {
    let (aForm, bForm) = forms
    let (rows, inner, columns) = sizes
    checkProduct(a.count, b.count, sizes)
    var result = [Float](repeating: 0, count: rows * columns)
    guard !result.isEmpty, inner > 0 else { return result }
    unsafe cblas_sgemm(
      CblasRowMajor,
      aForm.blas,
      bForm.blas,
      blasSize(rows),
      blasSize(columns),
      blasSize(inner),
      1,
      a,
      blasSize(aForm == .plain ? inner : rows),
      b,
      blasSize(bForm == .plain ? columns : inner),
      0,
      &result,
      blasSize(columns)
    )
    return result
  }

  /// A·Aᵀ of a double matrix, both triangles filled.
  ///
  /// - Parameters:
  ///   - a: M × L values.
  ///   - rows: M.
  ///   - columns: L.
  /// - Returns: M × M values.
  /// - Complexity: M²·L operations.
  package static func rowProducts(_ a: [Double], rows: Int, columns: Int) -> [Double] {
    precondition(
      a.count == rows * columns,
      "rowProducts: \(a.count) values for \(rows) × \(columns)"
    )
    var result = [Double](repeating: 0, count: rows * rows)
    guard !a.isEmpty else { return result }
    unsafe cblas_dsyrk(
      CblasRowMajor,
      CblasLower,
      CblasNoTrans,
      blasSize(rows),
      blasSize(columns),
      1,
      a,
      blasSize(columns),
      0,
      &result,
      blasSize(rows)
    )
    mirrorLowerTriangle(of: &result, order: rows)
    return result
  }

  /// Copies the triangle below the diagonal above it.
  ///
  /// - Parameters:
  ///   - matrix: M × M values whose lower triangle counts.
  ///   - order: M.
  package static func mirrorLowerTriangle(of matrix: inout [Double], order: Int) {
    precondition(matrix.count == order * order, "mirror: \(matrix.count) values for order \(order)")
    for row in 0..<order {
      for column in 0..<row { matrix[column * order + row] = matrix[row * order + column] }
    }
  }

  private static func checkProduct(
    _ aCount: Int,
    _ bCount: Int,
    _ sizes: (rows: Int, inner: Int, columns: Int)
  ) {
    let (rows, inner, columns) = sizes
    precondition(
      aCount == rows * inner && bCount == inner * columns,
      "product: \(aCount) and \(bCount) values for \(rows) × \(inner) times \(inner) × \(columns)"
    )
  }
}

/// A size in BLAS's own integer type.
func blasSize(_ size: Int) -> blasint {
  guard let small = blasint(exactly: size) else {
    preconditionFailure("a matrix side of \(size) is more than BLAS can address")
  }
  return small
}
