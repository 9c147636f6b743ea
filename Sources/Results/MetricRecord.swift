/// One metric over the evaluated split.
package struct MetricRecord: Codable, Equatable, Sendable {
  /// The metric's name in code and files, such as `auc`.
  package var identifier: String
  /// The metric's name in tables, such as `AUC`.
  package var displayName: String
  /// How classes were put together.
  package var averaging: Averaging
  /// The mean over the repeats, or why there is none.
  package var value: MetricValue
  /// Over the repeats, with n − 1; absent when there was one.
  package var standardDeviation: Double?
  /// Where the metric of the whole population probably lies.
  package var confidenceInterval: ConfidenceInterval?
  /// How many classes entered the average; absent where nothing is averaged.
  package var classesIncluded: Int?
  /// The classes that did not, with the reason in `value`'s sense, such as "no positive sample".
  package var classesExcluded: [Exclusion]
  /// Whether more is better; absent where neither is.
  package var higherIsBetter: Bool?
  /// The unit; absent for plain numbers.
  package var unit: String?

  /// Records a metric.
  package init(
    identifier: String,
    displayName: String,
    averaging: Averaging = .none,
    value: MetricValue,
    standardDeviation: Double? = nil,
    confidenceInterval: ConfidenceInterval? = nil,
    classesIncluded: Int? = nil,
    classesExcluded: [Exclusion] = [],
    higherIsBetter: Bool? = true,
    unit: String? = nil
  ) {
    self.identifier = identifier
    self.displayName = displayName
    self.averaging = averaging
    self.value = value
    self.standardDeviation = standardDeviation
    self.confidenceInterval = confidenceInterval
    self.classesIncluded = classesIncluded
    self.classesExcluded = classesExcluded
    self.higherIsBetter = higherIsBetter
    self.unit = unit
  }
}

/// How the classes' values make one number.
package enum Averaging: String, Codable, Sendable {
  /// Nothing is averaged.
  case none
  /// The mean over classes, each as heavy.
  case macro
  /// Over all decisions, each as heavy.
  case micro
  /// The mean over classes, each as heavy as its samples.
  case weighted
  /// The mean over samples.
  case samples
}

/// An interval that a metric lies in with a stated confidence.
package struct ConfidenceInterval: Codable, Equatable, Sendable {
  /// The lower end.
  package var low: Double
  /// The upper end.
  package var high: Double
  /// The confidence, such as 0.95.
  package var level: Double
  /// How it was made, such as `bootstrap-percentile`.
  package var method: String
  /// How many resamples it rests on; absent for a closed form.
  package var replicates: Int?
  /// The seed that they were drawn with.
  package var seed: UInt64?

  /// Records an interval.
  package init(
    low: Double,
    high: Double,
    level: Double = 0.95,
    method: String,
    replicates: Int? = nil,
    seed: UInt64? = nil
  ) {
    self.low = low
    self.high = high
    self.level = level
    self.method = method
    self.replicates = replicates
    self.seed = seed
  }
}

/// The metrics of one class.
package struct ClassRecord: Codable, Equatable, Sendable {
  /// The class.
  package var name: String
  /// How many samples of the evaluated split carry it.
  package var count: Int
  /// Its metrics.
  package var metrics: [MetricRecord]

  /// Records a class.
  package init(name: String, count: Int, metrics: [MetricRecord]) {
    self.name = name
    self.count = count
    self.metrics = metrics
  }
}

/// One repeat: its seed and every metric.
package struct RepeatRecord: Codable, Equatable, Sendable {
  /// The seed that the repeat ran with.
  package var seed: UInt64
  /// Every metric's value, in the order of the result's metrics.
  package var values: [RepeatValue]

  /// Records a repeat.
  package init(seed: UInt64, values: [RepeatValue]) {
    self.seed = seed
    self.values = values
  }
}

/// One metric of one repeat.
package struct RepeatValue: Codable, Equatable, Sendable {
  /// The metric's identifier.
  package var identifier: String
  /// How classes were put together.
  package var averaging: Averaging
  /// The value.
  package var value: MetricValue

  /// Records a value.
  package init(identifier: String, averaging: Averaging, value: MetricValue) {
    self.identifier = identifier
    self.averaging = averaging
    self.value = value
  }
}
