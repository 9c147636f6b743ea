import Evaluation
import Foundation
import Optimizers
import TestSupport
import Testing

/// Scaling, fits and the choice of a strength, against scikit-learn's of
/// `Tests/Fixtures/generate/evaluation.py`.
@Suite struct LinearProbeTests {
  /// What scikit-learn did.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name, task, scheme, scaling, classWeights: String
    let strengths: [Double]
    let refitsWithValidation: Bool
    let validationAUC: [Double]
    let chosen: Double
    let probabilities: [Double]
    let testAUC: Double

    var testDescription: String { name }

    var settings: LinearProbeSettings {
      get throws {
        var settings = LinearProbeSettings()
        settings.strengths = strengths
        settings.refitsWithValidation = refitsWithValidation
        settings.scheme = try require(LogisticRegression.Scheme(rawValue: scheme))
        settings.scaling = try require(FeatureScaling(rawValue: scaling))
        settings.classWeights = try require(ClassWeights(rawValue: classWeights))
        return settings
      }
    }
  }

  struct Fixture: Decodable, Sendable {
    let width: Int
    let counts: [String: Int]
    let features: [Float]
    let grades, findings: [Int]
    let cases: [Case]
  }

  static let fixture: Result<Fixture, any Error> = Result {
    let url = Fixtures.directory.appending(path: "Evaluation/probe.json")
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }

  static let cases = (try? fixture.get().cases) ?? []

  @Test("The fixture is there") func fixtureIsRead() throws {
    #expect(try Self.fixture.get().cases.count == 13)
  }

  @Test("Test probabilities and AUC are scikit-learn's to 1e-6", arguments: cases)
  func probabilities(_ example: Case) throws {
    let table = try ProbeTable(Self.fixture.get())
    for threads in [1, 3] {
      let scored = try table.run(example.settings, example.task, threads: threads)
      let tolerance = Tolerance(
        absolute: example.scaling == "none" ? 2e-6 : 1e-6,
        reason: "a fit stops within 1e-12 of the least objective; unscaled features weigh that more"
      )
      #expect(
        mismatch(scored.scores, example.probabilities, within: tolerance, context: example.name)
          == nil
      )
      let auc = try table.auc(scored, example.task)
      #expect(abs(auc - example.testAUC) < 1e-6, "\(auc)")
      #expect(scored.notes.isEmpty)
    }
  }

  @Test(
    "The strength chosen has scikit-learn's largest validation AUC",
    arguments: cases.filter { $0.strengths.count > 1 }
  )
  func choice(_ example: Case) throws {
    let table = try ProbeTable(Self.fixture.get())
    let scored = try table.run(example.settings, example.task)
    #expect(scored.chosen.map(\.name) == ["strength", "validation macro AUC"])
    #expect(scored.chosen.first?.value == example.chosen)
    let best = try require(example.validationAUC.max())
    #expect(abs(try require(scored.chosen.last?.value) - best) < 1e-9)
    // The order in which strengths are named must not matter.
    var reversed = try example.settings
    reversed.strengths.reverse()
    #expect(try table.run(reversed, example.task).chosen.first?.value == example.chosen)
  }

  @Test("Equal validation scores go to the stronger penalty")
  func ties() throws {
    let table = try ProbeTable(Self.fixture.get())
    var settings = LinearProbeSettings()
    settings.strengths = [1e-9, 1e-11, 1e-10]
    // So strong a penalty leaves the direction of the class means: one ranking for all three.
    #expect(try table.run(settings, "referable").chosen.first?.value == 1e-11)
  }

  @Test("A single strength chooses nothing and trains on validation samples too")
  func fixedStrength() throws {
    let table = try ProbeTable(Self.fixture.get())
    var settings = LinearProbeSettings()
    settings.strengths = [0.1]
    let scored = try table.run(settings, "grade")
    #expect(scored.chosen.isEmpty)
    settings.strengths = [0.1, 1e-30]
    settings.refitsWithValidation = false
    #expect(try table.run(settings, "grade").scores != scored.scores)
  }

  @Test("Few shots train on so many of each class, and a seed on the same ones again")
  func fewShots() throws {
    let table = try ProbeTable(Self.fixture.get())
    var settings = LinearProbeSettings()
    settings.strengths = [0.1]
    settings.shots = 3
    let draws = try (0..<4).map { try table.run(settings, "grade", seed: $0).scores }
    #expect(Set(draws.map(\.description)).count == 4)
    #expect(try table.run(settings, "grade", seed: 2, threads: 4).scores == draws[2])
    settings.shots = 12
    let noted = try table.run(settings, "grade").notes
    #expect(noted == ["‘grade’: ‘3’ has 11 training samples, fewer than 12 per class"])
  }
}
