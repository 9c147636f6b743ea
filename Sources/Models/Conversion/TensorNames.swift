import Checkpoints

/// The tensors of a file by name, with what their names and shapes say about a model's sizes.
struct TensorNames {
  private let shapes: [String: [Int]]

  init(_ tensors: [TensorDescription]) {
    shapes = Dictionary(
      tensors.map { ($0.name, $0.shape) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// A tensor's shape; nil where there is no such tensor.
  subscript(name: String) -> [Int]? { shapes[name] }

  /// Whether there is such a tensor.
  func has(_ name: String) -> Bool { shapes[name] != nil }

  /// One size of a tensor.
  ///
  /// - Parameters:
  ///   - dimension: which of its sizes.
  ///   - name: its name.
  ///   - rank: how many sizes it must have.
  /// - Returns: the size, in 1…2³¹: products of two don't overflow.
  /// - Throws: `ModelsError.unrecognized` where there is none.
  func size(_ dimension: Int, of name: String, rank: Int) throws -> Int {
    guard let shape = shapes[name] else {
      throw ModelsError(.unrecognized(detail: "\(name) is missing"))
    }
    guard shape.count == rank, (1...1 << 31).contains(shape[dimension]) else {
      throw ModelsError(
        .unrecognized(detail: "\(name) is \(shape), expected \(rank) sizes from 1 to 2^31")
      )
    }
    return shape[dimension]
  }

  /// How many consecutive numbers from 0 on make a known name, such as those of blocks.
  ///
  /// - Parameters:
  ///   - prefix: what comes before the number.
  ///   - suffix: what comes after it.
  /// - Returns: the first number that doesn't.
  func count(_ prefix: String, _ suffix: String) -> Int {
    var count = 0
    while has("\(prefix)\(count)\(suffix)") { count += 1 }
    return count
  }

  /// The side of the square of positions after a class token.
  ///
  /// - Parameters:
  ///   - name: the table's name.
  ///   - rank: how many sizes it has; the positions are the last but one.
  /// - Returns: the side, at least 1.
  /// - Throws: `ModelsError.unrecognized` where the positions make no square.
  func grid(of name: String, rank: Int = 2) throws -> Int {
    let positions = try size(rank - 2, of: name, rank: rank) - 1
    let side = Int(Double(positions).squareRoot().rounded())
    guard side >= 1, side * side == positions else {
      throw ModelsError(
        .unrecognized(detail: "\(name) has \(positions) positions, expected a square number")
      )
    }
    return side
  }
}
