import Kernels
import Layers
import Tensors
import TestSupport
import Testing

let float32 = Tolerance(
  absolute: 4e-6,
  relative: 4e-6,
  reason: "float32 arithmetic against float64: sums of up to 50 terms of magnitude 1 to 10"
)

/// The recorded cases of this module.
func recorded(_ prefix: String) throws -> [RecordedCase] {
  try RecordedCase.cases("Layers/pytorch.json", prefix)
}

extension RecordedCase {
  /// An array as a tensor.
  func tensor(_ name: String, on device: Device) throws -> Tensor {
    Tensor(try floats(name), shape: try shape(name), on: device)
  }

  /// Gives each parameter of a model the array of its name.
  func load(into model: ParameterSet, on device: Device) throws {
    for parameter in model.parameters {
      parameter.load(try tensor(parameter.name, on: device))
    }
  }
}

/// Records what differs between a tensor and an array, their shapes included.
func expect(
  _ value: Tensor,
  equals name: String,
  of recorded: RecordedCase,
  within tolerance: Tolerance = float32,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(value.shape == (try recorded.shape(name)), sourceLocation: sourceLocation)
  let context = "\(recorded), \(name)"
  let references = try recorded.floats(name)
  let difference = mismatch(
    value.elements,
    references,
    within: tolerance,
    context: context
  )
  #expect(difference == nil, "\(difference ?? "")", sourceLocation: sourceLocation)
}
