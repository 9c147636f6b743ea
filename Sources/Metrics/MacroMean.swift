package import Results

/// A mean over classes that says which classes entered it.
///
/// A class whose value is undefined is left out by name and never counts as 0. scikit-learn does the
/// same where it is told `zero_division=np.nan`; its default counts such a class as 0 with a warning.
package struct MacroMean: Equatable, Sendable {
  /// The mean over the classes that have a value; undefined where none has.
  package let value: MetricValue
  /// One value per class (K), undefined ones with their reasons.
  package let perClass: [MetricValue]

  /// The unweighted mean.
  ///
  /// - Parameter perClass: one value per class.
  init(_ perClass: [MetricValue]) {
    self.init(perClass, Array(repeating: 1, count: perClass.count))
  }

  /// The mean weighted with the classes' numbers of samples; a class without any is left out.
  ///
  /// - Parameters:
  ///   - perClass: one value per class.
  ///   - support: how many samples each class has, none negative.
  ///   - classNames: the names of the classes, for the reasons.
  init(_ perClass: [MetricValue], support: [Int], classNames: [String]) {
    let weighable = perClass.indices.map { index in
      support[index] > 0 || perClass[index].number == nil
        ? perClass[index]
        : .undefined(reason: "\(quoted(classNames[index])) has no positive sample, so no weight")
    }
    self.init(weighable, support)
  }

  private init(_ perClass: [MetricValue], _ weights: [Int]) {
    var total = 0.0
    var weight = 0
    for (value, classWeight) in zip(perClass, weights) {
      guard let number = value.number else { continue }
      total += Double(classWeight) * number
      weight += classWeight
    }
    self.perClass = perClass
    value = .ratio(
      total,
      Double(weight),
      orUndefined: "no class has a value: \(MacroMean.firstReason(perClass))"
    )
  }

  /// The indices of the classes that have a value.
  package var classesIncluded: [Int] {
    perClass.indices.filter { perClass[$0].number != nil }
  }

  /// The indices of the classes that have none, with the reasons.
  package var classesExcluded: [(index: Int, reason: String)] {
    perClass.enumerated().compactMap { index, value in
      value.undefinedReason.map { (index, $0) }
    }
  }

  private static func firstReason(_ values: [MetricValue]) -> String {
    values.lazy.compactMap(\.undefinedReason).first ?? "there is no class"
  }
}
