import CKernels
package import Parallelism

extension ComputeContext {
  /// How many elements of a sum or a search make a chunk: 256 kB.
  private static let sumGrain = 65_536
  /// How many elements of a multiple make a chunk: 64 kB.
  private static let elementGrain = 16_384

  /// The index of the first element that is NaN or infinite.
  ///
  /// 4 bytes per element moved; all chunks are searched, so that any number of threads finds the
  /// first.
  ///
  /// - Parameter x: any number of floats.
  /// - Returns: the index; nil when all are finite.
  package func firstNonFinite(_ x: MemoryView<Float>) -> Int? {
    let run = unsafe kernels.gradients.arithmetic.firstNonFinite.run
    let found = pool.mapChunks(of: x.count, grain: Self.sumGrain) { range in
      let index = unsafe run(range.count, x[range].pointer)
      return index < range.count ? range.lowerBound + index : Int.max
    }
    guard let first = found.min(), first < Int.max else { return nil }
    return first
  }

  /// Σ x in double.
  ///
  /// - Parameter x: any number of floats.
  /// - Returns: the sum; partial sums are added in order.
  package func sum(_ x: MemoryView<Float>) -> Double {
    let run = unsafe kernels.gradients.arithmetic.sum.run
    let partial = pool.mapChunks(of: x.count, grain: Self.sumGrain) { range in
      unsafe run(range.count, x[range].pointer)
    }
    return partial.reduce(0, +)
  }

  /// Sets each element.
  ///
  /// - Parameters:
  ///   - x: any number of floats, 4 bytes of each moved.
  ///   - value: what to.
  package func fill(_ x: MemoryView<Float>, with value: Float) {
    pool.forEachChunk(of: x.count, grain: Self.sumGrain) { x[$0].fill(with: value) }
  }

  /// y = x or y += x, element by element.
  ///
  /// - Parameters:
  ///   - x: any number of floats.
  ///   - adds: whether they are added to what y holds.
  ///   - y: as many, not x itself.
  package func copy(_ x: MemoryView<Float>, adds: Bool = false, into y: MemoryView<Float>) {
    guard !adds else { return add(x, y, into: y) }
    precondition(x.count == y.count, "\(x.count) floats copied into \(y.count)")
    pool.forEachChunk(of: x.count, grain: Self.sumGrain) { y[$0].copy(from: x[$0]) }
  }

  /// y = factor·x or y += factor·x, element by element.
  ///
  /// - Parameters:
  ///   - x: any number of floats.
  ///   - factor: what they are multiplied with.
  ///   - adds: whether the products are added to what y holds.
  ///   - y: as many; may be x itself.
  package func scaled(
    _ x: MemoryView<Float>,
    by factor: Float,
    adds: Bool = false,
    into y: MemoryView<Float>
  ) {
    precondition(x.count == y.count, "a multiple of \(x.count) into \(y.count) floats")
    let run = unsafe kernels.gradients.arithmetic.scaled.run
    pool.forEachChunk(of: x.count, grain: Self.elementGrain) { range in
      unsafe run(range.count, factor, x[range].pointer, adds ? 1 : 0, y[range].pointer)
    }
  }

  /// y = x·factors or y += x·factors for each row.
  ///
  /// - Parameters:
  ///   - x: R rows of C floats.
  ///   - factors: C floats, at least 1.
  ///   - adds: whether the products are added to what y holds.
  ///   - y: as x; may be x itself.
  package func multiply(
    _ x: MemoryView<Float>,
    row factors: MemoryView<Float>,
    adds: Bool = false,
    into y: MemoryView<Float>
  ) {
    let width = factors.count
    precondition(
      width > 0 && x.count % width == 0 && x.count == y.count,
      "a row of \(width) multiplied with \(x.count) into \(y.count) floats"
    )
    let run = unsafe kernels.gradients.arithmetic.multiplyRow.run
    pool.forEachChunk(of: x.count / width, grain: rowGrain(width)) { rows in
      unsafe run(
        rows.count,
        width,
        x.rows(rows, width: width).pointer,
        factors.pointer,
        adds ? 1 : 0,
        y.rows(rows, width: width).pointer
      )
    }
  }
}

extension MemoryView where Element == Float {
  /// Sets each element.
  ///
  /// As the method of all views, but compiled for floats: that one takes 2 ns per element.
  ///
  /// - Parameter value: what to.
  package func fill(with value: Float) {
    unsafe pointer.update(repeating: value, count: count)
  }
}
