import Autograd
import Randomness
import Tensors
import Testing

/// Uniform floats in ±bound.
func uniforms(_ count: Int, seed: UInt64, bound: Float = 1) -> [Float] {
  var source = RandomSource(seed: seed)
  return (0..<count).map { _ in (2 * Float(source.nextUniform()) - 1) * bound }
}

/// Runs an operation with 1, 2 and 4 threads, forth and back, and compares bits.
///
/// - Parameters:
///   - shapes: the inputs' sizes; large enough for several chunks.
///   - name: what the operation is called in a failure.
///   - sourceLocation: where a failure is reported.
///   - operation: the operation.
func expectSameBits(
  _ shapes: [[Int]],
  _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ operation: (Tape, [Variable]) -> Variable
) {
  let runs = [1, 2, 4].map { threads in
    let device = Device(threadCount: threads)
    let tape = Tape(on: device, seed: 5)
    let inputs = shapes.enumerated().map { index, shape in
      let values = uniforms(shape.reduce(1, *), seed: UInt64(100 + index), bound: 2)
      return Variable(
        Tensor(values, shape: shape, on: device),
        gradient: Gradient(shape: shape)
      )
    }
    let y = operation(tape, inputs)
    let dy = uniforms(y.value.count, seed: 99)
    tape.backward(from: y, gradient: Tensor(dy, shape: y.shape, on: device))
    let gradients = inputs.flatMap { $0.gradient?.sum?.elements ?? [] }
    return (y.value.elements + gradients).map(\.bitPattern)
  }
  #expect(runs[1] == runs[0], "\(name), 2 threads", sourceLocation: sourceLocation)
  #expect(runs[2] == runs[0], "\(name), 4 threads", sourceLocation: sourceLocation)
}
