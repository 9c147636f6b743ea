import Tensors

extension Tape {
  /// a·bᵀ: the similarity of each row of a with each row of b.
  ///
  /// da = dy·b, db = dyᵀ·a. Kept: a and b.
  ///
  /// - Parameters:
  ///   - a: [M, K].
  ///   - b: [N, K].
  /// - Returns: [M, N].
  package func matrixProduct(_ a: Variable, _ b: Variable) -> Variable {
    precondition(
      a.shape.count == 2 && b.shape.count == 2 && a.shape[1] == b.shape[1],
      "similarities of \(a.shape) and \(b.shape)"
    )
    return rowProduct("matrix_product", a, b, shape: [a.shape[0], b.shape[0]])
  }
}
