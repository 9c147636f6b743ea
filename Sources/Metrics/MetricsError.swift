/// Why predictions can't be measured.
///
/// Thrown where predictions or options enter the module; behind that every metric is a value or
/// undefined with a reason, and nothing throws.
package struct MetricsError: Error, Equatable, Sendable {
  /// What is wrong.
  package enum Reason: Equatable, Sendable {
    /// An array has another length than rows and classes ask for.
    case unexpectedCount(of: String, found: Int, expected: Int)
    /// A row's class isn't one of the classes.
    case labelOutOfRange(row: Int, found: Int, classCount: Int)
    /// A score is infinite or not a number.
    case scoreNotFinite(row: Int, column: Int, found: String)
    /// Two classes have one name, so that no table could tell them apart.
    case repeatedClass(name: String)
    /// An option lies outside its range.
    case invalidOption(name: String, found: String, expected: String)
  }

  /// What is wrong.
  package var reason: Reason
  /// Which input it concerns, such as "multi-class predictions".
  package var subject: String

  /// Reports an error.
  ///
  /// - Parameters:
  ///   - reason: what is wrong.
  ///   - subject: which input it concerns.
  package init(_ reason: Reason, in subject: String) {
    self.reason = reason
    self.subject = subject
  }
}

extension MetricsError: CustomStringConvertible {
  /// What was found, what was expected and what to do.
  package var description: String {
    switch reason {
    case .unexpectedCount(let what, let found, let expected):
      "\(subject): found \(found) \(what), expected \(expected); "
        + "arrays are row-major, one row per sample"
    case .labelOutOfRange(let row, let found, let classCount):
      "\(subject): row \(row) has label \(found), expected one of 0..<\(classCount); "
        + "check the class list against the label table"
    case .scoreNotFinite(let row, let column, let found):
      "\(subject): row \(row), column \(column) has score \(found), expected a finite number; "
        + "leave the sample out by name or find why the model produced it"
    case .repeatedClass(let name):
      "\(subject): two classes are called \"\(name)\"; give each class a name of its own"
    case .invalidOption(let name, let found, let expected):
      "\(subject): \(name) is \(found), expected \(expected)"
    }
  }
}
