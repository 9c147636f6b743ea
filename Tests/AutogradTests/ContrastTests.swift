import Autograd
import Foundation
import Tensors
import TestSupport
import Testing

/// What contrastive losses need beside products: a trained temperature, and rows below each other.
struct ContrastTests {
  private static let tolerance = Tolerance(
    absolute: 1e-6,
    relative: 1e-6,
    reason: "one product of float32 numbers, sums of up to 42 of them in double"
  )

  private func check(
    _ name: String,
    _ inputs: [String],
    _ reference: @escaping Reference,
    _ operation: @escaping (Tape, [Variable]) -> Variable
  ) throws {
    let recorded = try #require(
      try RecordedCase.cases("Autograd/contrast.json", name).first { $0.name == name }
    )
    try OperationCheck(
      inputs: inputs,
      forward: Self.tolerance,
      backward: Self.tolerance,
      reference: reference,
      operation: operation
    ).run(recorded)
  }

  /// An exponent of shape [] and one of shape [1].
  @Test(arguments: ["scaled-by-exp", "scaled-by-exp-row"])
  func scaledByExp(name: String) throws {
    try check(name, ["x", "exponent"]) { inputs in
      inputs[0].map { exp(inputs[1][0]) * $0 }
    } _: {
      $0.scaledByExp($1[0], $1[1])
    }
  }

  @Test func concatenatedRows() throws {
    try check("rows", ["a", "b", "c"], { $0.flatMap(\.self) }) { $0.concatenatedRows($1) }
  }

  @Test func rowDots() throws {
    try check("row-dots", ["a", "b"]) { inputs in
      (0..<3).map { row in
        (row * 7..<row * 7 + 7).reduce(0) { $0 + inputs[0][$1] * inputs[1][$1] }
      }
    } _: {
      $0.rowDots($1[0], $1[1])
    }
  }

  /// A row against itself: both gradients add up.
  @Test func rowDotsOfItself() {
    let device = Device(threadCount: 1)
    let x = Variable(
      Tensor([1, 2, 3, 4], shape: [2, 2], on: device),
      gradient: Gradient(shape: [2, 2])
    )
    let tape = Tape(on: device)
    let sum = tape.sum(tape.rowDots(x, x))
    #expect(sum.value.elements == [30])
    tape.backward(from: sum)
    #expect(x.gradient?.sum?.elements == [2, 4, 6, 8])
    let constant = Variable(Tensor([1, 2], shape: [1, 2], on: device))
    #expect(tape.rowDots(constant, constant).gradient == nil)
  }

  /// One part is itself; a part without rows adds none.
  @Test func fewRows() {
    let device = Device(threadCount: 1)
    let x = Variable(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3], on: device))
    let empty = Variable(Tensor([], shape: [0, 3], on: device))
    let tape = Tape(on: device)
    #expect(tape.concatenatedRows([x]).value.elements == x.value.elements)
    let both = tape.concatenatedRows([empty, x, empty])
    #expect(both.shape == [2, 3] && both.value.elements == x.value.elements)
  }

  @Test func bitsDoNotDependOnThreads() {
    expectSameBits([[1001, 70], []], "scaled_by_exp") { $0.scaledByExp($1[0], $1[1]) }
    expectSameBits([[1001, 70], [500, 70]], "concatenated_rows") { $0.concatenatedRows($1) }
  }

  /// Rows of other widths are a mistake.
  @Test func rowsOfOtherWidths() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let wide = Variable(Tensor([1, 2, 3], shape: [1, 3], on: device))
      let narrow = Variable(Tensor([1, 2], shape: [1, 2], on: device))
      _ = Tape(on: device).concatenatedRows([wide, narrow])
    }
  }

  /// An exponent per column is a mistake.
  @Test func severalExponents() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let x = Variable(Tensor([1, 2, 3], shape: [1, 3], on: device))
      _ = Tape(on: device).scaledByExp(x, x)
    }
  }
}
