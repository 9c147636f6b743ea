import Tensors

extension Tape {
  /// The scalar products of rows: y_i = ⟨a_i, b_i⟩, summed in double.
  ///
  /// da_i = dy_i · b_i, db_i = dy_i · a_i. Kept: a where b has a gradient, b where a has one. Plain loops on
  /// one thread: 2·N·K operations, nothing beside the matrix products of the same rows.
  ///
  /// - Parameters:
  ///   - a: [N, K].
  ///   - b: [N, K].
  /// - Returns: [N].
  package func rowDots(_ a: Variable, _ b: Variable) -> Variable {
    precondition(
      a.shape.count == 2 && a.shape == b.shape,
      "scalar products of the rows of \(a.shape) and \(b.shape)"
    )
    let (rows, columns) = (a.shape[0], a.shape[1])
    let (left, right) = (a.value.elements, b.value.elements)
    let sums = (0..<rows).map { row -> Float in
      var sum = 0.0
      for place in row * columns..<(row + 1) * columns {
        sum += Double(left[place]) * Double(right[place])
      }
      return Float(sum)
    }
    let (da, db) = (a.gradient, b.gradient)
    let (keptLeft, keptRight) = (db == nil ? [] : left, da == nil ? [] : right)
    return record("row_dots", Tensor(sums, shape: [rows], on: device), [da, db]) { [device] dy in
      let slopes = dy.elements
      func scaled(_ values: [Float]) -> Tensor {
        let products = values.indices.map { slopes[$0 / columns] * values[$0] }
        return Tensor(products, shape: [rows, columns], on: device)
      }
      da?.add(scaled(keptRight), on: device)
      db?.add(scaled(keptLeft), on: device)
    }
  }
}
