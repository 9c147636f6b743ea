import Kernels
import Parallelism
import Tensors

extension Tape {
  /// Rows that are weighted sums of a table's rows, such as positions for another grid.
  ///
  /// y[r] = Σ weight·table[row] over the taps of r, in double; the gradient is the transpose. Nothing
  /// but the taps is kept.
  ///
  /// - Parameters:
  ///   - table: [V, C].
  ///   - taps: for each new row the old rows, each in 0..<V, with their weights.
  /// - Returns: [as many rows as lists, C].
  package func resampledRows(
    _ table: Variable,
    _ taps: [[(row: Int, weight: Double)]]
  ) -> Variable {
    precondition(table.shape.count == 2, "rows of \(table.shape) resampled")
    let (rowCount, width) = (table.shape[0], table.shape[1])
    let y = Tensor(uninitialized: [taps.count, width], on: device)
    withViews(table.value, y) {
      device.compute.sumRows($0, taps: taps, width: width, adds: false, into: $1)
    }
    let dTable = table.gradient
    return record("resampled_rows", y, [dTable]) { [device] dy in
      var transposed = [[(row: Int, weight: Double)]](repeating: [], count: rowCount)
      for (new, row) in taps.enumerated() {
        for tap in row { transposed[tap.row].append((row: new, weight: tap.weight)) }
      }
      dTable?.accumulate(on: device) { sum, adds in
        dy.withView {
          device.compute.sumRows($0, taps: transposed, width: width, adds: adds, into: sum)
        }
      }
    }
  }
}
