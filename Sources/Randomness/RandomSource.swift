/// A counter-based generator: Philox 4×32 with 10 rounds.
///
/// A stream is named by a seed and a sequence of indices (epoch, sample, …), so that each sample
/// draws the same numbers on any number of threads and in any order.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
package struct RandomSource: RandomNumberGenerator, Sendable, Equatable {
  private var key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  private var block = SIMD4<UInt32>.zero
  /// How many 32-bit words of `block` have been handed out; 4 asks for a new block.
  private var used = 4

  /// Opens the stream of `seed` that `indices` name.
  ///
  /// - Parameters:
  ///   - seed: the experiment's seed.
  ///   - indices: at most two numbers that tell streams of one seed apart.
  package init(seed: UInt64, _ indices: UInt32...) {
    precondition(indices.count <= 2, "a stream is named by at most 2 indices")
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = .zero
    // An absent index is 0 in its word of the counter, index i is i + 1; where that wraps, a bit that
    // counting blocks never reaches tells the two apart.
    for (place, index) in zip([3, 2], indices) {
      counter[place] = index &+ 1
      if index == .max { counter[1] |= 1 << UInt32(28 + place) }
    }
  }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    UInt64(nextWord()) | UInt64(nextWord()) << 32
  }

  /// A number in `[0, 1)` with 53 random bits.
  ///
  /// - Returns: a multiple of 2⁻⁵³.
  package mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number in `range`.
  ///
  /// - Parameter range: the bounds; the upper one is excluded up to rounding.
  /// - Returns: a number in `range`.
  package mutating func nextUniform(in range: Range<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * nextUniform()
  }

  /// A whole number in `0..<bound`, each as likely, by rejection.
  ///
  /// Written out, and not left to the standard library, so that a seed's numbers stay the same when
  /// the library changes its method.
  ///
  /// Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.
  ///
  /// - Parameter bound: at least 1.
  /// - Returns: a number in `0..<bound`.
  package mutating func nextIndex(below bound: Int) -> Int {
    precondition(bound >= 1, "no index is below \(bound)")
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      // 2⁶⁴ mod bound: so many products of each index would be one too many.
      let excess = (0 &- bound) % bound
      while product.low < excess { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// A normally distributed number of mean 0 and deviation 1, by Box and Muller's method.
  ///
  /// - Returns: a number of magnitude below 8.6, the largest that 53 bits give.
  package mutating func nextNormal() -> Double {
    let radius = (-2 * logarithm(1 - nextUniform())).squareRoot()
    return radius * cosine(2 * .pi * nextUniform())
  }

  /// Puts `elements` into random order (Fisher and Yates).
  ///
  /// - Parameter elements: the array to shuffle in place.
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, nextIndex(below: last + 1))
    }
  }

  private mutating func nextWord() -> UInt32 {
    if used == 4 {
      block = philox(counter, key)
      counter[0] &+= 1
      if counter[0] == 0 { counter[1] &+= 1 }
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }
}

/// One block of Philox 4×32-10.
///
/// Source: Salmon et al. 2011, section 4.3; the names there are `ctr` and `key`.
///
/// - Parameters:
///   - counter: which block of the stream, least significant word first.
///   - key: which stream.
/// - Returns: 128 random bits, in the order in which they are handed out.
package func philox(_ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>) -> SIMD4<UInt32> {
  var state = counter
  var roundKey = key
  for _ in 0..<10 {
    let first = UInt64(0xD251_1F53) * UInt64(state[0])
    let second = UInt64(0xCD9E_8D57) * UInt64(state[2])
    state = SIMD4(
      UInt32(truncatingIfNeeded: second >> 32) ^ state[1] ^ roundKey[0],
      UInt32(truncatingIfNeeded: second),
      UInt32(truncatingIfNeeded: first >> 32) ^ state[3] ^ roundKey[1],
      UInt32(truncatingIfNeeded: first)
    )
    roundKey = SIMD2(roundKey[0] &+ 0x9E37_79B9, roundKey[1] &+ 0xBB67_AE85)
  }
  return state
}
