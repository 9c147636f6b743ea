import Autograd
import TestSupport
import Testing

/// What moves, adds, scales and sums, with its gradients.
struct ShapeTests {
  private static let tolerance = Tolerance(
    absolute: 1e-6,
    relative: 1e-6,
    reason: "products and sums of at most six float32 numbers; sums of more are in double"
  )

  private func check(
    _ name: String,
    _ inputs: [String],
    _ reference: @escaping Reference,
    _ operation: @escaping (Tape, [Variable]) -> Variable
  ) throws {
    let recorded = try #require(
      try RecordedCase.cases("Autograd/tokens.json", name).first { $0.name == name }
    )
    try OperationCheck(
      inputs: inputs,
      forward: Self.tolerance,
      backward: Self.tolerance,
      reference: reference,
      operation: operation
    ).run(recorded)
  }

  @Test func reshaped() throws {
    try check("reshaped", ["x"], { $0[0] }) { $0.reshaped($1[0], [-1, 5]) }
  }

  @Test func add() throws {
    try check("add", ["a", "b"], { zip($0[0], $0[1]).map(+) }) { $0.add($1[0], $1[1]) }
  }

  @Test func scaled() throws {
    try check("scaled", ["x"], { $0[0].map { -1.75 * $0 } }) { $0.scaled($1[0], by: -1.75) }
  }

  @Test func multiplied() throws {
    try check("multiplied", ["x", "columns"]) { inputs in
      inputs[0].indices.map { inputs[0][$0] * inputs[1][$0 % 5] }
    } _: {
      $0.multiplied($1[0], columns: $1[1])
    }
  }

  @Test func concatenated() throws {
    try check("concatenated", ["a", "b", "c"]) { inputs in
      (0..<6).flatMap { row in
        zip(inputs, [4, 1, 7]).flatMap { $0[row * $1..<(row + 1) * $1] }
      }
    } _: {
      $0.concatenated($1)
    }
  }

  @Test func columns() throws {
    try check("columns", ["x"]) { inputs in
      (0..<6).flatMap { inputs[0][$0 * 5 + 1..<$0 * 5 + 4] }
    } _: {
      $0.columns(1..<4, of: $1[0])
    }
  }

  @Test func sumAndMean() throws {
    try check("sum", ["x"], { [$0[0].reduce(0, +)] }) { $0.sum($1[0]) }
    try check("mean", ["x"], { [$0[0].reduce(0, +) / 30] }) { $0.mean($1[0]) }
  }

  @Test func bitsDoNotDependOnThreads() {
    let shape = [3, 1001, 70]
    expectSameBits([shape, shape], "add") { $0.add($1[0], $1[1]) }
    expectSameBits([shape], "scaled") { $0.scaled($1[0], by: 0.3) }
    expectSameBits([shape, [70]], "multiplied") { $0.multiplied($1[0], columns: $1[1]) }
    expectSameBits([shape, [3, 1001, 31]], "concatenated") { $0.concatenated($1) }
    expectSameBits([shape], "columns") { $0.columns(3..<68, of: $1[0]) }
    expectSameBits([shape], "sum") { $0.sum($1[0]) }
    expectSameBits([shape], "mean") { $0.mean($1[0]) }
  }
}
