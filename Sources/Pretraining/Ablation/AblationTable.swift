import Foundation

/// The scores of an ablation's arms over seeds, as tables.
package struct AblationTable {
  private let plan: AblationPlan
  private var scores: [AblationPlan.Arm: [UInt64: AblationScores]] = [:]

  /// Begins an empty table.
  ///
  /// - Parameter plan: its arms and seeds.
  package init(_ plan: AblationPlan) { self.plan = plan }

  /// Adds what one training came to.
  ///
  /// - Parameters:
  ///   - new: its scores.
  ///   - arm: its arm.
  ///   - seed: its seed.
  package mutating func add(_ new: AblationScores, arm: AblationPlan.Arm, seed: UInt64) {
    scores[arm, default: [:]][seed] = new
  }

  /// A column: one metric of one protocol on one task.
  private struct Column: Hashable {
    var protocolName: String
    var task: String
    var metric: String
    var metricName: String

    var title: String { "\(protocolName), \(task): \(metricName)" }
  }

  private var columns: [Column] {
    var found: [Column] = []
    for arm in plan.arms {
      for seed in plan.seeds {
        for score in scores[arm]?[seed]?.scores ?? [] {
          let column = Column(
            protocolName: score.protocolName,
            task: score.task,
            metric: score.metric,
            metricName: score.metricName
          )
          if !found.contains(column) { found.append(column) }
        }
      }
    }
    return found
  }

  /// One number per seed that an arm has it for.
  private func values(_ arm: AblationPlan.Arm, _ column: Column) -> [UInt64: Double] {
    (scores[arm] ?? [:]).compactMapValues { scores in
      scores.scores.first {
        $0.protocolName == column.protocolName && $0.task == column.task
          && $0.metric == column.metric
      }?.value
    }
  }

  /// One number of one training.
  package struct Row: Encodable, Equatable, Sendable {
    /// The loss.
    package var loss: String
    /// How batches were expanded.
    package var queue: String
    /// The seed.
    package var seed: UInt64
    /// The number.
    package var score: AblationScores.Score
    /// What the training took.
    package var cost: AblationScores.Cost
  }

  /// All numbers, arm by arm and seed by seed.
  package var rows: [Row] {
    plan.arms.flatMap { arm in
      plan.seeds.flatMap { seed in
        guard let found = scores[arm]?[seed] else { return [Row]() }
        return found.scores.map {
          Row(
            loss: arm.loss.rawValue,
            queue: arm.queue.rawValue,
            seed: seed,
            score: $0,
            cost: found.cost
          )
        }
      }
    }
  }

  /// One line per training and number.
  package var csv: String {
    let head = "loss,queue,seed,protocol,task,metric,value,seconds,peak_bytes"
    let lines = rows.map { row in
      "\(row.loss),\(row.queue),\(row.seed),\(row.score.protocolName),\(row.score.task),"
        + "\(row.score.metric),\(row.score.value),\(row.cost.seconds),"
        + (row.cost.peakBytes.map { "\($0)" } ?? "")
    }
    return ([head] + lines).joined(separator: "\n") + "\n"
  }

  /// Means with deviations, then paired differences; a cell of fewer numbers than there are trainings says
  /// of how many.
  package var markdown: String {
    let protocols = columns.reduce(into: [String]()) { names, column in
      let name = "\(column.protocolName), \(column.task)"
      if !names.contains(name) { names.append(name) }
    }
    return protocols.map { name in
      let own = columns.filter { "\($0.protocolName), \($0.task)" == name }
      return "### \(name)\n\n" + means(own) + "\n" + differences(own)
    }.joined(separator: "\n")
  }

  private func means(_ columns: [Column]) -> String {
    let head = ["Loss", "Queue", "Seeds"] + columns.map(\.metricName)
    let rows = plan.arms.map { arm in
      [
        arm.loss.rawValue, arm.queue.rawValue, "\(scores[arm]?.count ?? 0)",
      ]
        + columns.map {
          Self.summary(Array(values(arm, $0).values), of: scores[arm]?.count ?? 0)
        }
    }
    return Self.table(head, rows)
  }

  /// The pairs of arms that say what a part of the strategy brings.
  ///
  /// Of each way to expand the losses against InfoNCE, and weights against elimination alone; of each loss
  /// the ways to expand; and the whole strategy against InfoNCE without queue. InfoNCE's `on` takes the whole
  /// queue: what other losses make of the whole queue is compared with it.
  private var comparisons: [(from: AblationPlan.Arm, to: AblationPlan.Arm)] {
    let losses: [(ContrastiveLoss, ContrastiveLoss)] = [
      (.infoNCE, .softTargets), (.infoNCE, .elimination), (.infoNCE, .coupling),
      (.elimination, .coupling),
    ]
    let queues: [(AblationPlan.Queue, AblationPlan.Queue)] = [
      (.off, .on), (.off, .all), (.on, .all),
    ]
    let pairs: [(AblationPlan.Arm, AblationPlan.Arm)] =
      AblationPlan.Queue.allCases.flatMap { queue in
        losses.map { (.init(loss: $0.0, queue: queue), .init(loss: $0.1, queue: queue)) }
      }
      + plan.losses.flatMap { loss in
        queues.map { (.init(loss: loss, queue: $0.0), .init(loss: loss, queue: $0.1)) }
      }
      + [.elimination, .coupling].map {
        (.init(loss: .infoNCE, queue: .on), .init(loss: $0, queue: .all))
      }
      + [(.init(loss: .infoNCE, queue: .off), .init(loss: .coupling, queue: .on))]
    let arms = Set(plan.arms)
    return pairs.filter { arms.contains($0.0) && arms.contains($0.1) }
  }

  private func differences(_ columns: [Column]) -> String {
    let rows = comparisons.map { pair in
      ["\(pair.to.name) − \(pair.from.name)"]
        + columns.map { column in
          let (first, second) = (values(pair.from, column), values(pair.to, column))
          let trained = plan.seeds.filter {
            scores[pair.from]?[$0] != nil && scores[pair.to]?[$0] != nil
          }
          let seeds = trained.filter { first[$0] != nil && second[$0] != nil }
          let count = Self.count(seeds.count, of: trained.count)
          guard !seeds.isEmpty else { return count }
          let comparison = PairedComparison(
            seeds.compactMap { first[$0] },
            seeds.compactMap { second[$0] }
          )
          return [Self.text(comparison), count].filter { !$0.isEmpty }.joined(separator: " ")
        }
    }
    guard !rows.isEmpty else { return "" }
    return
      "Differences over the same seeds [95 % interval], p of the paired t-test, not corrected for the "
      + "number of comparisons:\n\n" + Self.table(["Difference"] + columns.map(\.metricName), rows)
  }

  /// Of how many trainings there is a number, where not of all.
  private static func count(_ found: Int, of trained: Int) -> String {
    found == trained ? "" : "(n = \(found))"
  }

  private static func summary(_ values: [Double], of trained: Int) -> String {
    let text = summary(values)
    return [text, count(values.count, of: trained)].filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func summary(_ values: [Double]) -> String {
    guard !values.isEmpty else { return "" }
    let count = Double(values.count)
    // In rising order: a dictionary's order differs from run to run, and sums with it.
    let sorted = values.sorted()
    let mean = sorted.reduce(0, +) / count
    guard values.count > 1 else { return number(mean) }
    let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return "\(number(mean)) ± \(number((squares / (count - 1)).squareRoot()))"
  }

  private static func text(_ comparison: PairedComparison) -> String {
    var text = (comparison.mean < 0 ? "−" : "+") + number(abs(comparison.mean))
    if let interval = comparison.interval {
      text += " [\(signed(interval.lowerBound)), \(signed(interval.upperBound))]"
    }
    if let p = comparison.pValue { text += p < 0.001 ? ", p < 0.001" : ", p = \(number(p))" }
    return text
  }

  private static func signed(_ value: Double) -> String {
    (value < 0 ? "−" : "+") + number(abs(value))
  }

  private static func number(_ value: Double) -> String { String(format: "%.3f", value) }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n") + "\n"
  }
}
