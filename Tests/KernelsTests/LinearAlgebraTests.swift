import Kernels
import Parallelism
import Randomness
import TestSupport
import Testing

/// The faces of BLAS and LAPACK against plain loops, with unequal sides.
@Suite struct LinearAlgebraTests {
  private let rounding = Tolerance(absolute: 1e-12, reason: "sums of tens of terms near 1")

  private func randoms(_ count: Int, seed: UInt64) -> [Double] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in source.nextNormal() }
  }

  /// Transposes a rows × columns matrix.
  private func transposed<Value>(_ matrix: [Value], _ rows: Int, _ columns: Int) -> [Value] {
    (0..<columns).flatMap { column in (0..<rows).map { matrix[$0 * columns + column] } }
  }

  @Test func vectorOperations() {
    let a = randoms(17, seed: 1)
    let b = randoms(17, seed: 2)
    let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(LinearAlgebra.dot(a, b) - product) < 1e-12)
    var y = a
    LinearAlgebra.add(to: &y, -2, times: b)
    #expect(mismatch(y, zip(a, b).map { $0 - 2 * $1 }, within: rounding) == nil)
    LinearAlgebra.scale(&y, by: 0.5)
    #expect(mismatch(y, zip(a, b).map { $0 / 2 - $1 }, within: rounding) == nil)
    #expect(LinearAlgebra.dot([], []) == 0)
  }

  @Test(arguments: [MatrixForm.plain, .transposed], [MatrixForm.plain, .transposed])
  func products(_ aForm: MatrixForm, _ bForm: MatrixForm) {
    let (rows, inner, columns) = (3, 7, 5)
    // Small integers: each product and sum is exact, in float too.
    let a = (0..<rows * inner).map { Double($0 % 7 - 3) }
    let b = (0..<inner * columns).map { Double($0 % 5 - 2) }
    var expected = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        for term in 0..<inner {
          expected[row * columns + column] += a[row * inner + term] * b[term * columns + column]
        }
      }
    }
    let storedA = aForm == .plain ? a : transposed(a, rows, inner)
    let storedB = bForm == .plain ? b : transposed(b, inner, columns)
    let found = LinearAlgebra.product(
      storedA,
      storedB,
      forms: (aForm, bForm),
      sizes: (rows, inner, columns)
    )
    #expect(found == expected)
    let single = LinearAlgebra.product(
      storedA.map(Float.init),
      storedB.map(Float.init),
      forms: (aForm, bForm),
      sizes: (rows, inner, columns)
    )
    #expect(single.map(Double.init) == expected)
  }

  @Test func rowProductsEqualTheFullProduct() {
    let a = randoms(4 * 9, seed: 3)
    let full = LinearAlgebra.product(a, a, forms: (.plain, .transposed), sizes: (4, 9, 4))
    let found = LinearAlgebra.rowProducts(a, rows: 4, columns: 9)
    #expect(mismatch(found, full, within: rounding) == nil)
  }

  @Test(arguments: [1, 2, 4, 7])
  func choleskySolves(_ sides: Int) throws {
    let order = 23
    let root = randoms(order * 40, seed: 4)
    let matrix = LinearAlgebra.rowProducts(root, rows: order, columns: 40)
    let factor = try #require(CholeskyFactor(matrix, order: order))
    let wanted = randoms(sides * order, seed: 5)
    let right = LinearAlgebra.product(wanted, matrix, sizes: (sides, order, order))
    var one = right
    factor.solve(&one, pool: WorkerPool(threadCount: 1))
    let loose = Tolerance(absolute: 1e-10, reason: "the matrix's condition number is about 100")
    #expect(mismatch(one, wanted, within: loose) == nil)
    var four = right
    factor.solve(&four, pool: WorkerPool(threadCount: 4))
    #expect(one == four)
  }

  @Test func choleskyRefusesIndefiniteMatrices() {
    #expect(CholeskyFactor([1, 2, 2, 1], order: 2) == nil)
    #expect(CholeskyFactor([.nan, 0, 0, 1], order: 2) == nil)
    #expect(CholeskyFactor([0], order: 1) == nil)
  }

  @Test func eigenvectorsRebuildTheMatrix() throws {
    let order = 19
    let root = randoms(order * order, seed: 6)
    let matrix = LinearAlgebra.rowProducts(root, rows: order, columns: order)
    let (values, vectors) = try #require(LinearAlgebra.symmetricEigen(matrix, order: order))
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    let scaled = vectors.indices.map { vectors[$0] * values[$0 / order] }
    let rebuilt = LinearAlgebra.product(
      vectors,
      scaled,
      forms: (.transposed, .plain),
      sizes: (order, order, order)
    )
    let loose = Tolerance(absolute: 1e-10, reason: "eigenvalues are up to 80")
    #expect(mismatch(rebuilt, matrix, within: loose) == nil)
    #expect(LinearAlgebra.symmetricEigen([.nan], order: 1) == nil)
    #expect(LinearAlgebra.symmetricEigen([], order: 0)?.values.isEmpty == true)
  }

  @Test(arguments: [1, 511, 512, 513, 1300], [true, false])
  func augmentedGramEqualsTheLoop(_ rows: Int, _ isWeighted: Bool) {
    let dimensions = 5
    let features = randoms(rows * dimensions, seed: 7).map(Float.init)
    let weights = randoms(rows, seed: 8).map { isWeighted ? abs($0) : 1 }
    var expected = [Double](repeating: 0, count: (dimensions + 1) * (dimensions + 1))
    for row in 0..<rows {
      let start = row * dimensions
      let values = features[start..<start + dimensions].map(Double.init) + [1]
      for i in 0...dimensions {
        for j in 0...dimensions {
          expected[i * (dimensions + 1) + j] += weights[row] * values[i] * values[j]
        }
      }
    }
    let one = LinearAlgebra.augmentedGram(
      features,
      dimensions: dimensions,
      rowWeights: weights,
      pool: WorkerPool(threadCount: 1)
    )
    let single = Tolerance(
      absolute: 1e-6 * Double(rows),
      relative: 1e-5,
      reason: "float sums within chunks"
    )
    #expect(mismatch(one, expected, within: single, context: "\(rows) rows") == nil)
    let four = LinearAlgebra.augmentedGram(
      features,
      dimensions: dimensions,
      rowWeights: weights,
      pool: WorkerPool(threadCount: 4)
    )
    #expect(one == four)
  }

  @Test func wrongSizesTrap() async {
    await #expect(processExitsWith: .failure) { _ = LinearAlgebra.dot([1], [1, 2]) }
    await #expect(processExitsWith: .failure) {
      _ = LinearAlgebra.product([1.0, 2], [1.0, 2, 3], sizes: (1, 2, 1))
    }
    await #expect(processExitsWith: .failure) { _ = CholeskyFactor([1, 2, 3], order: 2) }
  }
}
