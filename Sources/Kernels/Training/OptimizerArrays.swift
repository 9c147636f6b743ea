import CKernels
package import Parallelism

// What clipping and averaging do to all parameters' arrays in one loop each.
extension ComputeContext {
  /// Σ x² of each array in double, 4 bytes per number moved.
  ///
  /// - Parameter arrays: any number of any sizes.
  /// - Returns: one sum per array; partial sums are added in order.
  package func sumsOfSquares(_ arrays: [MemoryView<Float>]) -> [Double] {
    let parts = Self.parts(of: arrays.map(\.count))
    let run = unsafe kernels.optimizer.sumOfSquares.run
    let partial = pool.mapChunks(of: parts.count, grain: 1) { chunk in
      chunk.reduce(0.0) { sum, index in
        let part = parts[index]
        return sum + (unsafe run(part.range.count, arrays[part.index][part.range].pointer))
      }
    }
    var sums = [Double](repeating: 0, count: arrays.count)
    for (part, sum) in zip(parts, partial) { sums[part.index] += sum }
    return sums
  }

  /// x = factor·x of each array, 8 bytes per number moved.
  ///
  /// - Parameters:
  ///   - arrays: any number of any sizes; they do not overlap.
  ///   - factor: what each number is multiplied with.
  package func scale(_ arrays: [MemoryView<Float>], by factor: Float) {
    let parts = Self.parts(of: arrays.map(\.count))
    let run = unsafe kernels.optimizer.scaleInPlace.run
    pool.forEach(parts.count) { index in
      let part = parts[index]
      unsafe run(part.range.count, factor, arrays[part.index][part.range].pointer)
    }
  }

  /// average = decay·average + (1 − decay)·w of each pair of arrays, 12 bytes per number moved.
  ///
  /// - Parameters:
  ///   - averages: updated; they do not overlap.
  ///   - weights: one array per average, as long.
  ///   - decay: in 0...1.
  package func moveAverages(
    _ averages: [MemoryView<Float>],
    towards weights: [MemoryView<Float>],
    decay: Double
  ) {
    let parts = pairedParts(averages, weights)
    let run = unsafe kernels.optimizer.movingAverage.run
    let (old, new) = (Float(decay), Float(1 - decay))
    pool.forEach(parts.count) { index in
      let (array, range) = (parts[index].index, parts[index].range)
      unsafe run(
        range.count,
        old,
        new,
        weights[array][range].pointer,
        averages[array][range].pointer
      )
    }
  }

  /// Exchanges the content of each pair of arrays.
  ///
  /// - Parameters:
  ///   - first: do not overlap.
  ///   - second: one array per array of `first`, as long.
  package func exchange(_ first: [MemoryView<Float>], with second: [MemoryView<Float>]) {
    let parts = pairedParts(first, second)
    pool.forEach(parts.count) { index in
      let (array, range) = (parts[index].index, parts[index].range)
      let a = unsafe first[array][range].pointer
      let b = unsafe second[array][range].pointer
      for element in 0..<range.count {
        let kept = unsafe a[element]
        unsafe a[element] = b[element]
        unsafe b[element] = kept
      }
    }
  }

  /// a = b + factor·c: the triad of McCalpin's STREAM, the measure of the memory's speed.
  ///
  /// - Parameters:
  ///   - b: any number of floats.
  ///   - factor: what c is multiplied with.
  ///   - c: as many.
  ///   - a: as many; overlaps neither.
  package func triad(
    _ b: MemoryView<Float>,
    _ factor: Float,
    _ c: MemoryView<Float>,
    into a: MemoryView<Float>
  ) {
    precondition(b.count == a.count && c.count == a.count, "a triad of \(a.count) floats")
    let run = unsafe kernels.optimizer.triad.run
    pool.forEachChunk(of: a.count, grain: Self.optimizerGrain) { range in
      unsafe run(range.count, factor, b[range].pointer, c[range].pointer, a[range].pointer)
    }
  }

  private func pairedParts(
    _ first: [MemoryView<Float>],
    _ second: [MemoryView<Float>]
  ) -> [OptimizerPart] {
    precondition(
      first.map(\.count) == second.map(\.count),
      "\(first.count) arrays paired with \(second.count) of other sizes"
    )
    return Self.parts(of: first.map(\.count))
  }
}
