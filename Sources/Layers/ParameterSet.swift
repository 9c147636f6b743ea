import Randomness
package import Tensors

/// All parameters of a model, in the order in which its layers declared them.
package final class ParameterSet {
  /// The parameters.
  package private(set) var parameters: [Parameter] = []
  private var byName: [String: Parameter] = [:]

  /// Makes an empty set.
  package init() {}

  /// The scope of the whole model.
  package var root: ParameterScope { ParameterScope(set: self, prefix: "") }

  /// The parameter of a name.
  package subscript(name: String) -> Parameter? { byName[name] }

  /// How many numbers all parameters have.
  package var count: Int { parameters.reduce(0) { $0 + $1.count } }

  func declare(_ parameter: Parameter) {
    precondition(byName[parameter.name] == nil, "\(parameter.name) is declared twice")
    byName[parameter.name] = parameter
    parameters.append(parameter)
  }

  /// Gives each parameter random values; the same seed gives the same bits.
  ///
  /// - Parameters:
  ///   - seed: the seed.
  ///   - device: where the memory comes from.
  package func initialize(seed: UInt64, on device: Device) {
    for (index, parameter) in parameters.enumerated() {
      var source = RandomSource(seed: seed, UInt32(index))
      let values =
        switch parameter.initialization {
        case .constant(let value):
          [Float](repeating: value, count: parameter.count)
        case .normal(let deviation):
          (0..<parameter.count).map { _ in Float(source.nextNormal()) * deviation }
        case .uniform(let bound):
          (0..<parameter.count).map { _ in (2 * Float(source.nextUniform()) - 1) * bound }
        }
      parameter.load(Tensor(values, shape: parameter.shape, on: device))
    }
  }
}

/// A place in a model's tree of names, under which layers declare their parameters.
package struct ParameterScope {
  private let set: ParameterSet
  private let prefix: String

  init(set: ParameterSet, prefix: String) {
    self.set = set
    self.prefix = prefix
  }

  /// The scope one or more names further down, such as `layer1.0`.
  package subscript(name: String) -> ParameterScope {
    ParameterScope(set: set, prefix: prefix.isEmpty ? name : "\(prefix).\(name)")
  }

  /// Declares a parameter.
  ///
  /// - Parameters:
  ///   - name: its name under this scope.
  ///   - shape: its shape in PyTorch's state dict.
  ///   - initialization: how random values are drawn.
  ///   - isStatistic: whether it is measured on batches rather than trained.
  /// - Returns: the parameter, without values.
  package func parameter(
    _ name: String,
    _ shape: [Int],
    _ initialization: Initialization = .constant(0),
    isStatistic: Bool = false
  ) -> Parameter {
    let parameter = Parameter(
      name: prefix.isEmpty ? name : "\(prefix).\(name)",
      shape: shape,
      initialization: initialization,
      isStatistic: isStatistic
    )
    set.declare(parameter)
    return parameter
  }
}
