import Autograd
import Kernels
import Tensors
import TestSupport
import Testing

/// Linear maps, alone and joined, and their gradients.
struct LinearTests {
  private static let file = "Autograd/products.json"
  private static let close = Tolerance(
    absolute: 4e-6,
    relative: 2e-6,
    reason: "sums of up to 19 float32 products of normal numbers round"
  )

  private static func recorded(_ name: String) throws -> RecordedCase {
    try #require(try RecordedCase.cases(file, name).first)
  }

  /// One map with all outputs.
  private static func part(
    _ weight: Variable,
    _ bias: Variable? = nil,
    order: PreparedLinear.WeightOrder = .outputsByInputs,
    outputs: Range<Int>? = nil
  ) -> LinearPart {
    let count = weight.shape[order == .outputsByInputs ? 0 : 1]
    return LinearPart(weight: weight, order: order, outputs: outputs ?? 0..<count, bias: bias)
  }

  /// x·Wᵀ + b in double for rows of `inputs` floats, of W's rows `outputs` only.
  private static func mapped(
    _ x: [Double],
    _ weight: [Double],
    _ bias: [Double]?,
    inputs: Int,
    outputs: Range<Int>
  ) -> [[Double]] {
    (0..<x.count / inputs).map { row in
      outputs.map { output in
        (0..<inputs).reduce(bias?[output] ?? 0) {
          $0 + x[row * inputs + $1] * weight[output * inputs + $1]
        }
      }
    }
  }

  private static func transposed(_ matrix: [Double], columns: Int) -> [Double] {
    (0..<columns).flatMap { column in
      stride(from: column, to: matrix.count, by: columns).map { matrix[$0] }
    }
  }

  @Test func withOffsets() throws {
    try OperationCheck(
      inputs: ["x", "weight", "bias"],
      forward: Self.close,
      backward: Self.close,
      reference: { Self.mapped($0[0], $0[1], $0[2], inputs: 5, outputs: 0..<7).flatMap(\.self) },
      operation: { $0.linear($1[0], [Self.part($1[1], $1[2])]) }
    ).run(Self.recorded("linear-bias"))
  }

  @Test func projection() throws {
    try OperationCheck(
      inputs: ["x", "weight"],
      forward: Self.close,
      backward: Self.close,
      reference: {
        let weight = Self.transposed($0[1], columns: 3)
        return Self.mapped($0[0], weight, nil, inputs: 18, outputs: 0..<3).flatMap(\.self)
      },
      operation: { $0.linear($1[0], [Self.part($1[1], order: .inputsByOutputs)]) }
    ).run(Self.recorded("linear-projection"))
  }

  @Test func withResidual() throws {
    try OperationCheck(
      inputs: ["x", "weight", "bias", "residual"],
      forward: Self.close,
      backward: Self.close,
      reference: {
        let y = Self.mapped($0[0], $0[1], $0[2], inputs: 3, outputs: 0..<2)
        return zip(y.flatMap(\.self), $0[3]).map { $0 + $1 }
      },
      operation: { $0.linear($1[0], [Self.part($1[1], $1[2])], residual: $1[3]) }
    ).run(Self.recorded("linear-residual"))
  }

  @Test func joined() throws {
    try OperationCheck(
      inputs: ["x", "w0", "b0", "w1", "b1"],
      forward: Self.close,
      backward: Self.close,
      reference: {
        let first = Self.mapped($0[0], $0[1], $0[2], inputs: 5, outputs: 0..<4)
        let weight = Self.transposed($0[3], columns: 6)
        let second = Self.mapped($0[0], weight, $0[4], inputs: 5, outputs: 1..<4)
        return zip(first, second).flatMap { $0 + $1 }
      },
      operation: {
        $0.linear(
          $1[0],
          [
            Self.part($1[1], $1[2]),
            Self.part($1[3], $1[4], order: .inputsByOutputs, outputs: 1..<4),
          ]
        )
      }
    ).run(Self.recorded("linear-joined"))
  }

  @Test func someOutputs() throws {
    try OperationCheck(
      inputs: ["x", "weight", "bias"],
      forward: Self.close,
      backward: Self.close,
      reference: { Self.mapped($0[0], $0[1], $0[2], inputs: 3, outputs: 2..<5).flatMap(\.self) },
      operation: { $0.linear($1[0], [Self.part($1[1], $1[2], outputs: 2..<5)]) }
    ).run(Self.recorded("linear-cut"))
  }

  /// Sizes that make several chunks of rows, of columns, and of the depth of weights' gradients.
  @Test(arguments: [[903, 37, 41], [17, 300, 1600], [4100, 24, 40], [5, 0, 3], [0, 4, 3]])
  func bitsDoNotDependOnThreads(_ sizes: [Int]) {
    let (rows, inputs, outputs) = (sizes[0], sizes[1], sizes[2])
    let shapes = [[rows, inputs], [outputs, inputs], [outputs], [rows, outputs]]
    expectSameBits(shapes, "linear \(sizes)") {
      $0.linear($1[0], [Self.part($1[1], $1[2])], residual: $1[3])
    }
  }

  /// The residual may be the input itself: both gradients add up.
  @Test func residualOfItself() {
    let device = Device(threadCount: 1)
    let run = PlainRun(
      [([1, 2, 3, 4], [2, 2]), ([5, 6, 7, 8], [2, 2])],
      pattern: [1, -1, 2, 3],
      on: device
    ) { $0.linear($1[0], [Self.part($1[1])], residual: $1[0]) }
    #expect(run.output == [18, 25, 42, 57])
    #expect(run.gradients == [[-1, -3, 33, 39], [7, 10, 8, 10]])
  }

  @Test func wrongSizesTrap() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let x = Variable(Tensor(uninitialized: [2, 3], on: device))
      let weight = Variable(Tensor(uninitialized: [3, 2], on: device))
      let part = LinearPart(weight: weight, order: .outputsByInputs, outputs: 0..<3, bias: nil)
      _ = Tape(on: device).linear(x, [part])
    }
  }
}
