import Foundation

/// A fitted linear classifier.
package struct LogisticModel: Sendable, Equatable, Codable {
  /// How scores become probabilities.
  package enum Link: String, Sendable, Codable {
    /// One joint distribution over the classes.
    case softmax
    /// One sigmoid per class, divided by their sum.
    case oneVsRest
    /// One sigmoid per label.
    case multilabel
  }

  /// How the fit ended.
  package enum Convergence: Sendable, Equatable, Codable {
    /// The objective's estimated distance from its minimum is below the tolerance.
    case converged
    /// The limit of evaluations came first.
    case evaluationLimit
    /// No step lowers the objective although its minimum isn't reached to the tolerance.
    case stalled
  }

  /// How scores become probabilities.
  package let link: Link
  /// K.
  package let classCount: Int
  /// D.
  package let dimensions: Int
  /// K × D values.
  ///
  /// Of a binary problem, scikit-learn's `coef_` is the second row minus the first.
  package let coefficients: [Double]
  /// K values.
  package let intercepts: [Double]
  /// Classes that the training samples don't determine: their rows are 0, their probability 0 or 1.
  package let undetermined: [UndeterminedClass]
  /// C.
  package let strength: Double
  /// Σ losses + ‖W‖² / (2C) at the solution; summed over the outputs of separate problems.
  package let objective: Double
  /// How often the objective and its gradient were evaluated.
  package let evaluations: Int
  /// How many steps were taken; the largest number where problems are separate.
  package let iterations: Int
  /// How the fit ended; the worst of separate problems.
  package let convergence: Convergence
  /// The estimated distance from the minimum as a share of the objective.
  package let relativeGap: Double

  /// The scores x·w + b: N × K, −∞ and ∞ for classes that are never and always there.
  ///
  /// - Parameter features: N × D, standardised as the training features were.
  /// - Returns: N × K scores.
  /// - Throws: ``OptimizersError`` where D is another.
  package func decisionFunction(_ features: FeatureMatrix) throws -> [Double] {
    guard features.columns == dimensions else {
      throw OptimizersError(
        .sizeMismatch(what: "features per row", found: features.columns, expected: dimensions)
      )
    }
    var scores: [Double] = []
    scores.reserveCapacity(features.rows * classCount)
    for row in 0..<features.rows {
      for output in 0..<classCount {
        var sum = 0.0
        for column in 0..<dimensions {
          sum +=
            coefficients[output * dimensions + column]
            * Double(features.values[row * dimensions + column])
        }
        scores.append(sum + intercepts[output])
      }
      for known in undetermined {
        scores[row * classCount + known.index] = known.isAlwaysPresent ? .infinity : -.infinity
      }
    }
    return scores
  }

  /// The probability of each class or label: N × K.
  ///
  /// - Parameter features: N × D, standardised as the training features were.
  /// - Returns: N × K values in 0...1.
  /// - Throws: ``OptimizersError`` where D is another.
  package func probabilities(_ features: FeatureMatrix) throws -> [Double] {
    var values = try decisionFunction(features)
    for row in 0..<features.rows {
      let range = row * classCount..<(row + 1) * classCount
      switch link {
      case .softmax:
        let largest = values[range].max() ?? 0
        for index in range { values[index] = exp(values[index] - largest) }
        Self.divideBySum(&values, range)
      case .oneVsRest:
        for index in range { values[index] = Self.sigmoid(values[index]) }
        Self.divideBySum(&values, range)
      case .multilabel:
        for index in range { values[index] = Self.sigmoid(values[index]) }
      }
    }
    return values
  }

  private static func sigmoid(_ score: Double) -> Double {
    let small = exp(-abs(score))
    return (score > 0 ? 1 : small) / (1 + small)
  }

  /// Where all are 0 to working precision, none is more likely than another.
  private static func divideBySum(_ values: inout [Double], _ range: Range<Int>) {
    let sum = values[range].reduce(0, +)
    for index in range { values[index] = sum > 0 ? values[index] / sum : 1 / Double(range.count) }
  }
}
