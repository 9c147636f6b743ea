import Kernels
import Parallelism
import Randomness
import TestSupport
import Testing

/// The fused logistic pass: variants against the scalar reference, its gradient against differences.
@Suite struct LinearAlgebraLogisticTests {
  /// One shape: N rows, D features, K outputs.
  struct Shape: Sendable, CustomTestStringConvertible {
    let rows, dimensions, outputs: Int
    var testDescription: String { "\(rows) × \(dimensions) × \(outputs)" }
  }

  static let shapes = [
    Shape(rows: 0, dimensions: 3, outputs: 3), Shape(rows: 1, dimensions: 1, outputs: 1),
    Shape(rows: 3, dimensions: 7, outputs: 2), Shape(rows: 63, dimensions: 8, outputs: 3),
    Shape(rows: 64, dimensions: 31, outputs: 4), Shape(rows: 65, dimensions: 33, outputs: 5),
    Shape(rows: 257, dimensions: 15, outputs: 6), Shape(rows: 700, dimensions: 17, outputs: 7),
    Shape(rows: 129, dimensions: 16, outputs: 13), Shape(rows: 301, dimensions: 768, outputs: 5),
  ]

  static func problem(
    _ shape: Shape,
    _ loss: LogisticKernel.Loss
  ) -> (rows: LogisticKernel.Rows, weights: [Double]) {
    var source = RandomSource(seed: 11, UInt32(shape.rows))
    let features = (0..<shape.rows * shape.dimensions).map { _ in Float(source.nextNormal()) }
    var targets = [UInt8](repeating: 0, count: shape.rows * shape.outputs)
    for row in 0..<shape.rows {
      let label = source.nextIndex(below: shape.outputs)
      for output in 0..<shape.outputs {
        let isOne = loss == .softmax ? output == label : source.nextIndex(below: 3) == 0
        targets[row * shape.outputs + output] = isOne ? 1 : 0
      }
    }
    let rowWeights = (0..<shape.rows).map { _ in source.nextUniform(in: 0.5..<2) }
    let outputWeights = (0..<2 * shape.outputs).map { _ in source.nextUniform(in: 0.5..<2) }
    let scale = 1 / Double(shape.dimensions).squareRoot()
    let weights = (0..<shape.outputs * (shape.dimensions + 1)).map { _ in
      2 * scale * source.nextNormal()
    }
    let rows = LogisticKernel.Rows(
      features: features,
      dimensions: shape.dimensions,
      targets: targets,
      rowWeights: rowWeights,
      outputWeights: outputWeights
    )
    return (rows, weights)
  }

  @Test(arguments: shapes, [LogisticKernel.Loss.softmax, .sigmoid])
  func variantsEqualTheReference(_ shape: Shape, _ loss: LogisticKernel.Loss) {
    let (rows, weights) = Self.problem(shape, loss)
    let pool = WorkerPool(threadCount: 2)
    let reference = LogisticKernel(loss, upTo: .scalar).evaluate(weights, rows, pool: pool)
    #expect(shape.rows == 0 || shape.outputs == 1 || reference.loss.allSatisfy { $0 > 0 })
    let close = Tolerance(
      absolute: 1e-11,
      relative: 1e-11,
      reason: "sums of hundreds of doubles in another order"
    )
    for tier in InstructionSet.allCases where tier <= .best {
      let kernel = LogisticKernel(loss, upTo: tier)
      let found = kernel.evaluate(weights, rows, pool: pool)
      let difference = mismatch(
        found.gradient + found.loss + found.curvature,
        reference.gradient + reference.loss + reference.curvature,
        within: close,
        context: "\(kernel.name), \(shape.testDescription)"
      )
      #expect(difference == nil, "\(difference ?? "")")
    }
  }

  @Test(arguments: [LogisticKernel.Loss.softmax, .sigmoid])
  func gradientEqualsCentralDifferences(_ loss: LogisticKernel.Loss) {
    let pool = WorkerPool(threadCount: 2)
    let (rows, weights) = Self.problem(Shape(rows: 65, dimensions: 5, outputs: 3), loss)
    let kernel = LogisticKernel(loss)
    let gradient = kernel.evaluate(weights, rows, pool: pool).gradient
    let differences = weights.indices.map { index in
      let values = [1e-6, -1e-6].map { shift in
        var moved = weights
        moved[index] += shift
        return kernel.evaluate(moved, rows, pool: pool).loss.reduce(0, +)
      }
      return (values[0] - values[1]) / 2e-6
    }
    let close = Tolerance(absolute: 1e-6, relative: 1e-6, reason: "differences of step 1e-6")
    let found = mismatch(gradient, differences, within: close)
    #expect(found == nil, "\(found ?? "")")
  }

  @Test(arguments: [LogisticKernel.Loss.softmax, .sigmoid])
  func extremeScoresStayFinite(_ loss: LogisticKernel.Loss) {
    let pool = WorkerPool(threadCount: 1)
    let rows = LogisticKernel.Rows(
      features: [1e4, -1e4, 1, 0],
      dimensions: 1,
      targets: [1, 0, 1, 0, 0, 1, 0, 1],
      rowWeights: [1, 1, 1, 1],
      outputWeights: [1, 1, 1, 1]
    )
    let weights = [10, 0, -10, 0.0]
    let reference = LogisticKernel(loss, upTo: .scalar).evaluate(weights, rows, pool: pool)
    let found = LogisticKernel(loss).evaluate(weights, rows, pool: pool)
    let close = Tolerance(absolute: 1e-12, relative: 1e-12, reason: "few terms")
    #expect(mismatch(found.loss, reference.loss, within: close) == nil)
    #expect(mismatch(found.gradient, reference.gradient, within: close) == nil)
    #expect(found.loss.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [LogisticKernel.Loss.softmax, .sigmoid])
  func bitsDoNotDependOnThreads(_ loss: LogisticKernel.Loss) {
    let (rows, weights) = Self.problem(Shape(rows: 2500, dimensions: 19, outputs: 5), loss)
    let kernel = LogisticKernel(loss)
    let one = kernel.evaluate(weights, rows, pool: WorkerPool(threadCount: 1))
    let four = kernel.evaluate(weights, rows, pool: WorkerPool(threadCount: 4))
    #expect(one.loss == four.loss && one.gradient == four.gradient)
    #expect(one.curvature == four.curvature)
  }
}
