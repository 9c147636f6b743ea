import Randomness

/// The order in which an epoch shows samples.
struct EpochOrder: Equatable {
  /// As many samples as there are; of a uniform order, each once.
  let samples: [Int]
  /// How often the epoch has shown each of them before; 0 in a uniform order.
  let repetitions: [Int]

  /// Each sample once, shuffled.
  ///
  /// - Parameters:
  ///   - count: how many samples there are.
  ///   - source: the epoch's stream.
  init(shuffling count: Int, from source: inout RandomSource) {
    var samples = Array(0..<count)
    source.shuffle(&samples)
    self.samples = samples
    repetitions = Array(repeating: 0, count: count)
  }

  /// As many samples as there are, drawn with weights, shuffled.
  ///
  /// Systematic sampling (Madow 1949): the weights of the shuffled samples are laid end to end and a
  /// comb with n equal gaps picks from them. A sample of share p is shown ⌊n·p⌋ or ⌈n·p⌉ times, on
  /// average n·p; drawing one by one has the same mean, but shows some samples far more often, and
  /// classes of equal weight unequally.
  ///
  /// - Parameters:
  ///   - weights: one per sample, finite, at least 0, not all 0.
  ///   - source: the epoch's stream.
  init(weights: [Double], from source: inout RandomSource) {
    let count = weights.count
    var candidates = Array(0..<count)
    source.shuffle(&candidates)
    let gap = weights.reduce(0, +) / Double(count)
    let offset = source.nextUniform()
    var samples: [Int] = []
    samples.reserveCapacity(count)
    var end = 0.0
    for candidate in candidates where weights[candidate] > 0 {
      end += weights[candidate]
      while samples.count < count, (Double(samples.count) + offset) * gap < end {
        samples.append(candidate)
      }
    }
    // Where rounding leaves the last tooth beyond the end, the last sample is the one below it.
    while samples.count < count, let last = candidates.last(where: { weights[$0] > 0 }) {
      samples.append(last)
    }
    source.shuffle(&samples)
    self.samples = samples
    var shown = Array(repeating: 0, count: count)
    repetitions = samples.map { sample in
      defer { shown[sample] += 1 }
      return shown[sample]
    }
  }
}
