import Tensors
import TestSupport

extension RecordedCase {
  /// An array as a tensor.
  func tensor(_ name: String, on device: Device) throws -> Tensor {
    Tensor(try floats(name), shape: try shape(name), on: device)
  }
}
