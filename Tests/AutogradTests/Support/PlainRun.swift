import Autograd
import Tensors

/// Arrays as variables, an operation, and its way back from a given gradient.
struct PlainRun {
  /// The output's elements.
  let output: [Float]
  /// The gradient of each input.
  let gradients: [[Float]]
  /// The gradient of the output: the pattern, repeated as needed.
  let outputGradient: [Float]

  /// Runs an operation forth and back.
  ///
  /// - Parameters:
  ///   - inputs: elements and sizes.
  ///   - pattern: what the output's gradient repeats.
  ///   - device: where to run.
  ///   - operation: the operation.
  init(
    _ inputs: [(elements: [Float], shape: [Int])],
    pattern: [Float] = [1],
    on device: Device,
    _ operation: (Tape, [Variable]) -> Variable
  ) {
    let tape = Tape(on: device)
    let variables = inputs.map {
      Variable(
        Tensor($0.elements, shape: $0.shape, on: device),
        gradient: Gradient(shape: $0.shape)
      )
    }
    let y = operation(tape, variables)
    output = y.value.elements
    outputGradient = output.indices.map { pattern[$0 % pattern.count] }
    tape.backward(from: y, gradient: Tensor(outputGradient, shape: y.shape, on: device))
    gradients = variables.map { $0.gradient?.sum?.elements ?? [] }
  }
}
