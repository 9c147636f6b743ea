import Randomness

/// What a stream of random numbers is for.
///
/// Each part of a sample draws from a stream of its own, so that a change in one part leaves the
/// random numbers of all others as they were.
enum SyntheticPurpose: UInt32 {
  case traits
  case split
  case conditions
  case anatomy
  case vessels
  case lesions
  case texture
  case camera
  case sensor
  case report
}

extension RandomSource {
  /// Opens the stream of one part of one patient or eye.
  ///
  /// - Parameters:
  ///   - seed: the collection's seed.
  ///   - patient: the patient's number.
  ///   - eye: 0 for the right eye, 1 for the left, nil for what both share.
  ///   - purpose: the part that draws.
  init(seed: UInt64, patient: Int, eye: Int?, for purpose: SyntheticPurpose) {
    let side = UInt32(eye.map { $0 + 1 } ?? 0)
    self.init(seed: seed, UInt32(truncatingIfNeeded: patient), purpose.rawValue * 3 + side)
  }

  /// A number that is close to normally distributed: mean 0, deviation 1, never beyond ±3.47.
  ///
  /// The sum of four uniform numbers of 16 bits each (Irwin and Hall): no logarithm, hence the
  /// same bits on every machine.
  mutating func nextBell() -> Double {
    let bits = next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return (Double(sum) / 65536 - 2 + 2.0 / 65536) * 1.732_050_807_568_877_2
  }

  /// Whether an event of this probability happens.
  ///
  /// - Parameter probability: from 0 to 1.
  /// - Returns: true with this probability.
  mutating func happens(_ probability: Double) -> Bool { nextUniform() < probability }

  /// A unit vector in any direction.
  mutating func nextDirection() -> SIMD2<Double> {
    SyntheticArithmetic.direction(nextUniform() * 2 * .pi)
  }

  /// One of `choices`, each as likely.
  ///
  /// - Parameter choices: at least one.
  /// - Returns: the choice.
  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[nextIndex(below: choices.count)]
  }
}
