/// Numbers of positives and negatives per level of probability, in memory that never grows.
///
/// A level holds the floats that share all but the last 12 bits: of p below 1/2, of 1 − p (which is
/// exact there) from 1/2 on. It is at most 2⁻¹¹ of p, or of 1 − p, wide, so that scores crowded at 0
/// and at 1 stay apart as well as those between. 516,097 levels of 16 bytes: 8.3 MB.
struct ScoreLevels: Sendable {
  private static let shift = UInt32(12)
  private static let half = Int(Float(0.5).bitPattern >> shift)
  /// How many levels there are.
  static let count = 2 * half + 1

  /// For each level, how many positives lie in it.
  private(set) var positives = Array(repeating: 0, count: count)
  /// For each level, how many negatives lie in it.
  private(set) var negatives = Array(repeating: 0, count: count)

  /// Adds pixels of one probability.
  ///
  /// - Parameters:
  ///   - probability: a number in 0...1.
  ///   - positives: how many of them are positive.
  ///   - negatives: how many are not.
  @inline(__always)
  mutating func add(_ probability: Float, positives: Int, negatives: Int) {
    let level = Self.level(of: probability)
    self.positives[level] += positives
    self.negatives[level] += negatives
  }

  /// The level that a probability lies in; rises with it.
  @inline(__always)
  static func level(of probability: Float) -> Int {
    probability < 0.5
      ? Int((probability + 0).bitPattern >> shift)
      : 2 * half - Int((1 - probability).bitPattern >> shift)
  }

  /// The smallest probability of a level.
  static func lowerEnd(of level: Int) -> Float {
    guard level >= half else { return Float(bitPattern: UInt32(level) << shift) }
    let largestRest = Float(bitPattern: (UInt32(2 * half - level + 1) << shift) - 1)
    var end = max(1 - largestRest, 0.5)
    while Self.level(of: end) < level { end = end.nextUp }
    return end
  }
}
