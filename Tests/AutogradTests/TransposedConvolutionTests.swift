import Autograd
import Kernels
import Tensors
import TestSupport
import Testing

/// Transposed convolutions and their gradients.
struct TransposedConvolutionTests {
  private static let close = Tolerance(
    absolute: 1e-5,
    relative: 4e-6,
    reason: "sums of up to 60 float32 products of normal numbers round"
  )

  /// The convolution whose images' gradient it is.
  private static func direct(
    _ x: [Int],
    _ weight: [Int],
    stride: Int,
    padding: Int
  ) -> DirectConvolution {
    DirectConvolution(
      shape: ConvolutionShape(
        inputChannels: weight[1],
        outputChannels: weight[0],
        kernelHeight: weight[2],
        kernelWidth: weight[3],
        stride: stride,
        padding: padding
      ),
      images: x[0],
      height: (x[1] - 1) * stride - 2 * padding + weight[2],
      width: (x[2] - 1) * stride - 2 * padding + weight[3]
    )
  }

  @Test(arguments: try RecordedCase.cases("Autograd/convolution.json", "transposed"))
  func equalsPyTorch(_ recorded: RecordedCase) throws {
    let (stride, padding) = (try recorded.integer("stride"), try recorded.integer("padding"))
    let direct = Self.direct(
      try recorded.shape("x"),
      try recorded.shape("weight"),
      stride: stride,
      padding: padding
    )
    try OperationCheck(
      inputs: ["x", "weight"] + (recorded.has("bias") ? ["bias"] : []),
      forward: Self.close,
      backward: Self.close,
      reference: { direct.transposed($0[0], $0[1], $0.count > 2 ? $0[2] : nil) },
      operation: {
        $0.transposedConvolution(
          $1[0],
          weight: $1[1],
          bias: $1.count > 2 ? $1[2] : nil,
          stride: stride,
          padding: padding
        )
      }
    ).run(recorded)
  }

  /// Doubling, as decoders do, with whole numbers: equality with the formula.
  @Test(arguments: [[5, 9, 7, 48, 24], [2, 14, 13, 32, 19], [1, 3, 2, 5, 2]])
  func equalsTheFormula(_ numbers: [Int]) {
    let x = Array(numbers[0..<4])
    let weight = [numbers[3], numbers[4], 2, 2]
    let direct = Self.direct(x, weight, stride: 2, padding: 0)
    let inputs = wholeNumbers([x, weight])
    let run = PlainRun(inputs, pattern: [2, -1, 0, 3, -3], on: Device(threadCount: 2)) {
      $0.transposedConvolution($1[0], weight: $1[1], bias: nil, stride: 2)
    }
    let dy = run.outputGradient.map(Double.init)
    let doubles = inputs.map { $0.elements.map(Double.init) }
    #expect(run.output == direct.transposed(doubles[0], doubles[1], nil).map { Float($0) })
    #expect(run.gradients[0] == direct.output(dy, doubles[1], nil).map { Float($0) })
    #expect(run.gradients[1] == direct.weightGradient(dy, doubles[0]).map { Float($0) })
  }

  @Test func bitsDoNotDependOnThreads() {
    expectSameBits([[7, 20, 19, 24], [24, 13, 2, 2], [13]], "transposed convolution") {
      $0.transposedConvolution($1[0], weight: $1[1], bias: $1[2], stride: 2)
    }
  }
}
