import Kernels
import Parallelism
import Synchronization

/// The features' products, multiplied out when a problem first proves to need them.
///
/// Until then a diagonal serves: on independent features it converges as fast (10,000 × 768, 5
/// classes: 15 evaluations to 1e-8), and the products cost as much as a dozen evaluations.
final class LazyFeatureProducts: Sendable {
  /// Σ v·x̃², per column; the last is Σ v, the intercept's.
  let diagonal: [Double]
  /// Whether the products are so cheap that waiting gains nothing.
  let isCheap: Bool
  private let rows: LogisticKernel.Rows
  private let pool: WorkerPool
  private let cache = Mutex<FeatureProducts?>(nil)

  init(_ rows: LogisticKernel.Rows, pool: WorkerPool) {
    self.rows = rows
    self.pool = pool
    isCheap = FeatureProducts.areFewRows(rows) || rows.rowWeights.count < 1024
    diagonal = isCheap ? [] : Self.squares(of: rows, pool: pool)
  }

  /// The products.
  ///
  /// - Complexity: N·D² operations the first time.
  func value() -> FeatureProducts {
    cache.withLock { cache in
      if let products = cache { return products }
      let products = FeatureProducts(rows, pool: pool)
      cache = products
      return products
    }
  }

  private static func squares(of rows: LogisticKernel.Rows, pool: WorkerPool) -> [Double] {
    let columns = rows.dimensions
    let parts = pool.mapChunks(of: rows.rowWeights.count, grain: 512) { range in
      var sums = [Double](repeating: 0, count: columns + 1)
      for row in range {
        let weight = rows.rowWeights[row]
        for column in 0..<columns {
          let value = Double(rows.features[row * columns + column])
          sums[column] += weight * value * value
        }
        sums[columns] += weight
      }
      return sums
    }
    return parts.dropFirst().reduce(into: parts[0]) { total, part in
      for column in total.indices { total[column] += part[column] }
    }
  }
}
