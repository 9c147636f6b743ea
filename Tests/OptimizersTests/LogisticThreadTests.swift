import Optimizers
import Parallelism
import Randomness
import Testing

/// Problems of many chunks of rows, of many columns and of few rows: the same bits on any pool.
@Suite struct LogisticThreadTests {
  @Test(arguments: [(1300, 40), (30, 90)], LogisticRegression.Scheme.allCases)
  func bitsDoNotDependOnThreads(
    _ size: (rows: Int, columns: Int),
    _ scheme: LogisticRegression.Scheme
  ) throws {
    var source = RandomSource(seed: 5)
    let values = (0..<size.rows * size.columns).map { _ in Float(source.nextNormal() + 0.3) }
    let labels = (0..<size.rows).map { row in
      (source.nextIndex(below: 3) + (values[row * size.columns] > 0.5 ? 1 : 0)) % 3
    }
    let raw = try FeatureMatrix(values, rows: size.rows, columns: size.columns)
    let models = try [1, 4].map { threads in
      let pool = WorkerPool(threadCount: threads)
      let features = try Standardizer(fitting: raw, pool: pool)(raw, pool: pool)
      return try LogisticRegression(
        features,
        .classes(labels, count: 3),
        scheme: scheme,
        pool: pool
      )
      .sweep(strengths: [0.01, 1])
    }
    #expect(models[0] == models[1])
    #expect(models[0].allSatisfy { $0.convergence == .converged })
  }
}
