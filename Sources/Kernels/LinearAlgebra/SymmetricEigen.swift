import COpenBLAS

extension LinearAlgebra {
  /// Eigenvalues and eigenvectors of a symmetric matrix, by divide and conquer (LAPACK's dsyevd).
  ///
  /// - Parameters:
  ///   - matrix: order × order values; only one triangle is read.
  ///   - order: the side.
  /// - Returns: the eigenvalues in ascending order, and order × order values whose row i is the
  ///   eigenvector of eigenvalue i, of norm 1; nil where the method doesn't converge, as with NaN.
  /// - Complexity: about 9·order³ operations.
  package static func symmetricEigen(
    _ matrix: consuming [Double],
    order: Int
  ) -> (values: [Double], vectors: [Double])? {
    precondition(
      matrix.count == order * order,
      "eigenvalues: \(matrix.count) values for order \(order)"
    )
    guard order > 0 else { return ([], []) }
    guard matrix.allSatisfy(\.isFinite) else { return nil }
    var vectors = matrix
    var values = [Double](repeating: 0, count: order)
    var size = blasSize(order)
    var workSize = blasSize(1 + 6 * order + 2 * order * order)
    var integerWorkSize = blasSize(3 + 5 * order)
    var work = [Double](repeating: 0, count: Int(workSize))
    var integerWork = [CInt](repeating: 0, count: Int(integerWorkSize))
    var status: CInt = 0
    unsafe dsyevd_(
      "V",
      "L",
      &size,
      &vectors,
      &size,
      &values,
      &work,
      &workSize,
      &integerWork,
      &integerWorkSize,
      &status
    )
    precondition(status >= 0, "dsyevd refused its argument \(-status)")
    return status == 0 ? (values, vectors) : nil
  }
}
