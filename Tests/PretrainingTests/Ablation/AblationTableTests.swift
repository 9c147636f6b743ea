import Foundation
import Models
import Pretraining
import TestSupport
import Testing

/// An ablation's arms, and what its tables say.
struct AblationTableTests {
  private func plan(_ section: String) throws -> AblationPlan {
    let configuration = try PretrainingConfiguration(
      yaml: """
        name: arms
        model: { random: vilref-small }
        pairs: { dataset: drawn }
        ablation: { \(section) }
        """,
      path: "arms.yaml"
    )
    return try #require(configuration.ablation)
  }

  @Test func armsAreLossesInTheirOrderWithoutQueueFirst() throws {
    let plan = try plan("datasets: [drawn]")
    #expect(
      plan.arms.map(\.name) == [
        "wsc", "wsc+queue", "infonce", "infonce+queue", "soft-targets", "soft-targets+queue",
        "elimination", "elimination+queue",
      ]
    )
    #expect(plan.seeds == [0, 1, 2, 3, 4] && plan.datasets == ["drawn"])
    let chosen = try self.plan(
      "losses: [elimination, wsc], queue: [on], seeds: 2, datasets: [a, b/c]"
    )
    #expect(chosen.arms.map(\.name) == ["elimination+queue", "wsc+queue"])
    #expect(chosen.seeds == [0, 1] && chosen.datasets == ["a", "b/c"])
  }

  @Test func anArmChangesLossAndQueueOnly() {
    var settings = PretrainingSettings(
      for: .resNet(.init(imageSize: 64, width: 4, layers: [1, 1, 1, 1]))
    )
    settings.expansion = BatchExpansion(queueLength: 77)
    settings.objective.gamma = 3
    AblationPlan.Arm(loss: .elimination, queue: .on).apply(to: &settings)
    #expect(settings.expansion == BatchExpansion(queueLength: 77))
    #expect(settings.objective == ContrastiveObjective(loss: .elimination, gamma: 3))
    AblationPlan.Arm(loss: .infoNCE, queue: .off).apply(to: &settings)
    #expect(settings.expansion == nil && settings.objective.loss == .infoNCE)
    AblationPlan.Arm(loss: .coupling, queue: .on).apply(to: &settings)
    #expect(settings.expansion == BatchExpansion())
    #expect(settings.objective.refill == nil && settings.objective.refillRule == .vacancies)
    AblationPlan.Arm(loss: .coupling, queue: .all).apply(to: &settings)
    #expect(settings.objective.refillRule == .all)
  }

  /// A loss that eliminates nothing takes the whole queue anyway: `all` would be the same training.
  @Test func noArmIsTrainedTwice() throws {
    let both = try plan("losses: [infonce, wsc], queue: [off, on, all], datasets: [drawn]")
    #expect(both.arms.map(\.name) == ["infonce", "infonce+queue", "wsc", "wsc+queue", "wsc+all"])
    let all = try plan("losses: [infonce, wsc], queue: [all], datasets: [drawn]")
    #expect(all.arms.map(\.name) == ["infonce+all", "wsc+all"])
  }

  /// Scores as a file holds them; of the linear probe, too, where `probe` is a number.
  private func scores(_ area: Double, _ probe: Double?) throws -> AblationScores {
    func score(_ name: String, _ value: Double) -> String {
      """
      { "protocolName": "\(name)", "task": "drawn/findings", "metric": "auc",
        "metricName": "Macro AUC", "value": \(value) }
      """
    }
    let all = [score("zero-shot", area)] + (probe.map { [score("linear-probe", $0)] } ?? [])
    let list = all.joined(separator: ",")
    let json = """
      { "training": "these", "evaluation": "so", "checkpoint": "0a", "cost": { "seconds": 1.5 },
        "scores": [\(list)] }
      """
    return try JSONDecoder().decode(AblationScores.self, from: Data(json.utf8))
  }

  private func table() throws -> AblationTable {
    var table = AblationTable(
      try plan("losses: [infonce, wsc], queue: [off, on], seeds: 3, datasets: [drawn]")
    )
    let plain = AblationPlan.Arm(loss: .infoNCE, queue: .off)
    let coupled = AblationPlan.Arm(loss: .coupling, queue: .off)
    let queued = AblationPlan.Arm(loss: .coupling, queue: .on)
    for (seed, area) in [0.70, 0.72, 0.74].enumerated() {
      table.add(try scores(area, 0.9), arm: plain, seed: UInt64(seed))
    }
    for (seed, area) in [0.75, 0.76, 0.80].enumerated() {
      table.add(try scores(area, seed == 1 ? nil : 0.8), arm: coupled, seed: UInt64(seed))
    }
    table.add(try scores(0.85, nil), arm: queued, seed: 2)
    return table
  }

  /// 0.05, 0.04 and 0.06: mean 0.05, error 0.01/√3, t 8.660, p 0.013; the quantile is 4.303.
  @Test func meansDeviationsAndDifferences() throws {
    let expected = """
      ### zero-shot, drawn/findings

      | Loss | Queue | Seeds | Macro AUC |
      | --- | --- | --- | --- |
      | infonce | off | 3 | 0.720 ± 0.020 |
      | infonce | on | 0 |  |
      | wsc | off | 3 | 0.770 ± 0.026 |
      | wsc | on | 1 | 0.850 |

      Differences over the same seeds [95 % interval], p of the paired t-test, not corrected for the number of comparisons:

      | Difference | Macro AUC |
      | --- | --- |
      | wsc − infonce | +0.050 [+0.025, +0.075], p = 0.013 |
      | wsc+queue − infonce+queue |  |
      | infonce+queue − infonce |  |
      | wsc+queue − wsc | +0.050 |
      | wsc+queue − infonce | +0.110 |

      ### linear-probe, drawn/findings

      | Loss | Queue | Seeds | Macro AUC |
      | --- | --- | --- | --- |
      | infonce | off | 3 | 0.900 ± 0.000 |
      | infonce | on | 0 |  |
      | wsc | off | 3 | 0.800 ± 0.000 (n = 2) |
      | wsc | on | 1 | (n = 0) |

      Differences over the same seeds [95 % interval], p of the paired t-test, not corrected for the number of comparisons:

      | Difference | Macro AUC |
      | --- | --- |
      | wsc − infonce | −0.100 [−0.100, −0.100] (n = 2) |
      | wsc+queue − infonce+queue |  |
      | infonce+queue − infonce |  |
      | wsc+queue − wsc | (n = 0) |
      | wsc+queue − infonce | (n = 0) |

      """
    #expect(try table().markdown == expected)
  }

  /// InfoNCE's `on` is its `all`: what other losses make of the whole queue is compared with it.
  @Test func theWholeQueueIsComparedWithInfoNCEs() throws {
    let plan = try plan(
      "losses: [infonce, elimination, wsc], queue: [on, all], seeds: 1, datasets: [drawn]"
    )
    var table = AblationTable(plan)
    for arm in plan.arms { table.add(try scores(0.5, nil), arm: arm, seed: 0) }
    for name in ["wsc+all − infonce+queue", "elimination+all − infonce+queue"] {
      #expect(table.markdown.components(separatedBy: "| \(name) |").count == 2, "\(name)")
    }
  }

  @Test func scoresThatNoTrainingComesToAreNotKept() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "scores.json")
    try scores(0.75, 0.9).write(to: file)
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(AblationScores.kept(at: file, training: "these") != nil)
    for (old, new) in [
      ("0.75", "1.25"), ("0.75", "-0.5"), ("linear-probe", "zero-shot"), ("1.5", "-1"),
      (#""metric" : "auc""#, #""metric" : "loss""#),
    ] {
      #expect(text.contains(old), "\(old)")
      try Data(text.replacing(old, with: new).utf8).write(to: file)
      #expect(AblationScores.kept(at: file, training: "these") == nil, "\(new)")
    }
  }

  @Test func scoresCoverProtocolsAndTasks() throws {
    let both = try scores(0.7, 0.9)
    let names = ["zero-shot", "linear-probe"]
    #expect(both.cover(protocols: names, tasks: ["drawn/findings"]))
    #expect(!both.cover(protocols: ["zero-shot"], tasks: ["drawn/findings"]))
    #expect(!both.cover(protocols: names, tasks: ["drawn/findings", "drawn/other"]))
    #expect(!(try scores(0.7, nil)).cover(protocols: names, tasks: ["drawn/findings"]))
  }

  @Test func aLineOfCSVForEachNumber() throws {
    let lines = try table().csv.split(separator: "\n")
    #expect(lines[0] == "loss,queue,seed,protocol,task,metric,value,seconds,peak_bytes")
    #expect(lines[1] == "infonce,off,0,zero-shot,drawn/findings,auc,0.7,1.5,")
    #expect(lines.last == "wsc,on,2,zero-shot,drawn/findings,auc,0.85,1.5,")
    #expect(lines.count == 1 + 6 + 5 + 1)
    let rows = try table().rows
    #expect(rows.count == 12 && rows[0].score.value == 0.7 && rows[11].queue == "on")
  }

  @Test func anEmptyTableIsEmpty() throws {
    let table = AblationTable(try plan("datasets: [drawn]"))
    #expect(table.markdown.isEmpty)
    #expect(table.csv == "loss,queue,seed,protocol,task,metric,value,seconds,peak_bytes\n")
  }

  @Test func scoresAreKept() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "scores.json")
    #expect(AblationScores.kept(at: file, training: "these") == nil)
    let written = try scores(0.1 + 0.2, 0.9)
    try written.write(to: file)
    #expect(AblationScores.kept(at: file, training: "these") == written)
    #expect(AblationScores.kept(at: file, training: "others") == nil)
    try Data("{".utf8).write(to: file)
    #expect(AblationScores.kept(at: file, training: "these") == nil)
    #expect {
      try written.write(to: folder.appending(path: "missing/scores.json"))
    } throws: {
      guard case .notWritable? = ($0 as? PretrainingError)?.reason else { return false }
      return true
    }
  }
}
