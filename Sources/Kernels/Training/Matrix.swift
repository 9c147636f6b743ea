package import Parallelism

/// Numbers in memory seen as a matrix, row by row or column by column; perhaps a part of a larger one.
package struct Matrix: Sendable {
  /// How many rows there are.
  package let rows: Int
  /// How many columns there are.
  package let columns: Int
  /// The distance between neighbours in a column, in elements.
  package let rowStride: Int
  /// The distance between neighbours in a row, in elements; 1 where `rowStride` isn't.
  package let columnStride: Int
  /// The memory, from the first element to the last.
  package let elements: MemoryView<Float>

  /// Sees memory as a matrix, row by row.
  ///
  /// - Parameters:
  ///   - elements: `rows` · `columns` floats.
  ///   - rows: how many rows.
  ///   - columns: how many columns.
  package init(_ elements: MemoryView<Float>, rows: Int, columns: Int) {
    precondition(
      rows >= 0 && columns >= 0 && elements.count == rows * columns,
      "\(elements.count) floats as a matrix \(rows) × \(columns)"
    )
    self.init(elements, rows, columns, max(columns, 1), 1)
  }

  private init(
    _ elements: MemoryView<Float>,
    _ rows: Int,
    _ columns: Int,
    _ rowStride: Int,
    _ columnStride: Int
  ) {
    (self.rows, self.columns) = (rows, columns)
    (self.rowStride, self.columnStride) = (rowStride, columnStride)
    self.elements = elements
  }

  /// Rows and columns exchanged; nothing is copied.
  package var transposed: Matrix { Matrix(elements, columns, rows, columnStride, rowStride) }

  /// Some rows and some columns.
  ///
  /// - Parameters:
  ///   - rows: which rows, inside the matrix.
  ///   - columns: which columns, inside the matrix.
  package subscript(rows: Range<Int>, columns: Range<Int>) -> Matrix {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= self.rows && columns.lowerBound >= 0
        && columns.upperBound <= self.columns,
      "rows \(rows) and columns \(columns) of a matrix \(self.rows) × \(self.columns)"
    )
    let isEmpty = rows.isEmpty || columns.isEmpty
    let first = isEmpty ? 0 : rows.lowerBound * rowStride + columns.lowerBound * columnStride
    let end =
      isEmpty ? 0 : (rows.upperBound - 1) * rowStride + (columns.upperBound - 1) * columnStride + 1
    return Matrix(elements[first..<end], rows.count, columns.count, rowStride, columnStride)
  }

  /// Some rows.
  ///
  /// - Parameter range: which rows, inside the matrix.
  /// - Returns: all columns of them.
  package func rows(_ range: Range<Int>) -> Matrix { self[range, 0..<columns] }

  /// Some columns.
  ///
  /// - Parameter range: which columns, inside the matrix.
  /// - Returns: all rows of them.
  package func columns(_ range: Range<Int>) -> Matrix { self[0..<rows, range] }
}
