import Tensors

/// Takes the arrays of a saved state one by one and says which are missing or left over.
struct StateReader {
  private var arrays: [String: Tensor]

  init(_ state: [(name: String, tensor: Tensor)]) {
    arrays = Dictionary(
      state.map { ($0.name, $0.tensor) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// An array of a known shape.
  ///
  /// - Throws: ``OptimizersError`` where it is missing or has another shape.
  mutating func take(_ name: String, shape: [Int]) throws -> Tensor {
    guard let tensor = arrays.removeValue(forKey: name) else {
      throw OptimizersError(.missingState(name: name))
    }
    guard tensor.shape == shape else {
      throw OptimizersError(
        .unexpectedStateShape(name: name, expected: shape, found: tensor.shape)
      )
    }
    return tensor
  }

  /// A count that is stored as one float, exact up to 2²⁴.
  ///
  /// - Throws: ``OptimizersError`` where it is missing or counts nothing.
  mutating func takeCount(_ name: String) throws -> Int {
    let value = try take(name, shape: []).elements[0]
    guard value >= 0, let count = Int(exactly: value) else {
      throw OptimizersError(.invalidStateCount(name: name, value: "\(value)"))
    }
    return count
  }

  /// Makes sure that nothing of some kinds is left.
  ///
  /// - Throws: ``OptimizersError`` that names the first array, in the order of names.
  func finish(kinds: [String]) throws {
    let left = arrays.keys.filter { name in kinds.contains { name.hasPrefix("\($0)/") } }
    if let first = left.min() { throw OptimizersError(.unexpectedState(name: first)) }
  }
}
