import Autograd
import Kernels
import Tensors
import TestSupport
import Testing

/// Convolutions and their gradients.
struct ConvolutionTests {
  private static let close = Tolerance(
    absolute: 2e-5,
    relative: 4e-6,
    reason: "sums of up to 147 float32 products of normal numbers round"
  )

  static func shape(_ recorded: RecordedCase) throws -> ConvolutionShape {
    let weight = try recorded.shape("weight")
    return ConvolutionShape(
      inputChannels: weight[1],
      outputChannels: weight[0],
      kernelHeight: weight[2],
      kernelWidth: weight[3],
      stride: try recorded.integer("stride"),
      padding: try recorded.integer("padding")
    )
  }

  @Test(arguments: try RecordedCase.cases("Autograd/convolution.json", "convolution"))
  func equalsPyTorch(_ recorded: RecordedCase) throws {
    let shape = try Self.shape(recorded)
    let x = try recorded.shape("x")
    let direct = DirectConvolution(shape: shape, images: x[0], height: x[1], width: x[2])
    try OperationCheck(
      inputs: ["x", "weight"] + (recorded.has("bias") ? ["bias"] : []),
      forward: Self.close,
      backward: Self.close,
      reference: { direct.output($0[0], $0[1], $0.count > 2 ? $0[2] : nil) },
      operation: {
        $0.convolution($1[0], weight: $1[1], bias: $1.count > 2 ? $1[2] : nil, shape: shape)
      }
    ).run(recorded)
  }

  /// Sizes of real networks, and numbers of images that leave a rest: x's sizes, outputs, window,
  /// stride, padding.
  static let real: [[Int]] = [
    [7, 13, 11, 35, 33, 3, 1, 1], [3, 32, 30, 16, 24, 3, 2, 1], [5, 31, 33, 3, 32, 3, 2, 1],
    [2, 37, 35, 3, 64, 7, 2, 3], [6, 28, 28, 3, 40, 14, 14, 0], [9, 8, 9, 48, 80, 1, 2, 0],
    [3, 30, 29, 64, 24, 1, 1, 0], [1, 24, 23, 19, 17, 3, 1, 1],
    [3, 2, 2, 256, 512, 3, 1, 1], [8, 7, 8, 256, 256, 3, 1, 1],
  ]

  static func sizes(_ numbers: [Int]) -> (x: [Int], shape: ConvolutionShape) {
    let shape = ConvolutionShape(
      inputChannels: numbers[3],
      outputChannels: numbers[4],
      kernelHeight: numbers[5],
      kernelWidth: numbers[5],
      stride: numbers[6],
      padding: numbers[7]
    )
    return (Array(numbers[0..<4]), shape)
  }

  /// With whole numbers all sums are exact: equality with the formula.
  @Test(arguments: real)
  func equalsTheFormula(_ numbers: [Int]) throws {
    let (x, shape) = Self.sizes(numbers)
    let direct = DirectConvolution(shape: shape, images: x[0], height: x[1], width: x[2])
    let window = [
      shape.outputChannels, shape.inputChannels, shape.kernelHeight, shape.kernelWidth,
    ]
    let inputs = wholeNumbers([x, window, [shape.outputChannels]])
    let device = Device(threadCount: 2)
    let run = PlainRun(inputs, pattern: [1, -2, 3, 0, 2, -1, -3], on: device) {
      $0.convolution($1[0], weight: $1[1], bias: $1[2], shape: shape)
    }
    let dy = run.outputGradient
    let doubles = inputs.map { $0.elements.map(Double.init) }
    let changes = dy.map(Double.init)
    #expect(run.output == direct.output(doubles[0], doubles[1], doubles[2]).map { Float($0) })
    #expect(run.gradients[0] == direct.transposed(changes, doubles[1], nil).map { Float($0) })
    #expect(run.gradients[1] == direct.weightGradient(doubles[0], changes).map { Float($0) })
    let channels = shape.outputChannels
    let sums = (0..<channels).map { channel in
      stride(from: channel, to: dy.count, by: channels).reduce(Float(0)) { $0 + dy[$1] }
    }
    #expect(run.gradients[2] == sums)
  }

  @Test(arguments: real)
  func bitsDoNotDependOnThreads(_ numbers: [Int]) {
    let (x, shape) = Self.sizes(numbers)
    let window = [
      shape.outputChannels, shape.inputChannels, shape.kernelHeight, shape.kernelWidth,
    ]
    expectSameBits([x, window], "convolution \(numbers)") {
      $0.convolution($1[0], weight: $1[1], bias: nil, shape: shape)
    }
  }

  /// Weights that change between two steps are packed anew.
  @Test func weightsMayChange() {
    let device = Device(threadCount: 1)
    let shape = ConvolutionShape(
      inputChannels: 1,
      outputChannels: 1,
      kernelHeight: 2,
      kernelWidth: 1,
      stride: 1,
      padding: 0
    )
    for factor in [Float(1), 3] {
      let run = PlainRun(
        [([1, 2, 3], [1, 3, 1, 1]), ([factor, 2 * factor], [1, 1, 2, 1])],
        on: device
      ) { $0.convolution($1[0], weight: $1[1], bias: nil, shape: shape) }
      #expect(run.output == [5 * factor, 8 * factor])
      #expect(run.gradients == [[factor, 3 * factor, 2 * factor], [3, 5]])
    }
  }

  @Test func wrongSizesTrap() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let shape = ConvolutionTests.sizes([1, 5, 5, 2, 3, 3, 1, 1]).shape
      let x = Variable(Tensor(uninitialized: [1, 5, 5, 3], on: device))
      let weight = Variable(Tensor(uninitialized: [3, 2, 3, 3], on: device))
      _ = Tape(on: device).convolution(x, weight: weight, bias: nil, shape: shape)
    }
  }
}

/// Whole numbers in −3…3 for inputs of given sizes.
func wholeNumbers(_ shapes: [[Int]]) -> [(elements: [Float], shape: [Int])] {
  shapes.enumerated().map { index, shape in
    let values = uniforms(shape.reduce(1, *), seed: UInt64(40 + index), bound: 3.49)
    return (values.map { $0.rounded() }, shape)
  }
}
