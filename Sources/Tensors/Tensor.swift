package import Parallelism

/// An array of float32 with a shape, row by row (the last dimension's neighbours lie together).
///
/// Images and feature maps are [N, H, W, C]. A tensor belongs to one thread; copies share memory,
/// which nobody writes to once an operation has returned it, except the operation that holds the
/// only reference (`isUniquelyHeld`).
package struct Tensor {
  /// The sizes, outermost first; empty for a single number.
  package let shape: [Int]
  private var storage: Storage

  /// A tensor whose content is undefined.
  ///
  /// - Parameters:
  ///   - shape: the sizes.
  ///   - device: where its memory comes from.
  package init(uninitialized shape: [Int], on device: Device) {
    precondition(shape.allSatisfy { $0 >= 0 }, "a tensor of shape \(shape)")
    self.shape = shape
    storage = Storage(count: shape.reduce(1, *), pool: device.storage)
  }

  /// A tensor with given elements.
  ///
  /// - Parameters:
  ///   - elements: row by row, as many as the shape has.
  ///   - shape: the sizes.
  ///   - device: where its memory comes from.
  package init(_ elements: [Float], shape: [Int], on device: Device) {
    self.init(uninitialized: shape, on: device)
    precondition(elements.count == count, "\(elements.count) elements for a tensor \(shape)")
    storage.view.copy(from: elements)
  }

  private init(shape: [Int], storage: Storage) {
    self.shape = shape
    self.storage = storage
  }

  /// How many elements there are.
  package var count: Int { storage.view.count }

  /// How many bytes the elements take.
  package var byteCount: Int { count * MemoryLayout<Float>.stride }

  /// The elements in an array of their own, row by row.
  package var elements: [Float] { storage.view.copied() }

  /// The same elements in another shape; nothing is copied.
  ///
  /// - Parameter shape: the new sizes; one of them may be −1 and follows from the others.
  /// - Returns: a tensor that shares the memory.
  package func reshaped(_ shape: [Int]) -> Tensor {
    let known = shape.filter { $0 >= 0 }.reduce(1, *)
    let resolved = shape.map { $0 >= 0 ? $0 : count / max(known, 1) }
    precondition(
      resolved.reduce(1, *) == count && shape.count(where: { $0 < 0 }) <= 1,
      "a tensor \(self.shape) reshaped to \(shape)"
    )
    return Tensor(shape: resolved, storage: storage)
  }

  /// Whether no other tensor shares the memory, so that it may be written in place.
  package mutating func isUniquelyHeld() -> Bool { isKnownUniquelyReferenced(&storage) }

  /// Lends the memory to kernels.
  ///
  /// - Parameter body: uses the view; it is not valid afterwards.
  /// - Returns: what `body` returns.
  package func withView<Result>(_ body: (MemoryView<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(storage.view) }
  }
}

/// Lends two tensors' memory to kernels.
package func withViews<Result>(
  _ a: Tensor,
  _ b: Tensor,
  _ body: (MemoryView<Float>, MemoryView<Float>) throws -> Result
) rethrows -> Result {
  try a.withView { a in try b.withView { b in try body(a, b) } }
}

/// Lends three tensors' memory to kernels.
package func withViews<Result>(
  _ a: Tensor,
  _ b: Tensor,
  _ c: Tensor,
  _ body: (MemoryView<Float>, MemoryView<Float>, MemoryView<Float>) throws -> Result
) rethrows -> Result {
  try withViews(a, b) { a, b in try c.withView { c in try body(a, b, c) } }
}

/// Lends four tensors' memory to kernels.
package func withViews<Result>(
  _ a: Tensor,
  _ b: Tensor,
  _ c: Tensor,
  _ d: Tensor,
  _ body: (MemoryView<Float>, MemoryView<Float>, MemoryView<Float>, MemoryView<Float>) throws ->
    Result
) rethrows -> Result {
  try withViews(a, b) { a, b in try withViews(c, d) { c, d in try body(a, b, c, d) } }
}
