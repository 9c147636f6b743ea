/// How a checkpoint's tensors differ from a model's parameters.
package struct CheckpointComparison: Equatable, Sendable {
  /// A tensor whose shape is not the parameter's.
  package struct ShapeDifference: Equatable, Sendable {
    /// The state-dict name.
    package var name: String
    /// The parameter's shape.
    package var expected: [Int]
    /// The tensor's shape.
    package var found: [Int]
  }

  /// Parameters without a tensor.
  package var missing: [String] = []
  /// Tensors without a parameter.
  package var unexpected: [String] = []
  /// Tensors of another shape than their parameter.
  package var misshaped: [ShapeDifference] = []

  /// Whether each parameter has its tensor; unexpected ones don't matter for that.
  package var isComplete: Bool { missing.isEmpty && misshaped.isEmpty }

  /// The differences in one line, long lists cut.
  package var description: String {
    let shapes = misshaped.map { "\($0.name) is \($0.found), expected \($0.expected)" }
    let parts = [
      Self.list("missing", missing), Self.list("mis-shaped", shapes),
      Self.list("unexpected", unexpected),
    ].compactMap(\.self)
    return parts.isEmpty
      ? "the tensors are the model's"
      : parts.joined(separator: "; ") + "; is it a checkpoint of this architecture?"
  }

  private static func list(_ title: String, _ names: [String]) -> String? {
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(5).joined(separator: ", ")
    let rest = names.count > 5 ? " and \(names.count - 5) more" : ""
    return "\(names.count) \(title): \(shown)\(rest)"
  }
}
