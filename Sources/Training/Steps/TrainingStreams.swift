import Randomness

/// The seeds of what the operations of a training draw.
///
/// Each follows from the training's seed and the step alone, as the order of samples does from seed
/// and epoch: a training that goes on where another one stopped draws the same numbers, and no
/// generator's state is saved.
struct TrainingStreams {
  /// The training's seed.
  let seed: UInt64

  /// The seed of what operations draw in one batch, such as dropout's masks.
  ///
  /// - Parameters:
  ///   - step: which step of the training, from 0.
  ///   - part: which batch of the step, from 0.
  /// - Returns: the tape's seed.
  func tapeSeed(step: Int, part: Int) -> UInt64 {
    // "tape" in ASCII, so that no other purpose derives the same seed.
    let counter = SIMD4(0x7461_7065, UInt32(truncatingIfNeeded: step), UInt32(part), 0)
    let key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let words = philox(counter, key)
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }
}
