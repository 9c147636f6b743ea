/// Features of some samples: N rows of D finite numbers.
package struct FeatureMatrix: Sendable, Equatable {
  /// N × D values, row by row.
  package let values: [Float]
  /// N.
  package let rows: Int
  /// D.
  package let columns: Int

  /// Checks and takes features.
  ///
  /// - Parameters:
  ///   - values: N × D values, row by row.
  ///   - rows: N.
  ///   - columns: D.
  /// - Throws: ``OptimizersError`` where the number of values is another, or where one of them is
  ///   NaN or infinite, naming its row and column.
  package init(_ values: [Float], rows: Int, columns: Int) throws {
    guard values.count == rows * columns, rows >= 0, columns >= 1 else {
      throw OptimizersError(
        .sizeMismatch(what: "feature values", found: values.count, expected: rows * columns)
      )
    }
    // The bits of finite floats without their sign lie below those of infinity: one integer maximum.
    let largest = values.reduce(UInt32(0)) { max($0, $1.bitPattern & 0x7FFF_FFFF) }
    if largest >= Float.infinity.bitPattern,
      let place = values.firstIndex(where: { !$0.isFinite })
    {
      throw OptimizersError(
        .nonFiniteFeature(row: place / columns, column: place % columns, value: "\(values[place])")
      )
    }
    self.values = values
    self.rows = rows
    self.columns = columns
  }
}
