import Randomness

/// The streams of random numbers that a training draws from.
///
/// Each follows from the seed, the epoch and the step alone, so that a training that goes on where
/// another one stopped draws the same numbers, and no generator's state is saved.
struct TrainingStreams {
  /// The training's seed.
  let seed: UInt64

  /// What an epoch's order of samples is drawn from.
  ///
  /// - Parameter epoch: which epoch, from 0.
  /// - Returns: the stream.
  func order(ofEpoch epoch: Int) -> RandomSource {
    // "order" in ASCII, so that no other purpose derives the same seed.
    let purpose = SIMD4<UInt32>(0x6f72_6465, 0x7200_0000, 0, 0)
    return RandomSource(seed: derived(purpose), UInt32(epoch))
  }

  /// The seed of what operations draw in one batch, such as dropout's masks.
  ///
  /// - Parameters:
  ///   - step: which step of the training, from 0.
  ///   - part: which batch of the step, from 0.
  /// - Returns: the tape's seed.
  func tapeSeed(step: Int, part: Int) -> UInt64 {
    // "tape" in ASCII.
    derived(SIMD4(0x7461_7065, UInt32(truncatingIfNeeded: step), UInt32(part), 0))
  }

  private func derived(_ purpose: SIMD4<UInt32>) -> UInt64 {
    let key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let words = philox(purpose, key)
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }
}
