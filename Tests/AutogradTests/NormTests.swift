import Autograd
import Foundation
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
