/// What the samples are to be told apart by.
package enum LogisticTargets: Sendable {
  /// One class per sample: N indices in `0..<count`.
  case classes([Int], count: Int)
  /// Any number of labels per sample: N × count answers, row by row.
  case labels([Bool], count: Int)

  /// How many classes or labels there are.
  package var count: Int {
    switch self {
    case .classes(_, let count), .labels(_, let count): count
    }
  }
}

/// How classes or samples are weighted in the sum of losses.
package enum ClassWeights: String, Sendable, Codable {
  /// Each sample counts as its own weight says.
  case uniform
  /// Each class counts as much as any other: weight N / (K · N of the class), as scikit-learn's
  /// `class_weight="balanced"`; with separate outputs, the two sides of each output.
  case balanced
}

/// A class or label that training samples don't determine, since all of them are on one side.
package struct UndeterminedClass: Sendable, Equatable, Codable {
  /// The class's index.
  package let index: Int
  /// Whether all samples have the label; else none has.
  package let isAlwaysPresent: Bool
}
