import Optimizers
import Parallelism
import TestSupport
import Testing

/// Solutions against scikit-learn's.
@Suite struct LogisticReferenceTests {
  static let cases = (try? LogisticFixture.all.get().logistic) ?? []

  @Test func fixturesAreThere() throws {
    #expect(try LogisticFixture.all.get().logistic.count == 13)
  }

  @Test(arguments: cases)
  func solutionsEqualScikitLearns(_ fixture: LogisticFixture.Case) throws {
    let regression = try fixture.regression()
    for fit in fixture.fits {
      let model = try regression.fit(strength: fit.strength)
      let context = "\(fixture.name), C = \(fit.strength)"
      #expect(model.convergence == .converged, "\(context)")
      let value = Tolerance(absolute: 0, relative: 1e-9, reason: "both at their tightest")
      #expect(
        mismatch([model.objective], [fit.objective], within: value, context: context) == nil
      )
      let probability = Tolerance(
        absolute: 1e-6,
        reason: "scikit-learn stops at gradients, not at rounding"
      )
      let difference = mismatch(
        try model.probabilities(fixture.matrix),
        fit.probabilities,
        within: probability,
        context: context
      )
      #expect(difference == nil, "\(difference ?? "")")
      let coefficient = Tolerance(absolute: 1e-5, relative: 1e-5, reason: "as probabilities")
      let weights = mismatch(
        fixture.asScikitLearn(model),
        fit.coefficients + fit.intercepts,
        within: coefficient,
        context: context
      )
      #expect(weights == nil, "\(weights ?? "")")
    }
  }

  @Test(arguments: cases)
  func sweepEqualsSeparateFits(_ fixture: LogisticFixture.Case) throws {
    let regression = try fixture.regression()
    let strengths = [3.0, 0.01, 30, 0.3, 0.1, 1]
    let models = try regression.sweep(strengths: strengths)
    #expect(models.map(\.strength) == strengths)
    for model in models {
      let alone = try regression.fit(strength: model.strength)
      let context = "\(fixture.name), C = \(model.strength)"
      let value = Tolerance(absolute: 0, relative: 1e-12, reason: "the minimum is the same")
      #expect(
        mismatch([model.objective], [alone.objective], within: value, context: context) == nil
      )
      let close = Tolerance(absolute: 1e-8, reason: "the minimum is the same but for rounding")
      let difference = mismatch(
        try model.probabilities(fixture.matrix),
        try alone.probabilities(fixture.matrix),
        within: close,
        context: context
      )
      #expect(difference == nil, "\(difference ?? "")")
    }
  }

  @Test(arguments: cases)
  func bitsDoNotDependOnThreads(_ fixture: LogisticFixture.Case) throws {
    let strengths = [0.1, 10.0]
    let one = try fixture.regression(threads: 1).sweep(strengths: strengths)
    let four = try fixture.regression(threads: 4).sweep(strengths: strengths)
    #expect(one == four)
  }
}

extension LogisticFixture.Case {
  /// Coefficients then intercepts as scikit-learn has them: one row for two classes.
  func asScikitLearn(_ model: LogisticModel) -> [Double] {
    guard classes == 2, answers == nil else { return model.coefficients + model.intercepts }
    let difference = (0..<dimensions).map {
      model.coefficients[dimensions + $0] - model.coefficients[$0]
    }
    return difference + [model.intercepts[1] - model.intercepts[0]]
  }
}
