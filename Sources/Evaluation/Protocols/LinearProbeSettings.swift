import Foundation
package import Models
package import Optimizers

/// How a linear probe is fitted.
package struct LinearProbeSettings: Equatable, Sendable {
  /// Which features; nil for the encoder's usual ones.
  package var features: ImageFeatureKind?
  /// What is done to features first.
  package var scaling: FeatureScaling
  /// How more than two classes are told apart.
  package var scheme: LogisticRegression.Scheme
  /// The inverse penalties; with more than one, validation chooses.
  package var strengths: [Double]
  /// How classes are weighted.
  package var classWeights: ClassWeights
  /// How many evaluations of the objective a fit may take.
  package var evaluationLimit: Int
  /// Whether the chosen strength is fitted again on training and validation samples together.
  package var refitsWithValidation: Bool
  /// From which probability on a sample is decided to be positive.
  package var decision: DecisionRule
  /// How many training samples per class; nil for all.
  package var shots: Int?
  /// One repeat per seed: of the few shots' choice.
  package var seeds: [UInt64]

  /// The usual settings: standardised features, 20 strengths from 10⁻⁵ to 10², multinomial.
  package init() {
    features = nil
    scaling = .standardized
    scheme = .multinomial
    strengths = Self.usualStrengths
    classWeights = .uniform
    evaluationLimit = 1000
    refitsWithValidation = true
    decision = .validation
    shots = nil
    seeds = [0]
  }

  /// Twenty strengths, evenly spaced on a logarithmic scale.
  package static let usualStrengths: [Double] = (0..<20).map { (index: Int) -> Double in
    pow(10, -5 + 7 * Double(index) / 19)
  }

  /// Checks values that a user gives.
  ///
  /// - Throws: `EvaluationError.invalidOption`.
  package func validate() throws {
    for strength in strengths where !(strength > 0 && strength.isFinite) {
      throw EvaluationError(
        .invalidOption(
          name: "--strength",
          found: "\(strength)",
          expected: "a finite number above 0"
        )
      )
    }
    if strengths.isEmpty || seeds.isEmpty {
      throw EvaluationError(
        .invalidOption(
          name: strengths.isEmpty ? "--strength" : "--seeds",
          found: "nothing",
          expected: "at least one value"
        )
      )
    }
    if let shots, shots < 1 {
      throw EvaluationError(
        .invalidOption(name: "--shots", found: "\(shots)", expected: "1 or more, or full")
      )
    }
  }
}
