package import Parallelism

/// Shifts and scales each feature to mean 0 and deviation 1, as measured on training samples.
///
/// The definition is scikit-learn's `StandardScaler`: the deviation divides by N, and a feature that
/// doesn't vary beyond rounding is only shifted (its scale is 1).
package struct Standardizer: Sendable, Equatable, Codable {
  /// The D means.
  package let means: [Double]
  /// The D deviations; 1 for features that don't vary.
  package let scales: [Double]

  /// Measures training features.
  ///
  /// - Parameters:
  ///   - features: N × D; N at least 1.
  ///   - pool: rows are split over its threads; the result is the same for any number of them.
  /// - Throws: ``OptimizersError`` for N = 0.
  package init(fitting features: FeatureMatrix, pool: WorkerPool) throws {
    guard features.rows > 0 else { throw OptimizersError(.noSamples) }
    let count = Double(features.rows)
    let means = Self.columnSums(of: features, pool: pool) { value, _ in value }
      .map { $0 / count }
    // Two passes: squares of deviations lose no digits to a large mean.
    let variances = Self.columnSums(of: features, pool: pool) { value, column in
      let deviation = value - means[column]
      return deviation * deviation
    }
    .map { $0 / count }
    let epsilon = Double.ulpOfOne
    scales = zip(means, variances).map { mean, variance in
      let rounding = count * mean * epsilon
      let isConstant = variance <= count * epsilon * variance + rounding * rounding
      return isConstant ? 1 : variance.squareRoot()
    }
    self.means = means
  }

  /// Shifts and scales features of training, validation or test samples alike.
  ///
  /// - Parameters:
  ///   - features: N × D.
  ///   - pool: rows are split over its threads.
  /// - Returns: N × D.
  /// - Throws: ``OptimizersError`` where D is another, or where a result overflows a float.
  package func callAsFunction(
    _ features: FeatureMatrix,
    pool: WorkerPool
  ) throws -> FeatureMatrix {
    guard features.columns == means.count else {
      throw OptimizersError(
        .sizeMismatch(what: "features per row", found: features.columns, expected: means.count)
      )
    }
    let chunks = pool.mapChunks(of: features.rows, grain: Self.grain) { rows in
      var part: [Float] = []
      part.reserveCapacity(rows.count * means.count)
      for row in rows {
        let start = row * means.count
        for column in means.indices {
          let value = Double(features.values[start + column])
          part.append(Float((value - means[column]) / scales[column]))
        }
      }
      return part
    }
    return try FeatureMatrix(
      Array(chunks.joined()),
      rows: features.rows,
      columns: features.columns
    )
  }

  private static let grain = 256

  /// Sums a function of each value over the rows, per column, chunks in their order.
  private static func columnSums(
    of features: FeatureMatrix,
    pool: WorkerPool,
    _ term: @Sendable (_ value: Double, _ column: Int) -> Double
  ) -> [Double] {
    let columns = features.columns
    let parts = pool.mapChunks(of: features.rows, grain: grain) { rows in
      var sums = [Double](repeating: 0, count: columns)
      for row in rows {
        for column in 0..<columns {
          sums[column] += term(Double(features.values[row * columns + column]), column)
        }
      }
      return sums
    }
    return parts.dropFirst().reduce(into: parts[0]) { total, part in
      for column in 0..<columns { total[column] += part[column] }
    }
  }
}
