import Kernels
import Tensors

extension Tape {
  /// a·bᵀ + bias: rows of a against rows of b.
  ///
  /// da = dy·b, db = dyᵀ·a, dBias the column sums of dy; 2·M·N·K operations for each product. Kept: a
  /// where b has a gradient, b where a has one.
  ///
  /// - Parameters:
  ///   - operation: the name, for messages.
  ///   - a: M rows of K floats, in any shape.
  ///   - b: [N, ...] with K floats per row.
  ///   - bias: N floats; nil for none.
  ///   - shape: of the output, M · N elements.
  /// - Returns: M rows of N floats.
  func rowProduct(
    _ operation: String,
    _ a: Variable,
    _ b: Variable,
    bias: Variable? = nil,
    shape: [Int]
  ) -> Variable {
    let columns = b.shape[0]
    let depth = b.shape.dropFirst().reduce(1, *)
    let rows = depth == 0 ? 0 : a.value.count / depth
    let y = Tensor(uninitialized: shape, on: device)
    withViews(a.value, b.value, y) { a, b, y in
      withOptionalView(bias?.value) { bias in
        device.compute.multiply(
          Matrix(a, rows: rows, columns: depth),
          Matrix(b, rows: columns, columns: depth).transposed,
          bias: bias,
          into: Matrix(y, rows: rows, columns: columns)
        )
      }
    }
    let (da, db, dBias) = (a.gradient, b.gradient, bias?.gradient)
    let keptA = db == nil ? nil : a.value
    let keptB = da == nil ? nil : b.value
    return record(operation, y, [da, db, dBias]) { [device] dy in
      dBias?.addColumnSums(of: dy, columns: columns, on: device)
      if let db, let keptA {
        db.accumulate(on: device) { db, adds in
          withViews(dy, keptA) { dy, a in
            device.compute.multiply(
              Matrix(dy, rows: rows, columns: columns).transposed,
              Matrix(a, rows: rows, columns: depth),
              adds: adds,
              into: Matrix(db, rows: columns, columns: depth)
            )
          }
        }
      }
      if let da, let keptB {
        da.accumulate(on: device) { da, adds in
          withViews(dy, keptB) { dy, b in
            device.compute.multiply(
              Matrix(dy, rows: rows, columns: columns),
              Matrix(b, rows: columns, columns: depth),
              adds: adds,
              into: Matrix(da, rows: rows, columns: depth)
            )
          }
        }
      }
    }
  }
}

extension Gradient {
  /// Adds the sums of columns: the gradient of offsets.
  ///
  /// - Parameters:
  ///   - dy: rows of `columns` floats.
  ///   - columns: as many as this gradient has elements.
  ///   - device: where to run.
  func addColumnSums(of dy: Tensor, columns: Int, on device: Device) {
    accumulate(on: device) { sum, adds in
      dy.withView {
        device.compute.sumRows(
          $0,
          stride: columns,
          columns: 0..<columns,
          adds: adds,
          into: sum
        )
      }
    }
  }
}
