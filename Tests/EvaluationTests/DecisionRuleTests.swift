import Datasets
import Evaluation
import Metrics
import Results
import TestSupport
import Testing

/// From which probability on samples are decided to be positive.
@Suite struct DecisionRuleTests {
  /// F1 of deciding from a threshold on.
  private static func f1(_ scores: [Double], _ labels: [Bool], from threshold: Double) -> Double {
    let decided = scores.map { $0 >= threshold }
    let hits = zip(decided, labels).count { $0 && $1 }
    let wrong = zip(decided, labels).count { $0 != $1 }
    return hits == 0 ? 0 : 2 * Double(hits) / Double(2 * hits + wrong)
  }

  /// Scores of validation samples that lean towards their labels, in eighths, so that some are tied.
  private static func scores(_ task: TaskContents, _ indices: [Int]) -> [Double] {
    indices.enumerated().flatMap { place, index in
      let positives = task.labels.positives(at: index)
      return task.task.classes.indices.map { kind in
        let noise = Double((place * 5 + kind * 3) % 7) / 8
        return (noise + (positives.contains(kind) ? 0.125 : 0)) / 1.25
      }
    }
  }

  @Test("No other threshold has a higher F1 on validation", arguments: ["referable", "findings"])
  func best(_ name: String) throws {
    let table = try ProbeTable(LinearProbeTests.fixture.get())
    let task = try table.task(name)
    let indices = try task.splits().validation
    let scores = Self.scores(task, indices)
    let found = try require(DecisionRule.validation.thresholds(scores, of: task, indices))
    let count = task.task.classes.count
    let decided = name == "referable" ? [1] : [0, 1, 2]
    #expect(found.values.count == decided.count && found.notes.isEmpty)
    for (threshold, kind) in zip(found.values, decided) {
      let column = indices.indices.map { scores[$0 * count + kind] }
      let labels = indices.map { task.labels.positives(at: $0).contains(kind) }
      let best = Self.f1(column, labels, from: threshold)
      #expect(best > 0)
      for other in Set(column) {
        #expect(Self.f1(column, labels, from: other) <= best, "\(kind): \(other)")
      }
    }
  }

  @Test("A class that validation lacks is decided from 0.5 on, and named")
  func absentFromValidation() throws {
    let table = try ProbeTable(LinearProbeTests.fixture.get())
    let task = try table.task("findings")
    let indices = try task.splits().validation.filter { task.labels.positives(at: $0) != [] }
      .filter { !task.labels.positives(at: $0).contains(1) }
    let found = try require(
      DecisionRule.validation.thresholds(Self.scores(task, indices), of: task, indices)
    )
    #expect(found.values.count == 3 && found.values[1] == 0.5)
    #expect(found.notes == ["no validation sample shows b: it is decided from 0.5 on"])
    let unseen = try require(DecisionRule.validation.thresholds(nil, of: task, []))
    #expect(unseen.values == [0.5, 0.5, 0.5] && unseen.notes.count == 3)
  }

  @Test("A fixed threshold is each class's; grades have none")
  func fixed() throws {
    let table = try ProbeTable(LinearProbeTests.fixture.get())
    for (name, values) in [("referable", [0.3]), ("findings", [0.3, 0.3, 0.3])] {
      let task = try table.task(name)
      #expect(DecisionRule.fixed(0.3).thresholds(nil, of: task, [])?.values == values)
      #expect(DecisionRule.validation.needsValidation(task))
      #expect(!DecisionRule.fixed(0.3).needsValidation(task))
    }
    let grades = try table.task("grade")
    let indices = try grades.splits().validation
    for rule in [DecisionRule.validation, .fixed(0.3)] {
      #expect(rule.thresholds(Self.scores(grades, indices), of: grades, indices) == nil)
      #expect(!rule.needsValidation(grades))
    }
  }

  @Test("Metrics decide by the threshold, and the result records it")
  func metrics() throws {
    let scene = try Scene()
    func outcome(_ rule: DecisionRule) throws -> (accuracy: Double?, recorded: ParameterValue?) {
      let result = try scene.run(probe { $0.decision = rule }, "ill").result
      let accuracy = result.metrics.first { $0.identifier == Metric.accuracy.identifier }
      let recorded = result.evaluationProtocol.parameters.first { $0.name == "threshold of ill" }
      return (accuracy?.value.number, recorded?.value)
    }
    let all = try outcome(.fixed(0))
    #expect(all.accuracy == 0.8 && all.recorded == .list([.real(0)]), "eight of ten are ill")
    let none = try outcome(.fixed(1))
    #expect(none.accuracy == 0.2 && none.recorded == .list([.real(1)]))
    guard case .list(let values)? = try outcome(.validation).recorded,
      case .real(let chosen)? = values.first
    else {
      Issue.record("no threshold is recorded")
      return
    }
    #expect(values.count == 1 && (0...1).contains(chosen))
  }
}
