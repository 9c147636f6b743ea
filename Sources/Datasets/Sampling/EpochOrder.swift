import Randomness

/// In which order the samples of a training set are shown.
package enum EpochOrder {
  /// Every sample once, in random order.
  ///
  /// The order depends on the count, the seed and the epoch alone, so that any epoch can be resumed.
  ///
  /// - Parameters:
  ///   - count: N, how many samples there are.
  ///   - seed: the experiment's seed.
  ///   - epoch: which epoch, from 0.
  /// - Returns: `0..<N`, each once.
  package static func shuffled(_ count: Int, seed: UInt64, epoch: Int) -> [Int] {
    precondition(count >= 0 && epoch >= 0, "epoch \(epoch) of \(count) samples")
    var source = SamplingStream.open(.order, seed: seed, epoch: epoch)
    var order = Array(0..<count)
    source.shuffle(&order)
    return order
  }

  /// Samples drawn with replacement, each with the same chance at every draw: its share of the weights.
  ///
  /// - Parameters:
  ///   - draws: how many are drawn; usually as many as there are samples.
  ///   - weights: N finite weights of at least 0, at least one of them above; the scale is of no
  ///     matter.
  ///   - seed: the experiment's seed.
  ///   - epoch: which epoch, from 0.
  /// - Returns: indices in `0..<N`; those of weight 0 never.
  /// - Complexity: O(N + draws · log N).
  package static func weighted(
    _ draws: Int,
    weights: [Double],
    seed: UInt64,
    epoch: Int
  ) -> [Int] {
    precondition(draws >= 0 && epoch >= 0, "\(draws) draws in epoch \(epoch)")
    precondition(
      weights.allSatisfy { $0 >= 0 && $0.isFinite } && weights.contains { $0 > 0 },
      "weights that no sample can be drawn with"
    )
    var bounds: [Double] = []
    bounds.reserveCapacity(weights.count)
    var total = 0.0
    for weight in weights {
      total += weight
      bounds.append(total)
    }
    var source = SamplingStream.open(.weighted, seed: seed, epoch: epoch)
    return (0..<draws).map { _ in firstIndex(above: total * source.nextUniform(), in: bounds) }
  }

  /// How often each sample of an order has come before in it: it names the random numbers of its
  /// augmentation, so that a sample that is drawn twice looks different.
  ///
  /// - Parameter order: indices of samples.
  /// - Returns: as many counts; all 0 where each sample comes once.
  package static func repetitions(in order: [Int]) -> [Int] {
    var seen: [Int: Int] = [:]
    return order.map { index in
      defer { seen[index, default: 0] += 1 }
      return seen[index, default: 0]
    }
  }

  /// The first index whose bound lies above a value; bounds rise, and equal ones follow a weight of 0.
  private static func firstIndex(above value: Double, in bounds: [Double]) -> Int {
    var (low, high) = (0, bounds.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] > value { high = middle } else { low = middle + 1 }
    }
    // Rounding may bring the value up to the total: then the last bound that is a step is meant.
    while low > 0, bounds[low] == bounds[low - 1] { low -= 1 }
    return low
  }
}

/// The streams of random numbers that sampling draws from.
private enum SamplingStream {
  /// What a stream is for; each purpose has streams of its own.
  enum Purpose: UInt32 {
    case order = 1
    case weighted = 2
  }

  /// Opens the stream of one purpose and epoch, apart from every other stream of the seed.
  static func open(_ purpose: Purpose, seed: UInt64, epoch: Int) -> RandomSource {
    // "samp" in ASCII, so that no other part of the program derives the same seed.
    let counter = SIMD4<UInt32>(0x7361_6d70, purpose.rawValue, 0, 0)
    let key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let derived = philox(counter, key)
    return RandomSource(seed: UInt64(derived[0]) | UInt64(derived[1]) << 32, UInt32(epoch))
  }
}
