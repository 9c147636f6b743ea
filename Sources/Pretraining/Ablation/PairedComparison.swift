import Foundation

/// How two arms differ over the same seeds.
package struct PairedComparison: Equatable, Sendable {
  /// How many seeds both arms have.
  package let count: Int
  /// The mean of the differences, second minus first.
  package let mean: Double
  /// The 95 % interval of the mean by Student's distribution; nil with one seed.
  package let interval: ClosedRange<Double>?
  /// The two-sided p-value of the paired t-test; nil with one seed, or where all differences are
  /// alike.
  package let pValue: Double?

  /// Compares.
  ///
  /// - Parameters:
  ///   - first: one number per seed.
  ///   - second: the other arm's, seed by seed; as many, at least one.
  package init(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count && !first.isEmpty, "unpaired numbers")
    let differences = zip(first, second).map { $1 - $0 }
    let count = Double(differences.count)
    let mean = differences.reduce(0, +) / count
    self.count = differences.count
    self.mean = mean
    guard differences.count > 1 else {
      interval = nil
      pValue = nil
      return
    }
    // Alike up to the rounding of what was subtracted: a p-value would tell of rounding only.
    let size = zip(first, second).map { max(abs($0), abs($1)) }.max() ?? 0
    let isConstant = differences.allSatisfy { abs($0 - mean) <= 4 * size * .ulpOfOne }
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / (count - 1) / count).squareRoot()
    let half = StudentDistribution.quantile975(freedom: differences.count - 1) * error
    interval = (mean - half)...(mean + half)
    pValue =
      isConstant
      ? nil : StudentDistribution.twoSided(abs(mean) / error, freedom: differences.count - 1)
  }
}

/// Student's distribution of a whole number of degrees of freedom.
///
/// The finite sums of Abramowitz and Stegun 1972, 26.7.3 and 26.7.4.
package enum StudentDistribution {
  /// P(|T| > t).
  ///
  /// - Parameters:
  ///   - t: at least 0.
  ///   - freedom: the degrees of freedom, at least 1.
  /// - Returns: a probability in 0...1, to about 1e-15.
  package static func twoSided(_ t: Double, freedom: Int) -> Double {
    let angle = atan(t / Double(freedom).squareRoot())
    let (sine, cosine) = (sin(angle), cos(angle))
    var inside: Double
    if freedom % 2 == 1 {
      var (term, sum) = (cosine, freedom > 1 ? cosine : 0)
      for order in stride(from: 3, to: freedom, by: 2) {
        term *= cosine * cosine * Double(order - 1) / Double(order)
        sum += term
      }
      inside = 2 / Double.pi * (angle + sine * sum)
    } else {
      var (term, sum) = (1.0, 1.0)
      for order in stride(from: 2, to: freedom, by: 2) {
        term *= cosine * cosine * Double(order - 1) / Double(order)
        sum += term
      }
      inside = sine * sum
    }
    inside = min(max(inside, 0), 1)
    return 1 - inside
  }

  /// The t that |T| stays below with probability 0.95, by bisection.
  ///
  /// - Parameter freedom: the degrees of freedom, at least 1.
  /// - Returns: a number above 1.9.
  package static func quantile975(freedom: Int) -> Double {
    var (low, high) = (0.0, 20.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if twoSided(middle, freedom: freedom) > 0.05 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
