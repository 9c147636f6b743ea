import Randomness

/// The streams of random numbers that augmentation draws from.
enum SampleStream {
  /// Opens the stream of one sample in one epoch: the same on any thread, in any order, resumed or not.
  ///
  /// The experiment's seed and the repetition give a seed of the streams' own, so that they have
  /// nothing in common with other streams of the experiment.
  ///
  /// - Parameters:
  ///   - seed: the experiment's seed.
  ///   - epoch: which epoch, from 0.
  ///   - sample: which sample of the data set, from 0.
  ///   - repetition: how often the epoch has shown the sample before.
  /// - Returns: the stream.
  static func open(seed: UInt64, epoch: Int, sample: Int, repetition: Int = 0) -> RandomSource {
    // "augment" in ASCII, so that no other purpose derives the same seed.
    let purpose = SIMD4<UInt32>(0x6175_676d, 0x656e_7400, UInt32(repetition), 0)
    let key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let derived = philox(purpose, key)
    return RandomSource(
      seed: UInt64(derived[0]) | UInt64(derived[1]) << 32,
      UInt32(epoch),
      UInt32(sample)
    )
  }
}
