import Results

/// One metric's value on one counting of the samples.
struct Measurement: Sendable {
  /// Which metric.
  let metric: Metric
  /// How classes were put together.
  let averaging: Averaging
  /// The class it belongs to; nil over all classes.
  let classIndex: Int?
  /// The value.
  let value: MetricValue
  /// What the mean was taken over, one value per class; empty where nothing is averaged.
  let perClass: [MetricValue]

  /// A value that is no mean over classes.
  init(_ metric: Metric, _ averaging: Averaging, _ value: MetricValue) {
    self.metric = metric
    self.averaging = averaging
    classIndex = nil
    self.value = value
    perClass = []
  }

  /// A value that concerns one class, or all without averaging.
  init(_ metric: Metric, _ value: MetricValue, classIndex: Int? = nil) {
    self.metric = metric
    averaging = .none
    self.classIndex = classIndex
    self.value = value
    perClass = []
  }

  /// A mean over classes.
  init(_ metric: Metric, _ averaging: Averaging, _ mean: MacroMean) {
    self.metric = metric
    self.averaging = averaging
    classIndex = nil
    value = mean.value
    perClass = mean.perClass
  }

  /// The number, if it measures the same as `reference`; else why not.
  ///
  /// A mean over other classes than the reference's is another quantity.
  func comparable(to reference: Measurement) -> MetricValue {
    for (own, theirs) in zip(perClass, reference.perClass)
    where (own.number == nil) != (theirs.number == nil) {
      return .undefined(
        reason: own.undefinedReason ?? "a class has a value that has none in the whole"
      )
    }
    return value
  }
}
