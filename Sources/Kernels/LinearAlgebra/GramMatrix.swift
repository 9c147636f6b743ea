import COpenBLAS
package import Parallelism

extension LinearAlgebra {
  /// Σ vᵢ·x̃ᵢ·x̃ᵢᵀ over rows, x̃ being a row with a 1 appended: weighted products of columns.
  ///
  /// Products are summed as floats within chunks of rows, chunks as doubles in their order: about
  /// seven digits, for uses such as preconditioning where these are enough.
  ///
  /// - Parameters:
  ///   - features: N × D values.
  ///   - dimensions: D.
  ///   - rowWeights: N values vᵢ, none negative.
  ///   - pool: chunks of rows are split over its threads; their bounds depend on N only.
  /// - Returns: (D + 1) × (D + 1) values, both triangles.
  /// - Complexity: N·D² operations.
  package static func augmentedGram(
    _ features: [Float],
    dimensions: Int,
    rowWeights: [Double],
    pool: WorkerPool
  ) -> [Double] {
    let rows = rowWeights.count
    precondition(
      features.count == rows * dimensions,
      "Gram: \(features.count) values for \(rows) × \(dimensions)"
    )
    let chunks = pool.mapChunks(of: rows, grain: max(512, (rows + 7) / 8)) { range in
      GramChunk(features, dimensions: dimensions, rowWeights: rowWeights, rows: range)
    }
    let order = dimensions + 1
    var result = [Double](repeating: 0, count: order * order)
    result.withDisjointWrites { writes in
      pool.forEachChunk(of: dimensions, grain: 64) { range in
        for row in range {
          let target = unsafe writes[row * order..<row * order + row + 1]
          for chunk in chunks {
            unsafe chunk.products.withUnsafeBufferPointer { products in
              for column in 0...row {
                unsafe target[column] += Double(products[row * dimensions + column])
              }
            }
          }
        }
      }
    }
    for chunk in chunks {
      for column in 0..<dimensions { result[dimensions * order + column] += chunk.sums[column] }
    }
    result[order * order - 1] = rowWeights.reduce(0, +)
    mirrorLowerTriangle(of: &result, order: order)
    return result
  }
}

/// The share of one chunk of rows in a Gram matrix.
private struct GramChunk: Sendable {
  /// D × D; the lower triangle counts.
  let products: [Float]
  /// The weighted sums of the D columns.
  let sums: [Double]

  init(_ features: [Float], dimensions: Int, rowWeights: [Double], rows: Range<Int>) {
    sums = Self.sums(features, dimensions: dimensions, rowWeights: rowWeights, rows: rows)
    guard dimensions > 0, !rows.isEmpty else {
      products = []
      return
    }
    let isWeighted = rows.contains { rowWeights[$0] != 1 }
    let source =
      isWeighted
      ? Self.scaled(features, dimensions: dimensions, rowWeights: rowWeights, rows: rows) : features
    let start = isWeighted ? 0 : rows.lowerBound * dimensions
    var products = [Float](repeating: 0, count: dimensions * dimensions)
    unsafe source.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      unsafe cblas_ssyrk(
        CblasRowMajor,
        CblasLower,
        CblasTrans,
        blasSize(dimensions),
        blasSize(rows.count),
        1,
        base + start,
        blasSize(dimensions),
        0,
        &products,
        blasSize(dimensions)
      )
    }
    self.products = products
  }

  private static func sums(
    _ features: [Float],
    dimensions: Int,
    rowWeights: [Double],
    rows: Range<Int>
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: dimensions)
    unsafe features.withUnsafeBufferPointer { features in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        for row in rows {
          let weight = rowWeights[row]
          for column in 0..<dimensions {
            unsafe sums[column] += weight * Double(features[row * dimensions + column])
          }
        }
      }
    }
    return sums
  }

  /// The chunk's rows, each times the root of its weight.
  private static func scaled(
    _ features: [Float],
    dimensions: Int,
    rowWeights: [Double],
    rows: Range<Int>
  ) -> [Float] {
    var scaled = [Float](repeating: 0, count: rows.count * dimensions)
    let start = rows.lowerBound * dimensions
    unsafe features.withUnsafeBufferPointer { features in
      unsafe scaled.withUnsafeMutableBufferPointer { scaled in
        for row in 0..<rows.count {
          let root = Float(rowWeights[rows.lowerBound + row].squareRoot())
          for index in row * dimensions..<(row + 1) * dimensions {
            unsafe scaled[index] = root * features[start + index]
          }
        }
      }
    }
    return scaled
  }
}
