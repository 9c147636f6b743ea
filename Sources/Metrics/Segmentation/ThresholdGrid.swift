/// Whether a probability equal to the threshold is decided positive.
package enum ThresholdRule: String, Sendable, CaseIterable {
  /// `probability > threshold`.
  case above
  /// `probability >= threshold`.
  case atLeast = "at-least"
}

/// The thresholds at which masks are decided, so that each can be asked for after all images.
///
/// Probabilities and thresholds are compared as `Float`. A map that was stored in 8 bits holds
/// `Float(k / 255)`, and its ties with the threshold k / 255 stay ties; against the threshold in
/// `Double` they would fall to either side by chance of rounding.
package struct ThresholdGrid: Equatable, Sendable {
  /// T thresholds, ascending.
  package let thresholds: [Float]
  /// What is decided positive.
  package let rule: ThresholdRule
  /// For each threshold the smallest number that is decided positive.
  private let cuts: [Float]
  /// For each of `bucketCount` equal parts of 0...1, how many thresholds decide its lower end.
  private let starts: [UInt16]

  private static let bucketCount = 1024

  /// Makes a grid.
  ///
  /// - Parameters:
  ///   - thresholds: 1...65,535 finite numbers in any order; repeated ones count once.
  ///   - rule: what is decided positive.
  package init(_ thresholds: [Float], rule: ThresholdRule) {
    let sorted = Set(thresholds).sorted()
    precondition(
      !sorted.isEmpty && sorted.count <= Int(UInt16.max) && sorted.allSatisfy(\.isFinite),
      "\(sorted.count) thresholds: expected 1 to 65535 finite numbers"
    )
    self.thresholds = sorted
    self.rule = rule
    let cuts = rule == .above ? sorted.map(\.nextUp) : sorted
    self.cuts = cuts
    starts = (0...Self.bucketCount).map { bucket in
      let low = Float(bucket) / Float(Self.bucketCount)
      return UInt16(cuts.prefix { $0 <= low }.count)
    }
  }

  /// The 256 thresholds of the DRIVE protocol: k / 255 for k = 0, 1, … 255, each exceeded.
  ///
  /// - Note: Galdran et al., "The little W-Net that could", 2020: `numpy.linspace(0, 1, 256)` and
  ///   `prediction > threshold`, on predictions that were stored in 8 bits.
  package static let evenly256 = ThresholdGrid(
    (0...255).map { Float(Double($0) * (1.0 / 255.0)) },
    rule: .above
  )

  /// A single threshold that decides "positive" from itself on.
  ///
  /// - Parameter threshold: a finite number.
  /// - Returns: a grid of one threshold.
  package static func atLeast(_ threshold: Float) -> ThresholdGrid {
    ThresholdGrid([threshold], rule: .atLeast)
  }

  /// How many thresholds there are (T).
  package var count: Int { thresholds.count }

  /// The index of a threshold; nil where the grid doesn't hold it.
  ///
  /// - Parameter threshold: as `Float`, compared exactly.
  /// - Returns: an index of `thresholds`, or nil.
  package func index(of threshold: Float) -> Int? { thresholds.firstIndex(of: threshold) }

  /// How many thresholds decide a probability positive: these are the first ones.
  ///
  /// - Parameter probability: a number in 0...1.
  /// - Returns: a number in 0...T.
  @inline(__always)
  func decisionCount(_ probability: Float) -> Int {
    var index = Int(starts[Int(probability * Float(Self.bucketCount))])
    while index < cuts.count, probability >= cuts[index] { index += 1 }
    return index
  }
}
