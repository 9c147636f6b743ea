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
    try FeatureMatrix(unitLengthRows(values, width: columns), rows: rows, columns: columns)
  }
}
