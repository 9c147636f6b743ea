package import Tensors

/// A learnt array of a model, known by its state-dict name.
package final class Parameter {
  /// The name in PyTorch's state dict, such as `visual.class_embedding`.
  package let name: String
  /// The shape in PyTorch's state dict.
  package let shape: [Int]
  /// How random values are drawn when nothing is loaded.
  package let initialization: Initialization
  /// Whether it is measured on batches rather than trained: a running mean or variance.
  package let isStatistic: Bool
  private var stored: Tensor?
  /// How many layers read the values, and have not yet said that they packed them.
  private var readers = 1

  /// Declares a parameter without values.
  init(name: String, shape: [Int], initialization: Initialization, isStatistic: Bool) {
    self.name = name
    self.shape = shape
    self.initialization = initialization
    self.isStatistic = isStatistic
  }

  /// How many numbers there are.
  package var count: Int { shape.reduce(1, *) }

  /// Whether there are values.
  package var isLoaded: Bool { stored != nil }

  /// The values.
  ///
  /// Reading them before they were loaded, or after they were released, is a mistake.
  package var value: Tensor {
    guard let stored else {
      preconditionFailure("the parameter \(name) has no values: not loaded, or released")
    }
    return stored
  }

  /// Sets the values.
  ///
  /// - Parameter value: of the declared shape.
  package func load(_ value: Tensor) {
    precondition(value.shape == shape, "\(name) of shape \(shape) loaded from \(value.shape)")
    stored = value
  }

  /// Notes that one more layer reads the values.
  func addReader() { readers += 1 }

  /// Notes that a layer's values are packed; the memory is given back with the last one.
  package func release() {
    readers -= 1
    if readers <= 0 { stored = nil }
  }
}

/// How a parameter's random values are drawn.
package enum Initialization: Sendable {
  /// The same value everywhere.
  case constant(Float)
  /// Normal with mean 0.
  case normal(standardDeviation: Float)
  /// Uniform in ±bound.
  case uniform(bound: Float)
}
