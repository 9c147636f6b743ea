import Autograd
import Kernels
import Tensors
import TestSupport
import Testing

/// Pooling with its gradients.
struct PoolingTests {
  private static let file = "Autograd/pooling.json"
  private static let rounding = Tolerance(
    absolute: 1e-6,
    relative: 1e-6,
    reason: "up to 25 float32 terms of magnitude 1, and the division by their number"
  )

  private static func window(_ recorded: RecordedCase) throws -> PoolingShape {
    PoolingShape(
      window: try recorded.integer("window"),
      stride: try recorded.integer("stride"),
      padding: try recorded.integer("padding")
    )
  }

  /// Each window's cells inside the image, in row order.
  private static func windows(_ recorded: RecordedCase) throws -> [[[Int]]] {
    let (input, output) = (try recorded.shape("x"), try recorded.shape("y"))
    let window = try window(recorded)
    let (height, width, channels) = (input[1], input[2], input[3])
    var windows: [[[Int]]] = []
    for image in 0..<output[0] {
      for (row, column) in (0..<output[1]).flatMap({ r in (0..<output[2]).map { (r, $0) } }) {
        let top = row * window.stride - window.padding
        let left = column * window.stride - window.padding
        let rows = (top..<top + window.window).clamped(to: 0..<height)
        let columns = (left..<left + window.window).clamped(to: 0..<width)
        let pixels = rows.flatMap { r in columns.map { (image * height + r) * width + $0 } }
        windows.append((0..<channels).map { channel in pixels.map { $0 * channels + channel } })
      }
    }
    return windows
  }

  @Test(arguments: try RecordedCase.cases(file, "average"))
  func average(_ recorded: RecordedCase) throws {
    let windows = try Self.windows(recorded)
    let window = try Self.window(recorded)
    try OperationCheck(
      inputs: ["x"],
      forward: Self.rounding,
      backward: Self.rounding,
      reference: { inputs in
        windows.joined().map { $0.reduce(0) { $0 + inputs[0][$1] } / Double($0.count) }
      },
      operation: { $0.pooled($1[0], .average, window) }
    ).run(recorded)
  }

  /// Random numbers differ by more than the differences' step: no window lies on a kink.
  @Test(arguments: try RecordedCase.cases(file, "max").filter { !$0.name.hasSuffix("ties") })
  func maximum(_ recorded: RecordedCase) throws {
    let windows = try Self.windows(recorded)
    let window = try Self.window(recorded)
    try OperationCheck(
      inputs: ["x"],
      forward: .exact,
      backward: Self.rounding,
      reference: { inputs in
        windows.joined().map { $0.map { inputs[0][$0] }.max() ?? .nan }
      },
      operation: { $0.pooled($1[0], .maximum, window) }
    ).run(recorded)
  }

  /// Of equal values the first one in row order gets the gradient, as in PyTorch.
  @Test func tiesGoToTheFirst() throws {
    let recorded = try RecordedCase.cases(Self.file, "max-with-ties")[0]
    let device = Device(threadCount: 2)
    let tape = Tape(on: device)
    let x = try recorded.tensor("x", on: device)
    let input = Variable(x, gradient: Gradient(shape: x.shape))
    let y = tape.pooled(input, .maximum, try Self.window(recorded))
    tape.backward(from: y, gradient: try recorded.tensor("dy", on: device))
    expect(y.value.elements, try recorded.floats("y"), .exact, "ties")
    let gradient = input.gradient?.sum?.elements ?? []
    expect(gradient, try recorded.floats("d.x"), Self.rounding, "ties")
  }

  /// A NaN is what its window hands on, and what gets the gradient.
  @Test func notANumberTakesTheGradient() {
    let device = Device(threadCount: 1)
    let tape = Tape(on: device)
    let x = Tensor([1, .nan, 3, 7, 2, 9], shape: [1, 2, 3, 1], on: device)
    let input = Variable(x, gradient: Gradient(shape: x.shape))
    let y = tape.pooled(input, .maximum, PoolingShape(window: 2, stride: 1))
    tape.backward(from: y, gradient: Tensor([10, 20], shape: [1, 1, 2, 1], on: device))
    #expect(y.value.elements.allSatisfy { $0.isNaN })
    #expect(input.gradient?.sum?.elements == [0, 30, 0, 0, 0, 0])
  }

  @Test(arguments: [PoolingKind.average, .maximum])
  func bitsDoNotDependOnThreads(_ kind: PoolingKind) {
    expectSameBits([[3, 61, 53, 19]], "\(kind)") { tape, inputs in
      tape.pooled(inputs[0], kind, PoolingShape(window: 3, stride: 2, padding: 1))
    }
  }
}
