/// Probabilities with the numbers of positives and negatives that have them, exactly.
///
/// Non-negative floats are ordered as their bit patterns are. Pixels gather in a buffer as
/// `bits << 1 | isPositive`; a full buffer is sorted (radix, three passes) and merged into runs of
/// 12 bytes per distinct value. The buffer grows with the runs, so a pixel costs amortised O(1)
/// merging steps: 0.2 µs where hardly two pixels share a value, 0.05 µs in 8-bit maps (4.5 and 20
/// million pixels, one thread).
///
/// Memory: at rest 12 bytes for each of D distinct values and a buffer of max(2¹⁶, D / 2) pixels of 4
/// bytes, with room to grow to twice that; while merging, old and new runs and the buffer twice, at
/// most 24 bytes for each distinct value afterwards.
struct ScoreRuns: Sendable {
  /// The distinct values' bit patterns, ascending; D of them, pending pixels apart.
  private(set) var bits: [UInt32] = []
  /// For each distinct value, how many positives have it.
  private(set) var positives: [UInt32] = []
  /// For each distinct value, how many negatives have it.
  private(set) var negatives: [UInt32] = []

  private var pending: [UInt32] = []

  /// No pixel yet.
  init() {}

  /// Whether the next pixel needs `compact` first.
  @inline(__always)
  var isFull: Bool { pending.count >= max(1 << 16, bits.count / 2) }

  /// Adds one pixel.
  ///
  /// - Parameters:
  ///   - probability: a number in 0...1.
  ///   - isPositive: its truth.
  @inline(__always)
  mutating func add(_ probability: Float, isPositive: Bool) {
    // Adding 0 turns −0 into 0.
    pending.append((probability + 0).bitPattern << 1 | (isPositive ? 1 : 0))
  }

  /// Merges the buffer into the runs.
  mutating func compact() {
    guard !pending.isEmpty else { return }
    var taken: [UInt32] = []
    swap(&taken, &pending)
    let keys = radixSorted(consume taken)
    var merged = ScoreRuns()
    merged.reserve(bits.count + distinctCount(keys))
    var run = 0
    var key = 0
    while run < bits.count || key < keys.count {
      let next = key < keys.count ? keys[key] >> 1 : UInt32.max
      let value = run < bits.count ? min(bits[run], next) : next
      var counts: (positives: UInt32, negatives: UInt32) = (0, 0)
      if run < bits.count, bits[run] == value {
        counts = (positives[run], negatives[run])
        run += 1
      }
      while key < keys.count, keys[key] >> 1 == value {
        if keys[key] & 1 == 1 { counts.positives += 1 } else { counts.negatives += 1 }
        key += 1
      }
      merged.append(value, counts.positives, counts.negatives)
    }
    bits = merged.bits
    positives = merged.positives
    negatives = merged.negatives
  }

  private mutating func reserve(_ count: Int) {
    bits.reserveCapacity(count)
    positives.reserveCapacity(count)
    negatives.reserveCapacity(count)
  }

  private mutating func append(_ value: UInt32, _ positive: UInt32, _ negative: UInt32) {
    bits.append(value)
    positives.append(positive)
    negatives.append(negative)
  }
}

/// How many different values ascending keys hold, their lowest bits apart.
private func distinctCount(_ keys: [UInt32]) -> Int {
  var count = 0
  var last = UInt32.max
  for key in keys where key >> 1 != last {
    last = key >> 1
    count += 1
  }
  return count
}

/// The keys in ascending order.
///
/// - Parameter keys: any numbers.
/// - Returns: the same numbers, sorted by 11 bits at a time from the lowest.
/// - Complexity: O(n).
func radixSorted(_ keys: consuming [UInt32]) -> [UInt32] {
  var source = keys
  if source.count < 2048 {
    source.sort()
    return source
  }
  var target = Array(repeating: UInt32(0), count: source.count)
  for shift in [UInt32(0), 11, 22] {
    var starts = Array(repeating: 0, count: 2049)
    for key in source { starts[Int(key >> shift & 2047) + 1] += 1 }
    for digit in 1...2048 { starts[digit] += starts[digit - 1] }
    for key in source {
      let digit = Int(key >> shift & 2047)
      target[starts[digit]] = key
      starts[digit] += 1
    }
    swap(&source, &target)
  }
  return source
}
