/// A vector divided by its Euclidean length (at least 1e-12), in double precision.
///
/// - Parameter vector: any numbers.
/// - Returns: as many numbers, of length 1 unless all were zero.
func unitLength(_ vector: [Double]) -> [Double] {
  let length = max(vector.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-12)
  return vector.map { $0 / length }
}

/// The rows of a matrix, each divided by its Euclidean length.
///
/// - Parameters:
///   - values: N × width, row by row.
///   - width: how many numbers a row has.
/// - Returns: as many numbers.
func unitLengthRows(_ values: [Float], width: Int) -> [Float] {
  stride(from: 0, to: values.count, by: max(width, 1)).flatMap { start in
    unitLength(values[start..<start + width].map(Double.init)).map { Float($0) }
  }
}
