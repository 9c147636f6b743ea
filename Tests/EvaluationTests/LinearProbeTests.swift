import Datasets
import Evaluation
import Foundation
import Metrics
import Optimizers
import Parallelism
import Results
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

/// The fixture's samples as a data set, in the order of its rows.
private final class ProbeTable {
  private let fixture: LinearProbeTests.Fixture
  private let contents: DatasetContents
  private let folder: URL

  init(_ fixture: LinearProbeTests.Fixture) throws {
    self.fixture = fixture
    folder = try Fixtures.temporaryDirectory()
    var row = 0
    for split in ["train", "validation", "test"] {
      var text = "image,grade,a,b,c\n"
      for _ in 0..<(fixture.counts[split] ?? 0) {
        let findings = fixture.findings[3 * row..<3 * row + 3].map(String.init)
        let name = String(1000 + row)
        text += ([name, String(fixture.grades[row])] + findings).joined(separator: ",") + "\n"
        // Features are given: no picture is read, but each has to be there.
        try Data().write(to: folder.appending(path: "\(name).png"))
        row += 1
      }
      try Data(text.utf8).write(to: folder.appending(path: "\(split).csv"))
    }
    let catalog = try DatasetCatalog(text: Self.description, file: URL(filePath: "table.yaml"))
    contents = try catalog["table"].open(root: folder)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Runs a probe on a task.
  func run(
    _ settings: LinearProbeSettings,
    _ name: String,
    seed: UInt64 = 0,
    threads: Int = 2
  ) throws -> ScoredSamples {
    let task = try contents.contents(of: contents.dataset.task(name))
    let width = fixture.width
    return try LinearProbe(settings, pool: WorkerPool(threadCount: threads)).run(
      task,
      splits: task.splits(),
      features: { index in
        let row = (Int(task.samples[index].id.suffix(4)) ?? 0) - 1000
        return self.fixture.features[row * width..<(row + 1) * width]
      },
      width: width,
      seed: seed
    )
  }

  /// The macro AUC on the test split.
  func auc(_ scored: ScoredSamples, _ name: String) throws -> Double {
    let task = try contents.contents(of: contents.dataset.task(name))
    let value =
      switch task.labels[scored.indices] {
      case .classes(let labels) where task.task.kind == .binary:
        binaryAUROC(
          try BinaryPredictions(
            scores: scored.indices.indices.map { scored.scores[2 * $0 + 1] },
            labels: labels.map { $0 == 1 }
          )
        )
      case .classes(let labels):
        multiclassAUROC(
          try MulticlassPredictions(
            scores: scored.scores,
            labels: labels,
            classNames: task.task.classes
          )
        ).value
      case .findings(let rows):
        multilabelAUROC(
          try MultilabelPredictions(
            scores: scored.scores,
            labels: rows.flatMap { $0.map { $0 == 1 } },
            classNames: task.task.classes
          )
        ).value
      }
    return try require(value.number)
  }

  private static let description = """
    - name: table
      version: 1
      title: Features of no picture
      adapter: csv
      root: table
      image_column: image
      splits:
        train: { table: train.csv, count: 60 }
        validation: { table: validation.csv, count: 30 }
        test: { table: test.csv, count: 36 }
      tasks:
        grade:
          title: A grade
          kind: multiclass
          column: grade
          classes: ['0', '1', '2', '3']
        referable:
          title: Grade 2 and above
          kind: binary
          derive: { from: grade, positive: [2, 3] }
          classes: [below, above]
        findings:
          title: Three findings
          kind: multilabel
          classes: [a, b, c]
      license: Apache-2.0
      source: { title: Nobody }
    """
}
