/// Why a model could not be fitted or its training not continued.
package struct OptimizersError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was found.
  package enum Reason: Equatable, Sendable {
    /// There is nothing to learn from.
    case noSamples
    /// Values that don't make the stated matrix.
    case sizeMismatch(what: String, found: Int, expected: Int)
    /// A feature that is NaN or infinite.
    case nonFiniteFeature(row: Int, column: Int, value: String)
    /// A class index outside `0..<classes`.
    case labelOutOfRange(row: Int, label: Int, classes: Int)
    /// All samples (of positive weight) belong to one class.
    case singleClass(Int)
    /// No label has both positive and negative samples.
    case noVaryingLabel
    /// A regularisation strength C that isn't positive and finite.
    case invalidStrength(String)
    /// A sample weight that is negative, NaN or infinite.
    case invalidWeight(row: Int, value: String)
    /// A file that can't be read as stated.
    case unreadable(detail: String)
    /// A setting outside its range.
    case invalidSetting(name: String, value: String, expected: String)
    /// An array of an optimiser's state that isn't there.
    case missingState(name: String)
    /// An array of an optimiser's state that belongs to no parameter.
    case unexpectedState(name: String)
    /// An array of an optimiser's state of another shape than its parameter.
    case unexpectedStateShape(name: String, expected: [Int], found: [Int])
    /// A count in an optimiser's state that counts nothing.
    case invalidStateCount(name: String, value: String)
  }

  /// What was found.
  package var reason: Reason
  /// The file at fault, where there is one.
  package var path: String?

  /// States an error.
  ///
  /// - Parameters:
  ///   - reason: what was found.
  ///   - path: the file at fault, where there is one.
  package init(_ reason: Reason, path: String? = nil) {
    self.reason = reason
    self.path = path
  }

  /// What was found, what was expected and what to do.
  package var description: String { (path.map { "\($0): " } ?? "") + message }

  private var message: String {
    switch reason {
    case .noSamples:
      "no training samples; a linear probe needs samples of at least two classes"
    case .sizeMismatch(let what, let found, let expected):
      "\(found) \(what) where \(expected) were expected; check the sizes of the data"
    case .nonFiniteFeature(let row, let column, let value):
      "feature \(column) of row \(row) is \(value); encode the sample again or leave it out"
    case .labelOutOfRange(let row, let label, let classes):
      "row \(row) has class \(label), outside 0..<\(classes); check the class list"
    case .singleClass(let label):
      "all training samples belong to class \(label); a classifier needs two classes"
    case .noVaryingLabel:
      "no label has both positive and negative training samples; there is nothing to tell apart"
    case .invalidStrength(let value):
      "the regularisation strength C is \(value); it must be positive and finite"
    case .invalidWeight(let row, let value):
      "the weight of row \(row) is \(value); weights must be finite and at least 0"
    case .unreadable(let detail):
      "can't be read: \(detail)"
    case .invalidSetting(let name, let value, let expected):
      "\(name) is \(value); it must be \(expected)"
    case .missingState(let name):
      "the training state has no \(name); it was saved by another optimiser or for another model"
    case .unexpectedState(let name):
      "the training state has \(name), which no parameter asks for; it was saved for another model"
    case .unexpectedStateShape(let name, let expected, let found):
      "\(name) of the training state is \(found), expected \(expected); it was saved for another"
        + " model"
    case .invalidStateCount(let name, let value):
      "\(name) of the training state is \(value), no whole number from 0 on; the file is damaged"
    }
  }
}
