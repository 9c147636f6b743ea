import Autograd
import Tensors
import TestSupport
import Testing

/// Rows looked up in tables and rows mixed from tables, with their gradients.
struct EmbeddingTests {
  private static let tolerance = Tolerance(
    absolute: 1e-6,
    relative: 1e-6,
    reason: "sums of at most six float32 numbers"
  )

  private func recorded(_ name: String) throws -> RecordedCase {
    try RecordedCase.cases("Autograd/tokens.json", name)[0]
  }

  @Test func embedding() throws {
    let recorded = try recorded("embedding")
    let names = ["word", "place", "kind"]
    let indices = try names.map { try recorded.floats($0).map { Int32($0) } }
    let (batch, width) = (2, 7)
    try OperationCheck(
      inputs: ["words", "places", "kinds"],
      forward: Self.tolerance,
      backward: Self.tolerance,
      reference: { tables in
        indices[0].indices.flatMap { token in
          (0..<width).map { column in
            zip(tables, indices).reduce(0) { $0 + $1.0[Int($1.1[token]) * width + column] }
          }
        }
      },
      operation: { tape, tables in
        tape.embedding(zip(indices, tables).map { (indices: $0, table: $1) }, batch: batch)
      }
    ).run(recorded)
  }

  @Test func resampledRows() throws {
    let recorded = try recorded("resampled")
    let (rows, weights) = (try recorded.floats("rows"), try recorded.floats("weights"))
    let taps = (0..<4).map { row in
      (0..<3).map { tap in
        (row: Int(rows[row * 3 + tap]), weight: Double(weights[row * 3 + tap]))
      }
    }
    try OperationCheck(
      inputs: ["table"],
      forward: Self.tolerance,
      backward: Self.tolerance,
      reference: { inputs in
        taps.flatMap { row in
          (0..<5).map { c in row.reduce(0) { $0 + $1.weight * inputs[0][$1.row * 5 + c] } }
        }
      },
      operation: { $0.resampledRows($1[0], taps) }
    ).run(recorded)
  }

  /// Rows that nobody chose: zero in a new gradient, untouched in one that exists.
  @Test func rowsThatNobodyChose() {
    let device = Device(threadCount: 2)
    let gradient = Gradient(shape: [1000, 3])
    for round in 1...2 {
      let tape = Tape(on: device)
      let table = Variable(
        Tensor([Float](repeating: 1, count: 3000), shape: [1000, 3], on: device),
        gradient: gradient
      )
      let y = tape.embedding([(indices: [999, 4, 4, 0, 4, 999], table: table)], batch: 3)
      #expect(y.shape == [3, 2, 3])
      tape.backward(from: y)
      let sums = gradient.sum?.elements ?? []
      #expect(sums.count == 3000)
      for row in 0..<1000 {
        let times = [999: 2, 4: 3, 0: 1][row, default: 0] * round
        #expect(sums[row * 3..<row * 3 + 3].allSatisfy { $0 == Float(times) }, "row \(row)")
      }
    }
  }

  /// Whole numbers: sums of thousands of rows are exact in any order, so each must be right.
  @Test func longGroupsCutByColumns() {
    let device = Device(threadCount: 2)
    let (tokens, width) = (3000, 517)
    let table = Variable(
      Tensor([Float](repeating: 0, count: 2 * width), shape: [2, width], on: device),
      gradient: Gradient(shape: [2, width])
    )
    let tape = Tape(on: device)
    let indices = (0..<tokens).map { Int32($0 % 3 == 0 ? 1 : 0) }
    let y = tape.embedding([(indices: indices, table: table)], batch: 1)
    let dy = (0..<tokens * width).map { Float($0 % 7) - 3 }
    tape.backward(from: y, gradient: Tensor(dy, shape: y.shape, on: device))
    var wanted = [Float](repeating: 0, count: 2 * width)
    for (index, value) in dy.enumerated() {
      wanted[Int(indices[index / width]) * width + index % width] += value
    }
    #expect(table.gradient?.sum?.elements == wanted)
  }

  @Test func bitsDoNotDependOnThreads() {
    let words = (0..<800).map { Int32($0 * 37 % 211) }
    let places = (0..<800).map { Int32($0 % 100) }
    let kinds = [Int32](repeating: 1, count: 800)
    expectSameBits([[211, 331], [100, 331], [2, 331]], "embedding") { tape, tables in
      tape.embedding(
        zip([words, places, kinds], tables).map { (indices: $0, table: $1) },
        batch: 8
      )
    }
    let taps = (0..<197).map { row in
      [(row: row * 3 % 50, weight: 0.3), (row: row * 7 % 50, weight: 0.7)]
    }
    expectSameBits([[50, 331]], "resampled rows") { $0.resampledRows($1[0], taps) }
  }
}
