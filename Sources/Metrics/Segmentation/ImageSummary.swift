package import Results

/// One metric over images: mean, deviation and quantiles of those that have a value.
package struct ImageSummary: Equatable, Sendable {
  /// N images' names.
  package let imageNames: [String]
  /// Their N values, undefined ones with their reasons.
  package let values: [MetricValue]
  /// The mean; undefined where no image has a value.
  package let mean: MetricValue
  /// Over images, with n − 1; nil for fewer than two.
  package let standardDeviation: Double?
  /// The minimum, the quartiles and the maximum, by linear interpolation; nil for no image.
  package let quantiles: Quantiles?
  /// How many images have a value.
  package let imageCount: Int
  /// The images that have none, with the reasons.
  package let leftOut: [Exclusion]

  /// Five numbers, ascending.
  package struct Quantiles: Equatable, Sendable {
    /// The lowest value.
    package let minimum: Double
    /// A quarter of the values lie below.
    package let lowerQuartile: Double
    /// Half of the values lie below.
    package let median: Double
    /// Three quarters of the values lie below.
    package let upperQuartile: Double
    /// The highest value.
    package let maximum: Double
  }

  /// Summarises.
  ///
  /// The sum runs over ascending values, so that the order of the images changes no bit.
  ///
  /// - Parameters:
  ///   - names: N images' names.
  ///   - values: their N values.
  /// - Complexity: O(N log N).
  package init(names: [String], values: [MetricValue]) {
    precondition(names.count == values.count, "\(values.count) values of \(names.count) images")
    imageNames = names
    self.values = values
    let numbers = values.compactMap(\.number).sorted()
    let count = Double(numbers.count)
    let average = numbers.reduce(0, +) / max(count, 1)
    imageCount = numbers.count
    leftOut = zip(names, values).compactMap { name, value in
      value.undefinedReason.map { Exclusion(name: name, reason: $0) }
    }
    let reason = leftOut.first.map { "no image has a value: \($0.reason)" } ?? "there is no image"
    mean = numbers.isEmpty ? .undefined(reason: reason) : .value(average)
    standardDeviation =
      numbers.count < 2
      ? nil
      : (numbers.reduce(0) { $0 + ($1 - average) * ($1 - average) } / (count - 1)).squareRoot()
    quantiles =
      numbers.isEmpty
      ? nil
      : Quantiles(
        minimum: quantile(0, ofSorted: numbers),
        lowerQuartile: quantile(0.25, ofSorted: numbers),
        median: quantile(0.5, ofSorted: numbers),
        upperQuartile: quantile(0.75, ofSorted: numbers),
        maximum: quantile(1, ofSorted: numbers)
      )
  }
}
