import Parallelism
package import Tensors

/// Notes how operations are differentiated, in the order in which they ran.
///
/// Reverse-mode differentiation (Griewank and Walther 2008, chapter 3). Each operation is a method of
/// `Tape` in a file of its own under `Operations`: it computes its output and hands `record` a closure
/// that turns the output's gradient into its inputs'. The closure keeps only what it captures, so it
/// captures tensors that it needs and the inputs' `Gradient` objects, never a whole `Variable`; what
/// no closure holds goes back to the pool of memory when the model lets go of it, and what a closure
/// holds when it has run.
package final class Tape {
  /// Where operations run.
  package let device: Device
  /// Whether operations are noted; else only their values are computed.
  package private(set) var isRecording = true
  /// Whether a segment's operations run for the second time, in the backward pass.
  package private(set) var isRecomputing = false
  /// What runs now, for messages: usually a parameter's name.
  package var place = ""
  /// Looks for the first value or gradient that isn't finite; nil to save the time.
  package var finiteness: FinitenessCheck?

  private var nodes: [Node] = []
  /// Whether an operation would have been noted while none was.
  private var sawGradient = false
  private let seed: UInt64
  private var drawn: UInt64 = 0

  private struct Node {
    let operation: String
    let place: String
    let output: Gradient
    let backward: (inout Tensor) -> Void
  }

  /// Makes an empty tape.
  ///
  /// - Parameters:
  ///   - device: where operations run.
  ///   - seed: of what operations draw; another one for each step.
  package init(on device: Device, seed: UInt64 = 0) {
    self.device = device
    self.seed = seed
  }

  /// How many operations are noted.
  package var count: Int { nodes.count }

  /// Notes an operation that has run.
  ///
  /// - Parameters:
  ///   - operation: its name, for messages.
  ///   - output: what it has computed.
  ///   - inputs: the gradients of its inputs; nil for those that are constants.
  ///   - backward: adds to the inputs' gradients what follows from the output's, which it may
  ///     overwrite where nobody else holds it.
  /// - Returns: the output; a constant when all inputs are, or when nothing is noted.
  package func record(
    _ operation: String,
    _ output: Tensor,
    _ inputs: [Gradient?],
    backward: @escaping (inout Tensor) -> Void
  ) -> Variable {
    finiteness?.look(at: output, operation, place, isGradient: false, on: device)
    guard inputs.contains(where: { $0 != nil }) else { return Variable(output) }
    guard isRecording else {
      sawGradient = true
      return Variable(output)
    }
    let gradient = Gradient(shape: output.shape)
    nodes.append(Node(operation: operation, place: place, output: gradient, backward: backward))
    return Variable(output, gradient: gradient)
  }

  /// A number that no other operation of this tape gets: the key of what it draws.
  ///
  /// Segments that run again draw the same.
  package func nextRandomKey() -> UInt64 {
    drawn += 1
    // SplitMix64 (Steele, Lea, Flood 2014): neighbouring numbers give unrelated keys.
    var key = seed &+ drawn &* 0x9E37_79B9_7F4A_7C15
    key = (key ^ (key >> 30)) &* 0xBF58_476D_1CE4_E5B9
    key = (key ^ (key >> 27)) &* 0x94D0_49BB_1331_11EB
    return key ^ (key >> 31)
  }

  /// Adds to the gradients of all that `output` depends on; the tape is empty then.
  ///
  /// - Parameters:
  ///   - output: a value of this tape, usually a loss of one number.
  ///   - gradient: of the final loss with respect to it; nil for 1 in each element.
  package func backward(from output: Variable, gradient: Tensor? = nil) {
    if let start = output.gradient {
      let ones = [Float](repeating: 1, count: output.value.count)
      start.add(gradient ?? Tensor(ones, shape: output.shape, on: device), on: device)
    }
    run()
  }

  /// Forgets all operations without differentiating them.
  package func discard() { nodes = [] }

  private func run() {
    while let node = nodes.popLast() {
      guard var gradient = node.output.take() else { continue }
      place = node.place
      finiteness?.look(at: gradient, node.operation, place, isGradient: true, on: device)
      node.backward(&gradient)
    }
  }

  /// Runs operations whose intermediate values are not kept but computed again in the backward pass.
  ///
  /// Chen, Xu, Zhang, Guestrin 2016. Operations that change state, such as running statistics, look
  /// at `isRecomputing`.
  ///
  /// - Parameters:
  ///   - x: what they depend on.
  ///   - body: the operations, on this tape; runs once now and once in the backward pass.
  /// - Returns: what `body` returns.
  package func segment(_ x: Variable, _ body: @escaping (Variable) -> Variable) -> Variable {
    guard isRecording else { return body(x) }
    let start = drawn
    isRecording = false
    sawGradient = x.gradient != nil
    let y = body(Variable(x.value)).value
    isRecording = true
    guard sawGradient else { return Variable(y) }
    let (value, target) = (x.value, x.gradient)
    return record("segment", y, [Gradient(shape: x.shape)]) { [unowned self] dy in
      let inner = Gradient(shape: value.shape)
      let (outer, end) = (nodes, drawn)
      nodes = []
      drawn = start
      isRecomputing = true
      // Nothing but the gradient of what runs again is held, so that its last operation may work in
      // place. A backward pass that flushes subnormal numbers computes here what the forward pass did.
      let again = keepingSubnormals {
        body(Variable(value, gradient: target == nil ? nil : inner)).gradient
      }
      isRecomputing = false
      again?.add(dy, on: device)
      dy = Tensor(uninitialized: [0], on: device)
      run()
      (nodes, drawn) = (outer, end)
      if let dx = inner.take() { target?.add(dx, on: device) }
    }
  }
}
