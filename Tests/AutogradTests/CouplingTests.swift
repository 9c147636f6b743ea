import Autograd
import Foundation
import Kernels
import Parallelism
import Tensors
import TestSupport
import Testing

/// The weighted coupling of rows with their positives.
struct CouplingTests {
  private static let rounding = Tolerance(
    absolute: 1e-7,
    relative: 1e-6,
    reason: "rows are computed in double; logits, loss and gradient are rounded to float32 once"
  )

  private func run(
    _ logits: [Float],
    _ shape: [Int],
    positives: [Int],
    weights: [Float],
    threads: Int = 2
  ) -> PlainRun {
    PlainRun([(logits, shape)], on: Device(threadCount: threads)) { tape, inputs in
      let weights = Tensor(weights, shape: shape, on: tape.device)
      return tape.weightedCoupling(inputs[0], positives: positives, weights: weights)
    }
  }

  private static func cases(large: Bool) throws -> [RecordedCase] {
    try RecordedCase.cases("Autograd/contrast.json", "coupling-").filter {
      $0.name.contains("large") == large
    }
  }

  @Test(arguments: try cases(large: false))
  func recorded(_ recorded: RecordedCase) throws {
    let columns = try recorded.shape("x")[1]
    let positives = try recorded.floats("positives").map { Int($0) }
    let weights = try recorded.floats("weights").map(Double.init)
    try OperationCheck(
      inputs: ["x"],
      forward: Self.rounding,
      backward: Self.rounding,
      reference: { inputs in
        let losses = positives.enumerated().map { row, positive in
          let own = inputs[0][row * columns + positive]
          let sum = (0..<columns).reduce(0.0) { sum, column in
            let index = row * columns + column
            return column == positive ? sum : sum + weights[index] * exp(inputs[0][index] - own)
          }
          return log1p(sum)
        }
        return [losses.reduce(0, +) / Double(losses.count)]
      },
      operation: { tape, inputs in
        tape.weightedCoupling(
          inputs[0],
          positives: positives,
          weights: try recorded.tensor("weights", on: tape.device)
        )
      }
    ).run(recorded)
  }

  /// Logits of ±10,000 give finite losses and gradients: PyTorch's.
  @Test(arguments: try cases(large: true))
  func largeLogits(_ recorded: RecordedCase) throws {
    let result = run(
      try recorded.floats("x"),
      try recorded.shape("x"),
      positives: try recorded.floats("positives").map { Int($0) },
      weights: try recorded.floats("weights")
    )
    expect(result.output, try recorded.floats("y"), Self.rounding, recorded.name)
    let cotangent = try recorded.floats("dy")[0]
    let gradient = result.gradients[0].map { $0 * cotangent }
    expect(gradient, try recorded.floats("d.x"), Self.rounding, recorded.name)
  }

  /// The least and the largest weights that floats hold, against differences of ±150.
  @Test func extremeWeights() {
    let weights: [Float] = [0, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
    let result = run([0, -150, 150], [1, 3], positives: [0], weights: weights)
    let terms = [log(Double(weights[1])) - 150, log(Double(weights[2])) + 150]
    let wanted = log1p(terms.map { exp($0) }.reduce(0, +))
    expect(result.output, [Float(wanted)], Self.rounding, "the loss")
    let shares = terms.map { Float(exp($0 - wanted)) }
    expect(result.gradients[0], [-shares[0] - shares[1]] + shares, Self.rounding, "the gradient")
  }

  /// dℓ/ds_ij is w_ij · e^(s_ij − s_ii) / (1 + Σ): proportional to the weight.
  @Test func gradientIsProportionalToTheWeight() {
    let (rows, columns) = (3, 19)
    let logits = uniforms(rows * columns, seed: 3, bound: 3)
    let weights = uniforms(rows * columns, seed: 4).map { abs($0) + 0.01 }
    let positives = [7, 0, 18]
    let result = run(logits, [rows, columns], positives: positives, weights: weights)
    for row in 0..<rows {
      let speeds = (0..<columns).filter { $0 != positives[row] }.map { column in
        let index = row * columns + column
        return result.gradients[0][index] / (weights[index] * exp(logits[index]))
      }
      let first = [Float](repeating: speeds[0], count: speeds.count)
      expect(speeds, first, Self.rounding, "row \(row)")
      #expect(speeds[0] > 0)
    }
  }

  /// What is no negative gets exactly no gradient, however near it is, and can't change the loss.
  @Test func weightZeroMeansNoGradient() {
    let weights: [Float] = [9, 0, 0.5, 0, 1]
    let far = run([1, 2, 3, 4, 5], [1, 5], positives: [0], weights: weights)
    let near = run([1, 90, 3, -90, 5], [1, 5], positives: [0], weights: weights)
    #expect(far.output == near.output && far.gradients == near.gradients)
    #expect(far.gradients[0][1] == 0 && far.gradients[0][3] == 0)
    #expect(far.gradients[0][0] < 0 && far.gradients[0][2] > 0 && far.gradients[0][4] > 0)
  }

  /// A NaN among the logits is told, not hidden.
  @Test(arguments: 0..<3)
  func notANumberIsKept(place: Int) {
    var logits: [Float] = [1, 2, 3]
    logits[place] = .nan
    let result = run(logits, [1, 3], positives: [1], weights: [1, 1, 1])
    #expect(result.output[0].isNaN && result.gradients[0][place].isNaN)
  }

  /// The gradient may be written over the logits.
  @Test func inPlace() {
    let (rows, columns) = (40, 700)
    let device = Device(threadCount: 2)
    let numbers = uniforms(rows * columns, seed: 5, bound: 4)
    let x = Tensor(numbers, shape: [rows, columns], on: device)
    let dx = Tensor(uninitialized: [rows, columns], on: device)
    let weights = Tensor(numbers.map { abs($0) }, shape: [rows, columns], on: device)
    func sum(into dx: Tensor?) -> Double {
      withViews(x, weights) { x, weights in
        let run = { (dx: MemoryView<Float>?) in
          device.compute.weightedCoupling(
            x,
            weights: weights,
            positives: Array(0..<rows),
            factor: 0.5,
            into: dx
          )
        }
        return dx.map { $0.withView { run($0) } } ?? run(nil)
      }
    }
    let wanted = sum(into: dx)
    #expect(sum(into: nil) == wanted && sum(into: x) == wanted)
    #expect(x.elements == dx.elements)
  }

  @Test func bitsDoNotDependOnThreads() {
    let weights = uniforms(150 * 700, seed: 6).map { max($0, 0) }
    expectSameBits([[150, 700]], "weighted_coupling") { tape, inputs in
      tape.weightedCoupling(
        inputs[0],
        positives: (0..<150).map { $0 * 4 },
        weights: Tensor(weights, shape: [150, 700], on: tape.device)
      )
    }
  }

  /// A positive outside the row is a mistake.
  @Test func unknownPositive() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3], on: device)
      _ = Tape(on: device).weightedCoupling(Variable(x), positives: [0, 3], weights: x)
    }
  }
}
