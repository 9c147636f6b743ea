import Autograd
import Foundation
import Tensors
import TestSupport
import Testing

/// All that is asked of an operation, against a case that PyTorch recorded.
///
/// The case holds the inputs by name, the output `y`, its gradient `dy`, and `d.NAME` for the
/// gradient of each input, as `Tests/Fixtures/generate/autograd_recording.py` writes them.
struct OperationCheck {
  /// The names of the inputs that have gradients, in the operation's order.
  let inputs: [String]
  /// How far outputs may lie from the recorded ones.
  let forward: Tolerance
  /// How far gradients may lie from the recorded ones and from central differences.
  let backward: Tolerance
  /// Whether an input's element lies on a kink, where differences say nothing.
  var isKink: (Double) -> Bool = { _ in false }
  /// The operation in double.
  let reference: Reference
  /// The operation under test.
  let operation: (Tape, [Variable]) throws -> Variable

  /// Output and gradients of one run.
  struct Run: Equatable {
    var y: [Float]
    var gradients: [[Float]?]
  }

  /// Which way the gradient comes and goes.
  enum Way: CaseIterable {
    /// The output's gradient belongs to others, the inputs' gradients are empty.
    case shared
    /// The operation may overwrite the output's gradient.
    case owned
    /// The inputs' gradients hold ones already.
    case adding
  }

  /// Runs all checks.
  ///
  /// - Throws: what the case throws where an array is missing.
  func run(_ recorded: RecordedCase) throws {
    let device = Device(threadCount: 2)
    let before = device.storage.statistics.livePieces
    let dy = try recorded.floats("dy")
    let wanted = try inputs.map { try recorded.floats("d.\($0)") }
    for way in Way.allCases {
      let result = try run(recorded, on: device, way)
      expect(result.y, try recorded.floats("y"), forward, "\(recorded.name): y")
      for (name, (gradient, wanted)) in zip(inputs, zip(result.gradients, wanted)) {
        let expected = way == .adding ? wanted.map { $0 + 1 } : wanted
        expect(gradient ?? [], expected, backward, "\(recorded.name), \(way): d.\(name)")
      }
    }
    try checkConstants(recorded, on: device)
    try checkDifferences(recorded, dy: dy, wanted: wanted, on: device)
    #expect(device.storage.statistics.livePieces == before, "\(recorded.name) keeps no memory")
  }

  /// Inputs that aren't trained get no gradient and change no other's bits.
  private func checkConstants(_ recorded: RecordedCase, on device: Device) throws {
    let all = try run(recorded, on: device, .owned)
    for trained in inputs.indices {
      let alone = try run(recorded, on: device, .owned, trained: [trained])
      for index in inputs.indices {
        let wanted = index == trained ? all.gradients[index] : nil
        #expect(alone.gradients[index] == wanted, "\(recorded.name): \(inputs[trained]) alone")
      }
    }
    let none = try run(recorded, on: device, .owned, trained: [])
    #expect(none.y == all.y && none.gradients.allSatisfy { $0 == nil }, "\(recorded.name)")
  }

  /// The reference says the same as PyTorch and as the engine.
  private func checkDifferences(
    _ recorded: RecordedCase,
    dy: [Float],
    wanted: [[Float]],
    on device: Device
  ) throws {
    let values = try inputs.map { try recorded.floats($0).map(Double.init) }
    let y = try reference(values)
    expect(y, try recorded.floats("y").map(Double.init), differenceTolerance, "reference's y")
    let differences = try centralDifferences(
      reference,
      at: values,
      cotangent: dy.map(Double.init)
    )
    let engine = try run(recorded, on: device, .owned).gradients
    for (index, name) in inputs.enumerated() {
      let smooth = values[index].indices.filter { !isKink(values[index][$0]) }
      #expect(!smooth.isEmpty)
      let truth = smooth.map { differences[index][$0] }
      let recordedOnes = smooth.map { Double(wanted[index][$0]) }
      expect(recordedOnes, truth, differenceTolerance, "\(recorded.name): differences, d.\(name)")
      let own = smooth.map { Double(engine[index]?[$0] ?? .nan) }
      expect(own, truth, backward, "\(recorded.name): engine against differences, d.\(name)")
    }
  }

  /// Runs the operation once, forth and back.
  private func run(
    _ recorded: RecordedCase,
    on device: Device,
    _ way: Way,
    trained: Set<Int>? = nil
  ) throws -> Run {
    let tape = Tape(on: device)
    let variables = try inputs.enumerated().map { index, name in
      let shape = try recorded.shape(name)
      let isTrained = trained?.contains(index) ?? true
      return Variable(
        Tensor(try recorded.floats(name), shape: shape, on: device),
        gradient: isTrained ? Gradient(shape: shape) : nil
      )
    }
    if way == .adding {
      for variable in variables {
        let ones = [Float](repeating: 1, count: variable.value.count)
        variable.gradient?.add(Tensor(ones, shape: variable.shape, on: device), on: device)
      }
    }
    var y = try operation(tape, variables)
    #expect(y.shape == (try recorded.shape("y")), "\(recorded.name)")
    let elements = y.value.elements
    if way == .owned { y = tape.scaled(y, by: 1) }
    let dy = Tensor(try recorded.floats("dy"), shape: y.shape, on: device)
    tape.backward(from: y, gradient: dy)
    #expect(tape.count == 0)
    #expect(dy.elements == (try recorded.floats("dy")), "others' gradients stay as they are")
    return Run(y: elements, gradients: variables.map { $0.gradient?.sum?.elements })
  }
}

/// Records what differs, if anything does.
func expect<Value: BinaryFloatingPoint>(
  _ values: [Value],
  _ references: [Value],
  _ tolerance: Tolerance,
  _ context: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let difference = mismatch(values, references, within: tolerance, context: context)
  #expect(difference == nil, "\(difference ?? "")", sourceLocation: sourceLocation)
}
