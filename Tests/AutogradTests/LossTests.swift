import Autograd
import Foundation
import Tensors
import TestSupport
import Testing

/// Cross-entropies with their gradients.
struct LossTests {
  static let rounding = Tolerance(
    absolute: 1e-6,
    relative: 2e-6,
    reason: "exponentials of 1 ulp, float32 sums of up to 37 of them, one rounding of the loss"
  )

  /// log softmax of each row of K logits.
  static func logarithms(_ x: [Double], _ columns: Int) -> [[Double]] {
    stride(from: 0, to: x.count, by: columns).map { start in
      let row = x[start..<start + columns]
      let most = row.max() ?? 0
      let rest = log(row.reduce(0) { $0 + exp($1 - most) })
      return row.map { $0 - most - rest }
    }
  }

  private func check(
    _ recorded: RecordedCase,
    _ reference: @escaping Reference
  ) throws {
    try OperationCheck(
      inputs: ["x"],
      forward: Self.rounding,
      backward: Self.rounding,
      reference: reference,
      operation: { try recorded.loss(of: $1[0], on: $0) }
    ).run(recorded)
  }

  @Test(arguments: try RecordedCase.losses("classes-"))
  func classes(_ recorded: RecordedCase) throws {
    let columns = try #require(try recorded.shape("x").last)
    let classes = try recorded.floats("classes").map { Int($0) }
    let given = recorded.has("weights") ? try recorded.floats("weights") : nil
    let weights = (given ?? [Float](repeating: 1, count: columns)).map(Double.init)
    let smoothing = try recorded.number("smoothing")
    let total = classes.filter { $0 != 255 }.reduce(0) { $0 + weights[$1] }
    try check(recorded) { inputs in
      let rows = zip(Self.logarithms(inputs[0], columns), classes).filter { $0.1 != 255 }
      let losses = rows.map { row, label in
        (0..<columns).reduce(0.0) { sum, k in
          let target = smoothing / Double(columns) + (k == label ? 1 - smoothing : 0)
          return sum - weights[k] * target * row[k]
        }
      }
      return [losses.reduce(0, +) / total]
    }
  }

  @Test(arguments: try RecordedCase.losses("targets-"))
  func targets(_ recorded: RecordedCase) throws {
    let columns = try #require(try recorded.shape("x").last)
    let targets = try recorded.floats("targets").map(Double.init)
    let weights = recorded.has("weights") ? try recorded.floats("weights") : nil
    try check(recorded) { inputs in
      let rows = Self.logarithms(inputs[0], columns)
      let sum = rows.joined().enumerated().reduce(0.0) { sum, item in
        let weight = weights.map { Double($0[item.offset % columns]) } ?? 1
        return sum - weight * targets[item.offset] * item.element
      }
      return [sum / Double(rows.count)]
    }
  }

  @Test(arguments: try RecordedCase.losses("binary-"))
  func binary(_ recorded: RecordedCase) throws {
    let targets = try recorded.floats("targets").map(Double.init)
    let weights = recorded.has("weights") ? try recorded.floats("weights") : nil
    let mask = recorded.has("mask") ? try recorded.floats("mask") : nil
    try check(recorded) { inputs in
      let kept = inputs[0].indices.filter { (mask?[$0] ?? 1) != 0 }
      let losses = kept.map { index in
        let (x, t) = (inputs[0][index], targets[index])
        let weight = weights.map { Double($0[index % $0.count]) } ?? 1
        let softplus = log1p(exp(-abs(x)))
        return weight * t * (softplus + max(-x, 0)) + (1 - t) * (softplus + max(x, 0))
      }
      return [losses.reduce(0, +) / Double(kept.count)]
    }
  }

  /// Logits of ±10,000 give finite losses and gradients: PyTorch's.
  ///
  /// Differences say nothing here: a loss of 10,000 holds 1e-12, divided by the step 1e-6.
  @Test(arguments: try RecordedCase.losses("", large: true))
  func largeLogits(_ recorded: RecordedCase) throws {
    let device = Device(threadCount: 2)
    let tape = Tape(on: device)
    let x = try recorded.tensor("x", on: device)
    let input = Variable(x, gradient: Gradient(shape: x.shape))
    let y = try recorded.loss(of: input, on: tape)
    tape.backward(from: y, gradient: try recorded.tensor("dy", on: device))
    expect(y.value.elements, try recorded.floats("y"), Self.rounding, recorded.name)
    let gradient = input.gradient?.sum?.elements ?? []
    expect(gradient, try recorded.floats("d.x"), Self.rounding, recorded.name)
  }

  /// Where nothing is left to average, the loss is 0 and so are the gradients.
  @Test func nothingToAverage() {
    let device = Device(threadCount: 2)
    let x = Tensor([1, -2, 3, 4, 0.5, -6], shape: [2, 3], on: device)
    let zeros = Tensor([Float](repeating: 0, count: 6), shape: [2, 3], on: device)
    let losses: [(Tape, Variable) -> Variable] = [
      { $0.crossEntropy($1, classes: [-100, -100], ignoring: -100) },
      { $0.crossEntropy($1, classes: [1, 1], classWeights: [1, 0, 1]) },
      { $0.binaryCrossEntropy($1, targets: x, mask: zeros) },
    ]
    for loss in losses {
      let tape = Tape(on: device)
      let input = Variable(x, gradient: Gradient(shape: x.shape))
      let y = loss(tape, input)
      tape.backward(from: y)
      #expect(y.shape == [] && y.value.elements == [0])
      #expect(input.gradient?.sum?.elements == [0, 0, 0, 0, 0, 0])
    }
  }

  @Test func bitsDoNotDependOnThreads() {
    let classes = (0..<20_000).map { Int32($0 * 7 % 5) }
    let weights: [Float] = [1, 2, 0.5, 3, 0.25]
    expectSameBits([[20_000, 5]], "classes") { tape, inputs in
      tape.crossEntropy(inputs[0], classes: classes, classWeights: weights, labelSmoothing: 0.1)
    }
    let shares = uniforms(100_000, seed: 8).map { abs($0) }
    expectSameBits([[20_000, 5]], "targets") { tape, inputs in
      let targets = Tensor(shares, shape: [20_000, 5], on: tape.device)
      return tape.crossEntropy(inputs[0], targets: targets, classWeights: weights)
    }
    expectSameBits([[20_000, 5]], "binary") { tape, inputs in
      let targets = Tensor(shares, shape: [20_000, 5], on: tape.device)
      return tape.binaryCrossEntropy(inputs[0], targets: targets, positiveWeights: weights)
    }
  }

  /// A class that isn't there, and is not ignored, is a mistake.
  @Test func unknownClasses() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let x = Tensor([1, 2, 3, 4], shape: [2, 2], on: device)
      _ = Tape(on: device).crossEntropy(Variable(x), classes: [0, 2], ignoring: -1)
    }
  }
}
