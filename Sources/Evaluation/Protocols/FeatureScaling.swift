import Optimizers
import Parallelism

/// What is done to features before a probe sees them.
package enum FeatureScaling: String, Codable, CaseIterable, Sendable {
  /// Nothing.
  case none
  /// Each feature to mean 0 and deviation 1, as measured on the training samples.
  case standardized
  /// Each sample to Euclidean length 1.
  case unitLength = "unit_length"
}

extension FeatureMatrix {
  /// Each row divided by its Euclidean length (at least 1e-12), in double precision.
  func unitLength() throws -> FeatureMatrix {
    var scaled = values
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let squares = values[range].reduce(0.0) { $0 + Double($1) * Double($1) }
      let length = max(squares.squareRoot(), 1e-12)
      for index in range { scaled[index] = Float(Double(values[index]) / length) }
    }
    return try FeatureMatrix(scaled, rows: rows, columns: columns)
  }
}
