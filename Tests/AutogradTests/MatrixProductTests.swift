import Autograd
import Tensors
import TestSupport
import Testing

/// Similarities of rows and their gradients.
struct MatrixProductTests {
  private static let close = Tolerance(
    absolute: 4e-6,
    relative: 2e-6,
    reason: "sums of 17 float32 products of normal numbers round"
  )

  @Test(arguments: try RecordedCase.cases("Autograd/products.json", "similarities"))
  func equalsPyTorch(_ recorded: RecordedCase) throws {
    try OperationCheck(
      inputs: ["a", "b"],
      forward: Self.close,
      backward: Self.close,
      reference: { inputs in
        let (a, b, depth) = (inputs[0], inputs[1], 17)
        return (0..<a.count / depth).flatMap { row in
          (0..<b.count / depth).map { column in
            (0..<depth).reduce(0) { $0 + a[row * depth + $1] * b[column * depth + $1] }
          }
        }
      },
      operation: { $0.matrixProduct($1[0], $1[1]) }
    ).run(recorded)
  }

  /// A matrix against itself: both gradients add up.
  @Test func ofItself() {
    let run = PlainRun(
      [([1, 2, 3, 4, 5, 6], [2, 3])],
      pattern: [1, 2, 3, 4],
      on: Device(threadCount: 1)
    ) {
      $0.matrixProduct($1[0], $1[0])
    }
    #expect(run.output == [14, 32, 32, 77])
    #expect(run.gradients == [[22, 29, 36, 37, 50, 63]])
  }

  @Test func bitsDoNotDependOnThreads() {
    expectSameBits([[65, 512], [811, 512]], "similarities") { $0.matrixProduct($1[0], $1[1]) }
  }
}
