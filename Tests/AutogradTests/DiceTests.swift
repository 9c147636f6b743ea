import Autograd
import Foundation
import Tensors
import TestSupport
import Testing

/// The Dice losses with their gradients.
struct DiceTests {
  /// 1 − the mean over classes of (2·Σ p·g + 1) / (Σ p + Σ g + 1) over what is kept.
  private static func dice(
    _ p: [Double],
    _ g: [Double],
    _ columns: Int,
    isKept: (Int) -> Bool
  ) -> Double {
    let terms = (0..<columns).map { k in
      let places = p.indices.filter { $0 % columns == k && isKept($0) }
      let products = places.reduce(0) { $0 + p[$1] * g[$1] }
      return (2 * products + 1) / (places.reduce(0) { $0 + p[$1] + g[$1] } + 1)
    }
    return 1 - terms.reduce(0, +) / Double(columns)
  }

  @Test(arguments: try RecordedCase.losses("dice-sigmoid"))
  func labels(_ recorded: RecordedCase) throws {
    let columns = try #require(try recorded.shape("x").last)
    let targets = try recorded.floats("targets").map(Double.init)
    let mask = recorded.has("mask") ? try recorded.floats("mask") : nil
    try OperationCheck(
      inputs: ["x"],
      forward: LossTests.rounding,
      backward: LossTests.rounding,
      reference: { inputs in
        let p = inputs[0].map { 1 / (1 + exp(-$0)) }
        return [Self.dice(p, targets, columns) { (mask?[$0] ?? 1) != 0 }]
      },
      operation: { try recorded.loss(of: $1[0], on: $0) }
    ).run(recorded)
  }

  @Test(arguments: try RecordedCase.losses("dice-softmax"))
  func classes(_ recorded: RecordedCase) throws {
    let columns = try #require(try recorded.shape("x").last)
    let classes = try recorded.floats("classes").map { Int32($0) }
    try OperationCheck(
      inputs: ["x"],
      forward: LossTests.rounding,
      backward: LossTests.rounding,
      reference: { inputs in
        let p = LossTests.logarithms(inputs[0], columns).joined().map { exp($0) }
        let g = p.indices.map { Int(classes[$0 / columns]) == $0 % columns ? 1.0 : 0 }
        return [Self.dice(p, g, columns) { classes[$0 / columns] != 255 }]
      },
      operation: { try recorded.loss(of: $1[0], on: $0) }
    ).run(recorded)
  }

  /// All left out: the terms are s/s, the loss 0, the gradients 0.
  @Test func nothingKept() {
    let device = Device(threadCount: 1)
    let x = Tensor([1, -2, 3, 4], shape: [2, 2], on: device)
    let zeros = Tensor([0, 0, 0, 0], shape: [2, 2], on: device)
    let losses: [(Tape, Variable) -> Variable] = [
      { $0.diceLoss($1, targets: x, mask: zeros) },
      { $0.diceLoss($1, classes: [7, 7], ignoring: 7) },
    ]
    for loss in losses {
      let tape = Tape(on: device)
      let input = Variable(x, gradient: Gradient(shape: x.shape))
      let y = loss(tape, input)
      tape.backward(from: y)
      #expect(y.value.elements == [0])
      #expect(input.gradient?.sum?.elements == [0, 0, 0, 0])
    }
  }

  @Test func bitsDoNotDependOnThreads() {
    let shares = uniforms(100_000, seed: 8).map { abs($0) }
    expectSameBits([[20_000, 5]], "labels") { tape, inputs in
      tape.diceLoss(inputs[0], targets: Tensor(shares, shape: [20_000, 5], on: tape.device))
    }
    let classes = (0..<20_000).map { Int32($0 * 7 % 5) }
    expectSameBits([[20_000, 5]], "classes") { $0.diceLoss($1[0], classes: classes) }
  }
}
