import Autograd
import Foundation
import Tensors
import TestSupport
import Testing

/// Layer norm, softmax and rows of length 1 with their gradients.
struct NormTests {
  private static let file = "Autograd/norms.json"
  private static let forward = Tolerance(
    absolute: 2e-6,
    relative: 2e-6,
    reason: "sums of up to 37 float32 terms, an exponential, a root and a few products round"
  )
  private static let backward = Tolerance(
    absolute: 4e-6,
    relative: 1e-5,
    reason: "differences of sums of up to 37 float32 terms, each a few roundings away"
  )

  @Test(arguments: try RecordedCase.cases(file, "layer-norm"))
  func layerNorm(_ recorded: RecordedCase) throws {
    let width = try recorded.shape("scale")[0]
    let epsilon = try recorded.number("epsilon")
    try OperationCheck(
      inputs: ["x", "scale", "shift"],
      forward: Self.forward,
      backward: Self.backward,
      reference: { inputs in
        Self.rows(inputs[0], width).flatMap { row in
          let mean = row.reduce(0, +) / Double(width)
          let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
          let deviation = (variance + epsilon).squareRoot()
          return row.indices.map { (row[$0] - mean) / deviation * inputs[1][$0] + inputs[2][$0] }
        }
      },
      operation: { $0.layerNorm($1[0], scale: $1[1], shift: $1[2], epsilon: Float(epsilon)) }
    ).run(recorded)
  }

  @Test(arguments: try RecordedCase.cases(file, "softmax"))
  func softmax(_ recorded: RecordedCase) throws {
    let width = try #require(try recorded.shape("x").last)
    let factor = try recorded.number("factor")
    try OperationCheck(
      inputs: ["x"],
      forward: Self.forward,
      backward: Self.backward,
      reference: { inputs in
        Self.rows(inputs[0], width).flatMap { row in
          let powers = row.map { exp(factor * $0) }
          return powers.map { $0 / powers.reduce(0, +) }
        }
      },
      operation: { $0.softmax($1[0], factor: Float(factor)) }
    ).run(recorded)
  }

  @Test(arguments: try RecordedCase.cases(file, "normalized"))
  func normalized(_ recorded: RecordedCase) throws {
    let width = try #require(try recorded.shape("x").last)
    try OperationCheck(
      inputs: ["x"],
      forward: Self.forward,
      backward: Self.backward,
      reference: { inputs in
        Self.rows(inputs[0], width).flatMap { row in
          let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
          return row.map { $0 / length }
        }
      },
      operation: { $0.normalized($1[0]) }
    ).run(recorded)
  }

  /// Rows of as many 3 as 5 have x̂ = ±1: sums over chunks of rows are exact, also in memory that
  /// another step has used.
  @Test func parametersOfManyRows() {
    let device = Device(threadCount: 2)
    let (rows, width) = (1500, 62)
    let x = (0..<rows * width).map { Float($0 % 2 == 0 ? 3 : 5) }
    let dy = (0..<rows * width).map { Float($0 * 37 % 11) - 5 }
    var wanted = [[Float]](repeating: [Float](repeating: 0, count: width), count: 2)
    for (index, gradient) in dy.enumerated() {
      wanted[0][index % width] += gradient * (x[index] - 4)
      wanted[1][index % width] += gradient
    }
    for step in 1...3 {
      let parameters = [1, 0].map { value in
        Variable(
          Tensor([Float](repeating: value, count: width), shape: [width], on: device),
          gradient: Gradient(shape: [width])
        )
      }
      let tape = Tape(on: device)
      let y = tape.layerNorm(
        Variable(Tensor(x, shape: [rows, width], on: device)),
        scale: parameters[0],
        shift: parameters[1],
        epsilon: 0
      )
      tape.backward(from: y, gradient: Tensor(dy, shape: [rows, width], on: device))
      #expect(parameters.map { $0.gradient?.sum?.elements } == wanted, "step \(step)")
    }
  }

  /// 1,001 rows make several chunks with partial sums of the parameters' gradients.
  @Test func bitsDoNotDependOnThreads() {
    expectSameBits([[7, 143, 70], [70], [70]], "layer norm") {
      $0.layerNorm($1[0], scale: $1[1], shift: $1[2], epsilon: 1e-5)
    }
    expectSameBits([[1001, 70]], "softmax") { $0.softmax($1[0], factor: 0.3) }
    expectSameBits([[1001, 70]], "rows of length 1") { $0.normalized($1[0]) }
  }

  private static func rows(_ values: [Double], _ width: Int) -> [[Double]] {
    stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }
}
