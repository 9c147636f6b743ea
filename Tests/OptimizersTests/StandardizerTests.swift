import Foundation
import Optimizers
import Parallelism
import TestSupport
import Testing

@Suite struct StandardizerTests {
  @Test func equalsScikitLearns() throws {
    let reference = try LogisticFixture.all.get().standardizer
    let pool = WorkerPool(threadCount: 2)
    let features = try FeatureMatrix(
      reference.features,
      rows: reference.rows,
      columns: reference.dimensions
    )
    let standardizer = try Standardizer(fitting: features, pool: pool)
    let tight = Tolerance(absolute: 1e-12, relative: 1e-12, reason: "sums in another order")
    #expect(mismatch(standardizer.means, reference.means, within: tight) == nil)
    #expect(mismatch(standardizer.scales, reference.scales, within: tight) == nil)
    let single = Tolerance(absolute: 1e-7, relative: 1e-7, reason: "results are floats")
    let values = try standardizer(features, pool: pool).values.map(Double.init)
    #expect(mismatch(values, reference.standardized, within: single) == nil)
  }

  @Test func constantFeatureIsOnlyShifted() throws {
    let pool = WorkerPool(threadCount: 1)
    let features = try FeatureMatrix([0.1, 1, 0.1, 3], rows: 2, columns: 2)
    let standardizer = try Standardizer(fitting: features, pool: pool)
    #expect(standardizer.scales == [1, 1])
    #expect(try standardizer(features, pool: pool).values == [0, -1, 0, 1])
  }

  @Test func refusesOtherWidthsAndEmptyTraining() throws {
    let pool = WorkerPool(threadCount: 1)
    let features = try FeatureMatrix([1, 2, 3, 4], rows: 2, columns: 2)
    let standardizer = try Standardizer(fitting: features, pool: pool)
    let wide = try FeatureMatrix([1, 2, 3], rows: 1, columns: 3)
    #expect(
      throws: OptimizersError(.sizeMismatch(what: "features per row", found: 3, expected: 2))
    ) { try standardizer(wide, pool: pool) }
    let empty = try FeatureMatrix([], rows: 0, columns: 2)
    #expect(throws: OptimizersError(.noSamples)) { try Standardizer(fitting: empty, pool: pool) }
  }

  @Test func survivesCoding() throws {
    let pool = WorkerPool(threadCount: 1)
    let features = try FeatureMatrix([0.1, 1, 0.3, 3], rows: 2, columns: 2)
    let standardizer = try Standardizer(fitting: features, pool: pool)
    let data = try JSONEncoder().encode(standardizer)
    #expect(try JSONDecoder().decode(Standardizer.self, from: data) == standardizer)
  }
}
