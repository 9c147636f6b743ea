extension ComputeContext {
  /// How many elements of an optimiser's arrays make a part: 256 kB of each array, so that streams
  /// are long and the two threads of a small machine share even one layer's matrix.
  static let optimizerGrain = 65_536

  /// Cuts arrays into parts of at most `grain` elements, in order.
  ///
  /// One loop over the parts of all parameters costs one meeting of the threads, where a loop per
  /// parameter would cost hundreds.
  static func parts(of counts: [Int], grain: Int = optimizerGrain) -> [OptimizerPart] {
    var parts: [OptimizerPart] = []
    parts.reserveCapacity(counts.reduce(0) { $0 + $1 / grain + 1 })
    for (index, count) in counts.enumerated() {
      for start in stride(from: 0, to: count, by: grain) {
        parts.append(OptimizerPart(index: index, range: start..<min(start + grain, count)))
      }
    }
    return parts
  }
}

/// Consecutive elements of one parameter among several.
struct OptimizerPart: Sendable {
  /// Which parameter.
  let index: Int
  /// Which of its elements.
  let range: Range<Int>
}
