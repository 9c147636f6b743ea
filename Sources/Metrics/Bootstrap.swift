import Randomness
import Results

/// How confidence intervals are made: resampling with replacement, percentiles of the replicates.
package struct BootstrapOptions: Equatable, Sendable {
  /// How many replicates are drawn.
  package let replicates: Int
  /// The confidence; at 0.95 the interval runs from the 2.5 % to the 97.5 % quantile.
  package let level: Double
  /// Replicate r draws from the stream `(seed, r)`.
  package let seed: UInt64
  /// The share of replicates without a value above which there is no interval.
  ///
  /// Up to it the interval rests on the other replicates, and a note counts those left out.
  package let maximumUndefinedShare: Double

  /// States the options.
  ///
  /// - Parameters:
  ///   - replicates: how many replicates are drawn; at least 1.
  ///   - level: the confidence; between 0 and 1, both excluded.
  ///   - seed: the experiment's seed.
  ///   - maximumUndefinedShare: the largest tolerated share of replicates without a value; 0...1.
  /// - Throws: `MetricsError` when an option is outside its range.
  package init(
    replicates: Int = 1000,
    level: Double = 0.95,
    seed: UInt64,
    maximumUndefinedShare: Double = 0.05
  ) throws {
    func check(_ isValid: Bool, _ name: String, _ found: String, _ expected: String) throws {
      guard !isValid else { return }
      throw MetricsError(
        .invalidOption(name: name, found: found, expected: expected),
        in: "bootstrap"
      )
    }
    try check(replicates >= 1, "replicates", "\(replicates)", "at least 1")
    try check(level > 0 && level < 1, "level", "\(level)", "a number between 0 and 1")
    try check(
      maximumUndefinedShare >= 0 && maximumUndefinedShare <= 1,
      "maximum undefined share",
      "\(maximumUndefinedShare)",
      "a number in 0...1"
    )
    self.replicates = replicates
    self.level = level
    self.seed = seed
    self.maximumUndefinedShare = maximumUndefinedShare
  }
}

/// What the replicates say about one measurement.
struct BootstrapOutcome: Sendable {
  /// The interval, unless too many replicates lack a value.
  let interval: ConfidenceInterval?
  /// How many replicates lack a value.
  let undefinedReplicates: Int
  /// Why the first of them does, or why nothing was drawn.
  let reason: String?
}

/// Percentile intervals for all measurements of a set of predictions at once.
///
/// Samples are drawn with replacement, N per replicate, or whole groups of samples, as many as there
/// are. A replicate is the same predictions with other multiplicities, so it costs no sorting. The
/// quantiles interpolate linearly between order statistics, as NumPy's do.
///
/// - Parameters:
///   - predictions: N samples.
///   - groups: for each of the N samples, the number of the group (e.g. the patient) that it belongs
///     to; nil where each sample is drawn on its own.
///   - options: replicates, level, seed.
///   - measure: computes the same list of measurements for any multiplicities.
/// - Returns: one outcome per measurement.
/// - Complexity: `replicates` times the cost of `measure`.
/// - Note: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13.
func bootstrap<P: Predictions>(
  _ predictions: P,
  groups: [Int]? = nil,
  _ options: BootstrapOptions,
  _ measure: (P) -> [Measurement]
) -> [BootstrapOutcome] {
  precondition(
    predictions.multiplicities.allSatisfy { $0 == 1 },
    "a bootstrap draws from samples that count once each"
  )
  let whole = measure(predictions)
  let resampler = Resampler(sampleCount: predictions.sampleCount, groups: groups)
  guard resampler.unitCount >= 2 else {
    let reason = "\(resampler.unitCount) \(resampler.unitName) can't be resampled"
    return whole.map { _ in
      BootstrapOutcome(interval: nil, undefinedReplicates: options.replicates, reason: reason)
    }
  }
  var values = Array(repeating: [Double](), count: whole.count)
  var reasons = Array(repeating: String?.none, count: whole.count)
  for replicate in 0..<options.replicates {
    var random = RandomSource(seed: options.seed, UInt32(truncatingIfNeeded: replicate))
    let measured = measure(predictions.counted(resampler.draw(&random)))
    for index in whole.indices {
      switch measured[index].comparable(to: whole[index]) {
      case .value(let number): values[index].append(number)
      case .undefined(let reason): reasons[index] = reasons[index] ?? reason
      }
    }
  }
  return whole.indices.map { index in
    BootstrapOutcome(
      interval: whole[index].value.number == nil
        ? nil : percentileInterval(values[index], resampler.method, options),
      undefinedReplicates: options.replicates - values[index].count,
      reason: reasons[index]
    )
  }
}

/// Draws samples, or groups of samples, with replacement.
struct Resampler {
  private let sampleCount: Int
  /// For each group, its samples; nil where each sample is drawn on its own.
  private let members: [[Int]]?

  /// Prepares drawing.
  ///
  /// - Parameters:
  ///   - sampleCount: N.
  ///   - groups: the N numbers of the samples' groups, or nil.
  init(sampleCount: Int, groups: [Int]?) {
    self.sampleCount = sampleCount
    guard let groups else {
      members = nil
      return
    }
    precondition(groups.count == sampleCount, "\(groups.count) groups for \(sampleCount) samples")
    var numbers: [Int: Int] = [:]
    var members: [[Int]] = []
    for (sample, group) in groups.enumerated() {
      if let number = numbers[group] {
        members[number].append(sample)
      } else {
        numbers[group] = members.count
        members.append([sample])
      }
    }
    self.members = members
  }

  /// How many things there are to draw from.
  var unitCount: Int { members?.count ?? sampleCount }

  /// What is drawn.
  var unitName: String {
    (members == nil ? "sample" : "group") + (unitCount == 1 ? "" : "s")
  }

  /// The method's name in results.
  var method: String { members == nil ? "bootstrap-percentile" : "cluster-bootstrap-percentile" }

  /// How often each sample was drawn; N numbers.
  func draw(_ random: inout RandomSource) -> [Int32] {
    var multiplicities = Array(repeating: Int32(0), count: sampleCount)
    for _ in 0..<unitCount {
      let unit = random.nextIndex(below: unitCount)
      guard let members else {
        multiplicities[unit] += 1
        continue
      }
      for sample in members[unit] { multiplicities[sample] += 1 }
    }
    return multiplicities
  }
}

/// The interval between the outer quantiles, or nil where too many replicates lack a value.
private func percentileInterval(
  _ values: [Double],
  _ method: String,
  _ options: BootstrapOptions
) -> ConfidenceInterval? {
  let undefined = options.replicates - values.count
  let allowed = options.maximumUndefinedShare * Double(options.replicates)
  guard !values.isEmpty, Double(undefined) <= allowed else { return nil }
  let sorted = values.sorted()
  let tail = (1 - options.level) / 2
  return ConfidenceInterval(
    low: quantile(tail, ofSorted: sorted),
    high: quantile(1 - tail, ofSorted: sorted),
    level: options.level,
    method: method,
    replicates: values.count,
    seed: options.seed
  )
}

/// The quantile by linear interpolation between order statistics (Hyndman and Fan's type 7).
///
/// - Parameters:
///   - share: which quantile, in 0...1.
///   - sorted: at least one number, ascending.
/// - Returns: a number between the first and the last.
package func quantile(_ share: Double, ofSorted sorted: [Double]) -> Double {
  let position = share * Double(sorted.count - 1)
  let below = Int(position)
  guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
  return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
}
